"""What arrays and columns are as they enter a kernel, and as they leave it; numbers for texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from engine.columns import text_keys
from engine.columns.column import Column
from engine.columns.types import type_of
from engine.kernels.columns.arrays import is_array, ready_array
from engine.kernels.columns.column import ColumnMemory, concatenated, writable
from engine.kernels.columns.take import no_row_where_missing, packed, take_rows, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "array_of_memory",
    "codes_of",
    "column_like",
    "column_of_texts",
    "ranks_of",
    "ready_inputs",
    "ready_key",
    "ready_sides",
    "ready_values",
]


def ready_key(keys: Any, name: str) -> Any:
    """An array or a column as kernels read keys: bool in bytes, texts as numbers."""
    if not isinstance(keys, Column):
        return ready_array(keys, name)
    return codes_of(keys) if keys.kind == "s" else unpacked(keys)


def ready_values(values: Any, name: str) -> Any:
    """An array or a column of anything but text as kernels read values."""
    if not isinstance(values, Column):
        return ready_array(values, name)
    if values.kind == "s":
        raise TypeError(f"{name} must be bool, numbers or timestamps, got {values.dtype}")
    return unpacked(values)


def ready_sides(left: Column, right: Column) -> tuple[ColumnMemory, ColumnMemory]:
    """The keys of two columns of one family; equal ones are the same, or the same number."""
    if family_of(left) != family_of(right):
        raise TypeError(f"keys must be of one family: left is {left.dtype}, right is {right.dtype}")
    if left.kind != "s":
        return unpacked(left), unpacked(right)
    codes = codes_of(concatenated([left, right]))
    return codes.between(0, len(left)), codes.between(len(left), len(codes))


def ready_inputs(columns: Sequence[Column]) -> tuple[list[ColumnMemory], Column | None]:
    """Columns of one type as kernels merge them; of texts their ranks, and the text of each rank."""
    if columns[0].kind != "s":
        return [unpacked(column) for column in columns], None
    ranks, texts = text_keys.ranks_of(Column(concatenated(list(columns))))
    borders = accumulate(map(len, columns), initial=0)
    return [ranks.between(start, stop) for start, stop in pairwise(borders)], texts


def column_of_texts(ranks: ColumnMemory, texts: Column) -> Column:
    """The text of each rank that a kernel has just made; missing where the rank is."""
    return Column(take_rows(texts, no_row_where_missing(ranks)))


def family_of(column: Column) -> str:
    """What can be compared: whole numbers and bool, floats, texts, timestamps of a unit, zoned or not."""
    if column.kind == "M":
        return f"timestamp[{column.unit}{'' if column.zone is None else ', zone'}]"
    return {"f": "float", "s": "string"}.get(column.kind, "whole")


def column_like(made: ColumnMemory, values: Column) -> Column:
    """What a kernel made of a column's values, with the unit and zone of the column if it is of times."""
    if made.kind == "M":
        return Column(made.as_times(values.unit, values.zone))
    return Column(packed(made))


def array_of_memory(made: ColumnMemory, dtype: Any) -> NDArray[Any]:
    """What a kernel has just made as an array, in place."""
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    return np.ndarray(len(made), dtype, writable(made))


def codes_of(texts: ColumnMemory) -> Column:
    """For each text its number, in the order in which they are first seen; missing where it is missing."""
    return text_keys.codes_of(Column(texts))[0]


def ranks_of(texts: ColumnMemory) -> Column:
    """Numbers that are in order where the texts are, by code points; missing where a text is missing."""
    return text_keys.ranks_of(Column(texts))[0]


def is_same_type(left: Any, right: Any) -> bool:
    """Whether two arrays or two columns are of one type."""
    if is_array(left) or is_array(right):
        return bool(left.dtype == right.dtype)
    return str(type_of(left)) == str(type_of(right))
