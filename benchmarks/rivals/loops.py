"""Plain Python: what a person writes without a library."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from typing import Any


def chunk_by(records: list[dict[str, Any]]) -> list[tuple[Any, list[Any]]]:
    runs: list[tuple[Any, list[Any]]] = []
    for record in records:
        key = record["tenant"]
        if runs and runs[-1][0] == key:
            runs[-1][1].append(record)
        else:
            runs.append((key, [record]))
    return runs


def iter_chunks(records: list[dict[str, Any]]) -> Iterator[tuple[Any, list[Any]]]:
    run: list[Any] = []
    key: Any = None
    for record in records:
        if run and record["tenant"] == key:
            run.append(record)
            continue
        if run:
            yield key, run
        key, run = record["tenant"], [record]
    if run:
        yield key, run


def group_by(records: list[dict[str, Any]]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for record in records:
        key = record["tenant"]
        if key in groups:
            groups[key].append(record)
        else:
            groups[key] = [record]
    return groups


def join(sides: tuple[list[dict[str, Any]], list[dict[str, Any]]], on: str) -> list[tuple[Any, Any]]:
    left, right = sides
    partners: dict[Any, list[Any]] = {}
    for record in right:
        partners.setdefault(record[on], []).append(record)
    pairs = []
    for record in left:
        for match in partners.get(record[on], ()):
            pairs.append((record, match))
    return pairs


def join_without_collector(sides: tuple[list[Any], list[Any]], on: str) -> list[tuple[Any, Any]]:
    gc.disable()
    try:
        return join(sides, on)
    finally:
        gc.enable()


def chain(records: list[dict[str, Any]]) -> int:
    total = 0
    for record in records:
        if record["age"] > 30 and record["tenant"] != "t7":
            doubled = record["age"] * 2 + 1
            if doubled % 3 != 0:
                total += doubled - 7
    return total


def kmerge(parts: list[list[Any]]) -> list[Any]:
    merged: list[Any] = []
    for part in parts:
        merged = _merge_two(merged, part)
    return merged


def _merge_two(left: list[Any], right: list[Any]) -> list[Any]:
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            out.append(right[j])
            j += 1
        else:
            out.append(left[i])
            i += 1
    return out + left[i:] + right[j:]


def run_starts(values: Any) -> list[int]:
    starts, previous = [], object()
    for position, value in enumerate(values.tolist()):
        if value != previous:
            starts.append(position)
            previous = value
    return starts


def join_keys(sides: tuple[Any, Any]) -> tuple[list[int], list[int]]:
    left, right = sides
    positions: dict[int, list[int]] = {}
    for position, key in enumerate(right.tolist()):
        positions.setdefault(key, []).append(position)
    lefts, rights = [], []
    for position, key in enumerate(left.tolist()):
        for match in positions.get(key, ()):
            lefts.append(position)
            rights.append(match)
    return lefts, rights


def run_sums(inputs: Any) -> list[Any]:
    sums: list[Any] = []
    previous: Any = object()
    for key, value in zip(inputs["keys"].tolist(), inputs["values"].tolist(), strict=True):
        if key == previous:
            sums[-1] += value
        else:
            sums.append(value)
            previous = key
    return sums


def lengths(inputs: Any) -> list[float]:
    a, b, c = (inputs[name].tolist() for name in "abc")
    return [math.sqrt(x * x + y * y) * 0.5 + z for x, y, z in zip(a, b, c, strict=True)]


def doubled_where_positive(inputs: Any) -> float:
    total = 0.0
    for a, b in zip(inputs["a"].tolist(), inputs["b"].tolist(), strict=True):
        if b > 0:
            total += a * 2.0
    return total


def tidied(texts: list[str]) -> list[str]:
    return [text.strip().lower() for text in texts]
