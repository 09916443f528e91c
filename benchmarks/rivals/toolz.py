"""cytoolz: the same jobs in Cython, by people who know how."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import cytoolz


def groupby(records: list[Any]) -> Any:
    return cytoolz.groupby("tenant", records)


def partitionby(records: list[Any]) -> list[tuple[Any, list[Any]]]:
    runs = cytoolz.partitionby(itemgetter("tenant"), records)
    return [(run[0]["tenant"], list(run)) for run in runs]


def join(sides: tuple[list[Any], list[Any]]) -> list[tuple[Any, Any]]:
    left, right = sides
    # It streams its right side; so the pairs come in the order of our left one.
    return [(mine, other) for other, mine in cytoolz.join("name", right, "name", left)]


def merge_sorted(parts: list[list[Any]]) -> list[Any]:
    return list(cytoolz.merge_sorted(*parts))
