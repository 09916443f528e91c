"""How values of any origin become the memory of a column: Arrow, NumPy, buffers, DLPack, Python values."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.columns.times import ticks_of
from engine.columns.types import ColumnType, parse_type, require_unit, type_of
from engine.kernels.columns import column_arrow, column_dlpack
from engine.kernels.columns.arrays import is_array
from engine.kernels.columns.column import ColumnMemory, is_buffer, memory_of_buffer
from engine.kernels.columns.column_values import memory_of_values
from engine.kernels.objects.place import brief

__all__ = ["memory_of_list", "read_arrow", "read_column"]

_NAMES = {
    "b": "bool",
    "i": "a whole number",
    "f": "a float",
    "s": "text",
    "M": "a datetime",
    "Z": "a datetime with a zone",
}


def read_column(values: Any, dtype: Any) -> ColumnMemory:
    """The memory of values, of the type `dtype` if one is given."""
    wanted = None if dtype is None else parse_type(dtype)
    memory = _read_typed(values)
    if memory is None:
        return memory_of_list(_listed(values), wanted)
    if wanted is not None and str(type_of(memory)) != str(wanted):
        raise TypeError(f"values must be of type {wanted}, got {type_of(memory)}; cast them first")
    return memory


def _read_typed(values: Any) -> ColumnMemory | None:
    """The memory of values that know their type; None for others."""
    if isinstance(values, ColumnMemory):
        return values
    if (read := read_arrow(values)) is not None:
        if isinstance(read, dict):
            raise TypeError(f"a column must be of one field, got a table of {len(read)}; Frame takes it")
        return read
    if is_array(values):
        return _read_array(values)
    if is_buffer(values):
        return memory_of_buffer(values, "values")
    if hasattr(values, "__dlpack__"):
        return column_dlpack.read_tensor(_lent_tensor(values))
    return None


def read_arrow(values: Any) -> ColumnMemory | dict[str, ColumnMemory] | None:
    """What the Arrow capsules of an object hold; None if it has no such capsules."""
    if isinstance(values, type):
        return None
    if hasattr(values, "__arrow_c_array__"):
        return column_arrow.read_array(*values.__arrow_c_array__())
    if hasattr(values, "__arrow_c_stream__"):
        return column_arrow.read_stream(values.__arrow_c_stream__())
    return None


def _lent_tensor(values: Any) -> Any:
    """The capsule of version 1 where the producer knows of versions."""
    try:
        return values.__dlpack__(max_version=(1, 0))
    except TypeError:
        return values.__dlpack__()


def _read_array(array: Any) -> ColumnMemory:
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    if array.dtype.kind not in "biufM":
        raise TypeError(f"an array must hold bool, whole numbers, floats or datetime64, got {array.dtype}")
    plain = np.ma.getdata(array)
    if array.dtype.kind == "M":
        unit = require_unit(np.datetime_data(array.dtype)[0])
        if np.datetime_data(array.dtype)[1] != 1:
            raise TypeError(f"datetime64 must be of single units, got {array.dtype}")
        memory = memory_of_buffer(plain.view(f"{array.dtype.byteorder}i8"), "an array").as_times(unit, None)
    else:
        memory = memory_of_buffer(plain, "an array")
    if isinstance(array, np.ma.MaskedArray) and array.mask is not np.ma.nomask:
        return memory.without(np.ascontiguousarray(array.mask))
    return memory


def _listed(values: Any) -> list[Any]:
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise TypeError(f"a column must be made of an iterable of values, got {brief(values)}")
    return list(values)


def memory_of_list(values: list[Any], wanted: ColumnType | None) -> ColumnMemory:
    """The memory of Python values, of the type that all of them have if none is given."""
    kind = wanted or _infer(values)
    if kind.kind == "M":
        ticks = memory_of_values(ticks_of(values, kind), "i", 8, str(kind))
        return ticks.as_times(kind.unit, kind.zone)
    return memory_of_values(values, kind.kind, kind.item_size, str(kind))


def _infer(values: list[Any]) -> ColumnType:
    families = dict.fromkeys(_family(type(value)) for value in values if value is not None)
    families.pop("M", None)
    if len(families) == 0 and any(value is not None for value in values):
        return _infer_times(values)
    if not families:
        raise TypeError("dtype must be given where there are no values but None to see it from")
    if set(families) == {"i", "f"}:
        return parse_type(float)
    _require_one(values, lambda value: _family(type(value)))
    return parse_type({"b": bool, "i": int, "f": float, "s": str}[next(iter(families))])


def _infer_times(values: list[Any]) -> ColumnType:
    family = _require_one(values, lambda value: "M" if value.utcoffset() is None else "Z")
    return ColumnType("M", 8, "us", None if family == "M" else "UTC")


def _require_one(values: list[Any], family: Callable[[Any], str]) -> str:
    """The family that all values have; the first that has another, and its row, are named."""
    rows = [(row, value) for row, value in enumerate(values) if value is not None]
    first, one = rows[0]
    for row, value in rows:
        if family(value) not in _NAMES:
            raise TypeError(f"row {row} must be bool, a number, text or a datetime, got {brief(value)}")
        if family(value) != family(one):
            raise TypeError(f"row {row} must be {_NAMES[family(one)]} like row {first}, got {brief(value)}")
    return family(one)


def _family(kind: type) -> str:
    """b, i, f, s or M; the name of the class for one that no column has."""
    if issubclass(kind, bool):
        return "b"
    if issubclass(kind, numbers.Integral):
        return "i"
    if issubclass(kind, numbers.Real) and not issubclass(kind, numbers.Rational):
        return "f"
    if issubclass(kind, str):
        return "s"
    return "M" if issubclass(kind, datetime) else kind.__name__
