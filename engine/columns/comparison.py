"""Comparisons of an expression over columns: exact between all numbers, whatever their types."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from engine.columns.programs import Operation
from engine.columns.promotion import BOOL, F32, register_of, width_of
from engine.columns.terms import Term, Terms
from engine.columns.types import ColumnType
from engine.errors import PlanError

__all__ = ["NAMES", "TURNED", "compared", "is_among", "ticks_between"]

NAMES = {
    "<": "Less",
    "<=": "LessEqual",
    ">": "Greater",
    ">=": "GreaterEqual",
    "==": "Equal",
    "!=": "NotEqual",
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_TICKS = {"s": Fraction(1), "ms": Fraction(1000), "us": Fraction(10**6), "ns": Fraction(10**9)}
_RANGES = {"i64": (-(2**63), 2**63 - 1), "u64": (0, 2**64 - 1)}


def compared(terms: Terms, sign: str, left: Term, right: Term, text: str) -> Term:
    """A bool for each row; missing where a side is."""
    if left.kind is None or right.kind is None:
        raise PlanError(f"{text} compares with None; use is_none()")
    if left.is_constant and not right.is_constant:
        return compared(terms, TURNED[sign], right, left, text)
    if {left.kind.kind, right.kind.kind} & {"s", "M"}:
        _require_alike(left.kind, right.kind, text)
    valid = terms.validity(left, right)
    if right.is_constant and not left.is_constant:
        return _with_constant(terms, sign, left, right, text)._replace(valid=valid)
    return _of_two(terms, sign, left, right, text)._replace(valid=valid)


def _require_alike(left: ColumnType, right: ColumnType, text: str) -> None:
    if "s" in (left.kind, right.kind):
        raise TypeError(f"{text} must compare texts with texts, got {left} and {right}")
    if left.kind != right.kind or (left.zone is None) != (right.zone is None):
        raise TypeError(f"{text} must compare timestamps of one kind, got {left} and {right}")


def _of_two(terms: Terms, sign: str, left: Term, right: Term, text: str) -> Term:
    a, b = register_of(left.kind), register_of(right.kind)  # type: ignore[arg-type]  # not None
    if left.kind.kind == "M" and left.kind.unit != right.kind.unit:  # type: ignore[union-attr]  # not None
        raise TypeError(f"{text} must compare timestamps of one unit, got {left.kind} and {right.kind}")
    for first, second, turned in ((a, b, sign), (b, a, TURNED[sign])):
        if f"{first} {second}" in {"i64 f64", "u64 f64", "i64 u64"} and not _is_narrow(left, right, second):
            sides = (left, right) if turned == sign else (right, left)
            if turned == sign and first != a:
                sides = (right, left)
            numbers = [
                terms.in_register(side, name, text)
                for side, name in zip(sides, (first, second), strict=True)
            ]
            return terms.result(f"{NAMES[turned]} {first} {second}", BOOL, None, *numbers)
    shared = a if a == b and a != "bool" else _shared(a, b)
    return _ordered(
        terms, sign, shared, terms.in_register(left, shared, text), terms.in_register(right, shared, text)
    )


def _is_narrow(left: Term, right: Term, second: str) -> bool:
    """Whether the whole number of a mixed pair fits a float exactly."""
    whole = left.kind if left.kind.kind in "iub" else right.kind  # type: ignore[union-attr]  # not None
    return second == "f64" and whole.item_size < width_of(second)  # type: ignore[union-attr]  # not None


def _shared(a: str, b: str) -> str:
    if "f64" in (a, b) or "f32" in (a, b):
        return "f64"
    return "u64" if "u64" in (a, b) else "i64"


def _ordered(terms: Terms, sign: str, register: str, a: int, b: int) -> Term:
    if sign in {">", ">="}:
        sign, a, b = TURNED[sign], b, a
    return terms.result(f"{NAMES[sign]} {register}", BOOL, None, a, b)


def _with_constant(terms: Terms, sign: str, left: Term, right: Term, text: str) -> Term:
    kind: ColumnType = left.kind  # type: ignore[assignment]  # not None
    value = right.constant
    if kind.kind == "M":
        value = ticks_between(value, kind)
    if kind.kind == "f":
        return _real_with_constant(terms, sign, left, value, text)
    register = "i64" if kind.kind == "b" else register_of(kind)
    return _whole_with_constant(terms, sign, left, value, register)


def _whole_with_constant(terms: Terms, sign: str, left: Term, value: Any, register: str) -> Term:
    """A whole number beside any number: the nearest whole one on the right side of it says the same."""
    low, high = _RANGES[register]
    if value != value:  # noqa: PLR0124 (only NaN differs from itself)
        return _always(terms, sign == "!=")
    if value in (math.inf, -math.inf):
        value = high + 1 if value > 0 else low - 1
    whole = math.floor(value)
    if whole != value:
        if sign in {"==", "!="}:
            return _always(terms, sign == "!=")
        sign = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}[sign]
    if whole > high:
        return _always(terms, sign in {"<", "<=", "!="})
    if whole < low:
        return _always(terms, sign in {">", ">=", "!="})
    return _ordered(
        terms, sign, register, terms.in_register(left, register), terms.constant(whole, register)
    )


def _always(terms: Terms, answer: bool) -> Term:  # noqa: FBT001 (the answer itself)
    return Term(BOOL, terms.constant(answer, "bool"))


def _real_with_constant(terms: Terms, sign: str, left: Term, value: Any, text: str) -> Term:
    try:
        real = float(value)
    except OverflowError:
        real = math.inf if value > 0 else -math.inf
    if real == real and real != value:  # noqa: PLR0124 (only NaN differs from itself)
        if sign in {"==", "!="}:
            real = math.nan
        elif real > value:
            sign = {"<": "<", "<=": "<", ">": ">=", ">=": ">="}[sign]
        else:
            sign = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}[sign]
    # A constant that f32 can hold is compared there.
    narrow = left.kind == F32 and (real != real or _fits_f32(real))  # noqa: PLR0124 (NaN)
    register = "f32" if narrow else "f64"
    return _ordered(
        terms, sign, register, terms.in_register(left, register, text), terms.constant(real, register)
    )


def _fits_f32(real: float) -> bool:
    try:
        return bool(struct.unpack("f", struct.pack("f", real))[0] == real)
    except OverflowError:
        return False


def ticks_between(value: datetime, kind: ColumnType) -> Fraction:
    """A datetime in ticks since 1970, with the part of a tick that is over."""
    since = value.replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001 (both without a zone)
    if (offset := value.utcoffset()) is not None:
        since -= offset
    return Fraction(since // timedelta(microseconds=1), 10**6) * _TICKS[kind.unit]


def is_among(terms: Terms, left: Term, values: Iterable[Any], text: str) -> Term:
    """Whether a value is one of some; None and values of other kinds are none of them, as NaN is."""
    kind = left.kind
    if kind is None or kind.kind == "s" or left.is_constant:
        raise TypeError(f"{text} must look for numbers or timestamps, got {kind}")
    register = "f64" if kind.kind == "f" else ("i64" if kind.kind == "b" else register_of(kind))
    found = sorted({each for value in values if (each := _wanted(value, kind, register)) is not None})
    if not found:
        return _always(terms, answer=False)._replace(valid=left.valid)
    pool = struct.pack(f"={len(found)}{ {'f64': 'd', 'i64': 'q', 'u64': 'Q'}[register] }", *found)
    number = terms.add(Operation(f"is_in {register}", (terms.in_register(left, register),), 1, pool=pool))
    return Term(BOOL, number, left.valid)


def _wanted(value: Any, kind: ColumnType, register: str) -> Any:
    if kind.kind == "M":
        if not isinstance(value, datetime) or (value.utcoffset() is None) != (kind.zone is None):
            return None
        value = ticks_between(value, kind)
    elif not isinstance(value, int | float):
        return None
    if register == "f64":
        try:
            return float(value) if float(value) == value else None
        except OverflowError:
            return None
    if value in (math.inf, -math.inf) or value != value or math.floor(value) != value:  # noqa: PLR0124 (NaN)
        return None
    low, high = _RANGES[register]
    return math.floor(value) if low <= value <= high else None
