"""What is said of a row that has no result."""

from __future__ import annotations

import struct
from typing import NoReturn

__all__ = ["raise_fault"]

_SIGNS = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "FloorDivide": "//", "Remainder": "%", "Power": "**",
    "ShiftLeft": "<<", "ShiftRight": ">>",
}  # fmt: skip


def raise_fault(texts: list[tuple[str, str]], fault: tuple[int, int, int, int]) -> NoReturn:
    """Names the row, the part of the expression, the values and what was expected.

    Raises:
        ZeroDivisionError: a division by zero.
        ValueError: a whole number to a power below zero, or shifted by one.
        OverflowError: the result does not fit.
    """
    row, step, left_bits, right_bits = fault
    name, text = texts[step]
    verb = name.partition(" ")[0]
    left, right = _whole(left_bits), _whole(right_bits)
    place = f"row {row} of {text}"
    if verb in {"FloorDivide", "Remainder"} and right == 0:
        raise ZeroDivisionError(f"{place} must not divide by zero, got {left} {_SIGNS[verb]} 0")
    if verb in {"Power", "ShiftLeft", "ShiftRight"} and right < 0:
        raise ValueError(f"{place} must not have a negative right side, got {left} {_SIGNS[verb]} {right}")
    if verb in _SIGNS:
        raise OverflowError(f"{place} must fit i64, got {left} {_SIGNS[verb]} {right}")
    value = struct.unpack("<d", left_bits.to_bytes(8, "little"))[0] if name.startswith("f64 to ") else left
    if name == "u64 to i64":
        value = left_bits
    raise OverflowError(f"{place} must fit its type, got {value}")


def _whole(bits: int) -> int:
    return bits - 2**64 if bits >= 2**63 else bits
