"""cytoolz: the same jobs in Cython, by people who know how. Results are left as it gives them."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import cytoolz
from cytoolz import curried

from benchmarks.rivals import lambdas


def groupby(records: list[Any]) -> Any:
    return cytoolz.groupby("tenant", records)


def partitionby(records: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Runs without their keys."""
    runs: Iterator[tuple[Any, ...]] = cytoolz.partitionby(itemgetter("tenant"), records)
    return runs


def join(sides: tuple[list[Any], list[Any]], on: str) -> list[tuple[Any, Any]]:
    """(right, left), in the order of our left side: it streams its second sequence and holds its first."""
    left, right = sides
    return list(cytoolz.join(on, right, on, left))


def merge_sorted(parts: list[list[Any]]) -> list[Any]:
    return list(cytoolz.merge_sorted(*parts))


def merge_sorted_by_name(parts: list[list[Any]]) -> list[Any]:
    return list(cytoolz.merge_sorted(*parts, key=itemgetter("name")))


def pipe(records: list[Any]) -> Any:
    return cytoolz.pipe(
        records,
        curried.filter(lambdas.is_grown_up),
        curried.filter(lambdas.is_not_t7),
        curried.map(lambdas.doubled_age),
        curried.filter(lambdas.is_no_third),
        curried.map(lambdas.less_seven),
        sum,
    )


def composed(steps: tuple[Any, ...], numbers: list[int]) -> list[int]:
    function = cytoolz.compose(*reversed(steps))
    return [function(number) for number in numbers]
