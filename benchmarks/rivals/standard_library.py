"""itertools, heapq, sorted, concurrent.futures."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from typing import Any


def groupby_lists(records: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    return ((key, list(run)) for key, run in itertools.groupby(records, key=itemgetter("tenant")))


def defaultdict_groups(records: list[Any]) -> dict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for record in records:
        groups[record["tenant"]].append(record)
    return groups


def heapq_merge(parts: list[list[Any]]) -> list[Any]:
    return list(heapq.merge(*parts))


def heapq_merge_by_name(parts: list[list[Any]]) -> list[Any]:
    return list(heapq.merge(*parts, key=itemgetter("name")))


def sorted_concatenation(parts: list[list[Any]]) -> list[Any]:
    return sorted(itertools.chain.from_iterable(parts))


def sorted_concatenation_by_name(parts: list[list[Any]]) -> list[Any]:
    return sorted(itertools.chain.from_iterable(parts), key=itemgetter("name"))


def sorted_by_name(records: list[Any]) -> list[Any]:
    return sorted(records, key=itemgetter("name"))


def ten_largest_by_score(records: list[Any]) -> list[Any]:
    return heapq.nlargest(10, records, key=itemgetter("score"))


def thread_pool_map(work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, items))
