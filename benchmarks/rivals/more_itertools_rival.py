"""more-itertools: itertools' recipes and many more, in Python; no merge of sorted inputs, no join."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import more_itertools


def split_when(records: list[Any]) -> Iterator[list[Any]]:
    """Runs without their keys."""
    return more_itertools.split_when(records, lambda a, b: a["tenant"] != b["tenant"])


def map_reduce(records: list[Any]) -> Any:
    return more_itertools.map_reduce(records, keyfunc=itemgetter("tenant"))


def unique_everseen(records: list[Any]) -> list[Any]:
    return list(more_itertools.unique_everseen(records, key=itemgetter("tenant")))


def unique_justseen(records: list[Any]) -> list[Any]:
    return list(more_itertools.unique_justseen(records, key=itemgetter("tenant")))
