"""Rows of columns: which a mask keeps, in what order keys bring them, which are the first of their kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.columns.column import Column
from engine.columns.keys import ranks_of, ready_key, ready_sides
from engine.errors import PlanError
from engine.kernels.columns import group
from engine.kernels.columns import join as _join
from engine.kernels.columns.column import ColumnMemory
from engine.kernels.columns.order import sort_rows
from engine.kernels.columns.take import identity_rows, kept_rows, take_rows, unpacked

__all__ = ["joined_rows", "number_rows", "rows_of", "rows_of_mask", "sorted_rows", "taken"]

_NULLS = ("last", "first")


def taken(column: Column, rows: ColumnMemory) -> Column:
    """The values of these rows; a copy."""
    return Column(take_rows(column, rows))


def rows_of(rows: Any, size: int) -> Column:
    """Row numbers as a caller gives them: whole numbers from 0, or missing for a missing row.

    Raises:
        TypeError: not a column, array or iterable of 64-bit whole numbers.
        IndexError: a row below 0.
    """
    numbers = Column(rows, "i64")
    if numbers.null_count:
        numbers = Column([-1 if row is None else _require_row(row, size) for row in numbers], "i64")
    elif len(numbers) and (least := min(memoryview(numbers))) < 0:
        raise IndexError(f"rows must be within 0 to {size - 1}, got {least}")
    return numbers


def _require_row(row: int, size: int) -> int:
    if row < 0:
        raise IndexError(f"rows must be within 0 to {size - 1}, got {row}")
    return row


def rows_of_mask(mask: Any, size: int) -> ColumnMemory:
    """The rows where a mask of bool is true; a missing bool keeps nothing."""
    column = Column(mask)
    if column.kind != "b":
        raise TypeError(f"a mask must be of type bool, got {column.dtype}")
    if len(column) != size:
        raise PlanError(f"a mask must have {size} values, got {len(column)}")
    return kept_rows(column)


def sorted_rows(
    keys: Sequence[Column], size: int, *, descending: Sequence[bool], nulls: str
) -> ColumnMemory:
    """The rows in the order of several keys, the first deciding first; stable, also when descending."""
    if nulls not in _NULLS:
        raise PlanError(f"nulls must be one of {', '.join(_NULLS)}, got {nulls!r}")
    rows = identity_rows(size)
    for key, falls in reversed(list(zip(keys, descending, strict=True))):
        ready = ranks_of(key) if key.kind == "s" else unpacked(key)
        sort_rows(ready, rows, descending=falls, nulls_first=nulls == "first")
    return rows


def number_rows(keys: Sequence[Column]) -> tuple[ColumnMemory, ColumnMemory]:
    """The number of each row's group by all keys together, and the first row of each group."""
    ids, firsts = group.number_groups(ready_key(keys[0], "keys"))
    for key in keys[1:]:
        others, found = group.number_groups(ready_key(key, "keys"))
        group.pair_codes(ids, others, len(found))
        ids, firsts = group.number_groups(ids)
    return ids, firsts


def joined_rows(
    left: Sequence[Column], right: Sequence[Column], how: str
) -> tuple[ColumnMemory, ColumnMemory]:
    """The row numbers of a join by all keys together; -1 where a side is missing."""
    if how not in _join.KINDS:
        raise PlanError(f"how must be one of {', '.join(_join.KINDS)}, got {how!r}")
    if len(left) == 1:
        return _join.join_rows(*ready_sides(left[0], right[0]), how)
    left_codes, right_codes, _ = group.number_sides(*ready_sides(left[0], right[0]))
    for left_key, right_key in zip(left[1:], right[1:], strict=True):
        left_others, right_others, count = group.number_sides(*ready_sides(left_key, right_key))
        group.pair_codes(left_codes, left_others, count)
        group.pair_codes(right_codes, right_others, count)
        left_codes, right_codes, _ = group.number_sides(*_present(left_codes, right_codes))
    return _join.join_rows(left_codes, right_codes, how)


def _present(left: ColumnMemory, right: ColumnMemory) -> tuple[ColumnMemory, ColumnMemory]:
    """Codes below 0 made missing again, before they are numbered anew."""
    return group.with_least(left, left, 0), group.with_least(right, right, 0)
