"""itertools, heapq, sorted, concurrent.futures."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from typing import Any


def groupby_lists(records: list[Any]) -> list[tuple[Any, list[Any]]]:
    return [(key, list(run)) for key, run in itertools.groupby(records, key=itemgetter("tenant"))]


def heapq_merge(parts: list[list[Any]]) -> list[Any]:
    return list(heapq.merge(*parts))


def sorted_concatenation(parts: list[list[Any]]) -> list[Any]:
    return sorted(itertools.chain.from_iterable(parts))


def thread_pool_map(work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, items))
