"""The types a column can have: their names, Arrow's formats for them, and what they are in NumPy."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from engine.kernels.columns.column import ColumnMemory
from engine.kernels.objects.place import brief

__all__ = ["ColumnType", "parse_type", "type_of"]

_UNITS = ("s", "ms", "us", "ns")
_TIMESTAMP = re.compile(r"timestamp\[(s|ms|us|ns)(?:, *(.+))?\]")
_EXPECTED = (
    "bool, i8 to i64, u8 to u64, f32, f64, string, timestamp[us] or timestamp[us, UTC] (s, ms, us, ns)"
)


class ColumnType(NamedTuple):
    """kind is b, i, u, f, M (timestamps) or s (text); item_size in bytes, of text that of an offset."""

    kind: str
    item_size: int
    unit: str = ""
    zone: str | None = None

    def __str__(self) -> str:
        if self.kind == "M":
            return (
                f"timestamp[{self.unit}]" if self.zone is None else f"timestamp[{self.unit}, {self.zone}]"
            )
        return {"b": "bool", "s": "string"}.get(self.kind, f"{self.kind}{8 * self.item_size}")

    @property
    def arrow(self) -> str:
        """The format string of the Arrow C data interface."""
        if self.kind == "M":
            return f"ts{self.unit[0]}:{self.zone or ''}"
        return _ARROW[self.kind, self.item_size]

    @property
    def numpy(self) -> str:
        """The dtype that holds the same values; a zone is left out, ticks stay in UTC."""
        if self.kind == "M":
            return f"M8[{self.unit}]"
        return {"b": "?", "s": "O"}.get(self.kind, f"{self.kind}{self.item_size}")


_ARROW = {
    ("i", 1): "c", ("i", 2): "s", ("i", 4): "i", ("i", 8): "l",
    ("u", 1): "C", ("u", 2): "S", ("u", 4): "I", ("u", 8): "L",
    ("f", 4): "f", ("f", 8): "g", ("b", 1): "b", ("s", 4): "u", ("s", 8): "U",
}  # fmt: skip
_NUMBERS = [ColumnType(kind, size) for kind, size in _ARROW if kind in "iuf"]
_LONG_NAMES = {"i": "int", "u": "uint", "f": "float"}
_TYPES: dict[object, ColumnType] = {
    **{str(number): number for number in _NUMBERS},
    **{f"{_LONG_NAMES[number.kind]}{8 * number.item_size}": number for number in _NUMBERS},
    "bool": ColumnType("b", 1),
    "string": ColumnType("s", 4),
    bool: ColumnType("b", 1),
    int: ColumnType("i", 8),
    float: ColumnType("f", 8),
    str: ColumnType("s", 4),
    datetime: ColumnType("M", 8, "us"),
}


def parse_type(dtype: Any) -> ColumnType:
    """The type of a name such as "i64", "int64" or "timestamp[ms, UTC]", or of int, str and so on.

    Raises:
        TypeError: there is no such type.

    >>> str(parse_type("int32")), str(parse_type("timestamp[ms, UTC]"))
    ('i32', 'timestamp[ms, UTC]')
    """
    if isinstance(dtype, ColumnType):
        return dtype
    if isinstance(dtype, str) and (found := _TIMESTAMP.fullmatch(dtype)):
        return ColumnType("M", 8, found[1], found[2])
    if isinstance(dtype, str | type) and dtype in _TYPES:
        return _TYPES[dtype]
    raise TypeError(f"dtype must be {_EXPECTED}, got {brief(dtype)}")


def type_of(memory: ColumnMemory) -> ColumnType:
    return ColumnType(memory.kind, memory.item_size, memory.unit, memory.zone)


def require_unit(unit: str) -> str:
    """The unit of ticks, if a column can have it."""
    if unit not in _UNITS:
        raise TypeError(f"timestamps must be of the unit s, ms, us or ns, got {unit}")
    return unit
