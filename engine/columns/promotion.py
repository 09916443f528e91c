"""The table of types: what a value of an expression is in memory, and what two of them have in common."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

from engine.columns.types import ColumnType
from engine.kernels.objects.place import brief

__all__ = [
    "BOOL",
    "F32",
    "F64",
    "I64",
    "bits_of",
    "constant_type",
    "limits_of",
    "real_of",
    "register_of",
    "shared_type",
    "width_of",
]

BOOL = ColumnType("b", 1)
I64 = ColumnType("i", 8)
F32 = ColumnType("f", 4)
F64 = ColumnType("f", 8)

_FORMS = {"f64": "<d", "f32": "<f", "i64": "<q", "u64": "<Q", "bool": "<B"}


def register_of(kind: ColumnType) -> str:
    """In which form values are computed: narrow whole numbers in 64 bits, timestamps as their ticks."""
    if kind.kind == "f":
        return f"f{8 * kind.item_size}"
    if kind.kind == "b":
        return "bool"
    return "u64" if kind == ColumnType("u", 8) else "i64"


def width_of(register: str) -> int:
    """The bytes of a value in a register."""
    return struct.calcsize(_FORMS[register])


def bits_of(value: Any, register: str) -> int:
    """A constant as the bits of a register.

    Raises:
        OverflowError: a whole number does not fit.
    """
    try:
        packed = struct.pack(_FORMS[register], value)
    except (struct.error, OverflowError):
        if register == "f32":
            return bits_of(float("inf") if value > 0 else float("-inf"), register)
        raise OverflowError(f"a constant must fit {register}, got {brief(value)}") from None
    return int.from_bytes(packed, "little")


def limits_of(kind: ColumnType) -> tuple[int, int]:
    """The least and the greatest whole number of a type."""
    bits = 8 * kind.item_size
    return (0, 2**bits - 1) if kind.kind == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def constant_type(value: object) -> ColumnType | None:
    """The type of a Python value that stands in an expression; None for one that no column can hold."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return I64
    if isinstance(value, float):
        return F64
    if isinstance(value, str):
        return ColumnType("s", 4)
    if isinstance(value, datetime):
        return ColumnType("M", 8, "us", None if value.utcoffset() is None else "UTC")
    return None


def real_of(left: ColumnType, right: ColumnType, *, weak_left: bool, weak_right: bool) -> ColumnType:
    """The float in which two numbers meet: f32 where all that are columns are f32."""
    strong = [kind for kind, weak in ((left, weak_left), (right, weak_right)) if not weak]
    return F32 if strong and all(kind == F32 for kind in strong) else F64


def shared_type(
    left: ColumnType, right: ColumnType, *, weak_left: bool, weak_right: bool
) -> ColumnType | None:
    """The type of a choice between two: their own if it is one, else a number that holds both, or None."""
    if left == right:
        return left
    if not {left.kind, right.kind} <= set("biuf"):
        return None
    if "f" in (left.kind, right.kind):
        return real_of(left, right, weak_left=weak_left, weak_right=weak_right)
    return I64
