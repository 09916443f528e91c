"""Arithmetic, logic and choices of an expression over columns; decision 27 has the table of rules."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from engine.columns.comparison import compared, ticks_between
from engine.columns.programs import Operation
from engine.columns.promotion import BOOL, F32, F64, I64, limits_of, real_of, register_of, shared_type
from engine.columns.terms import Term, Terms
from engine.columns.types import ColumnType, parse_type
from engine.errors import PlanError

__all__ = ["calculated", "cast_to", "chosen", "extreme", "filled", "joined", "of_one", "require_numbers"]

_NAMES = {
    "+": "Add", "-": "Subtract", "*": "Multiply", "/": "Divide", "//": "FloorDivide", "%": "Remainder",
    "**": "Power", "&": "And", "|": "Or", "^": "Xor", "<<": "ShiftLeft", ">>": "ShiftRight",
}  # fmt: skip
_OF_BITS = frozenset({"&", "|", "^", "<<", ">>"})
_WHOLE = frozenset("biu")
_U64 = ColumnType("u", 8)


def require_numbers(text: str, *operands: Term) -> None:
    """Refuses what is no number or bool."""
    for term in operands:
        if term.kind is None or term.kind.kind not in "biuf":
            raise TypeError(f"{text} must be of numbers, got {'None' if term.kind is None else term.kind}")


def calculated(terms: Terms, sign: str, left: Term, right: Term, text: str) -> Term:
    """The result of an operator on two values; missing where one is."""
    if _is_time(left) or _is_time(right):
        return _moved(terms, sign, left, right, text)
    require_numbers(text, left, right)
    valid = terms.validity(left, right)
    if sign in "&|^" and left.kind == right.kind == BOOL:
        if sign != "^":
            return joined(terms, sign, left, right, text)
        return terms.result("Xor bool", BOOL, valid, terms.truth(left, text), terms.truth(right, text))
    kinds = (left.kind, right.kind)
    if {kind.kind for kind in kinds if kind} <= _WHOLE and sign != "/" and not _is_fraction(sign, right):
        left, right = left._replace(valid=valid), right._replace(valid=valid)
        numbers = (terms.whole(left, text), terms.whole(right, text))
        return terms.result(
            f"{_NAMES[sign]} i64", I64, valid, *numbers, text=text, checked=sign not in "&|^"
        )
    if sign in _OF_BITS:
        raise TypeError(f"{text} must be of whole numbers, got {left.kind} and {right.kind}")
    kind = real_of(*kinds, weak_left=left.is_constant, weak_right=right.is_constant)  # type: ignore[arg-type]  # numbers
    register = register_of(kind)
    numbers = (terms.in_register(left, register, text), terms.in_register(right, register, text))
    return terms.result(f"{_NAMES[sign]} {register}", kind, valid, *numbers)


def _is_fraction(sign: str, right: Term) -> bool:
    """A constant power below zero gives floats, as in Python."""
    return sign == "**" and right.is_constant and right.constant < 0


def _is_time(term: Term) -> bool:
    return (term.kind is not None and term.kind.kind == "M") or isinstance(term.constant, timedelta)


def _moved(terms: Terms, sign: str, left: Term, right: Term, text: str) -> Term:
    """A timestamp and a constant timedelta, of whole ticks."""
    if sign == "+" and isinstance(left.constant, timedelta):
        left, right = right, left
    if sign not in "+-" or left.is_constant or not isinstance(right.constant, timedelta):
        kinds = " and ".join(
            type(t.constant).__name__ if t.is_constant else str(t.kind) for t in (left, right)
        )
        raise TypeError(
            f"{text} must be a timestamp and a constant timedelta to add or subtract, got {kinds}"
        )
    kind: ColumnType = left.kind  # type: ignore[assignment]  # a column
    ticks = Fraction(right.constant // timedelta(microseconds=1), 10**6) * _ticks_of(kind)
    if ticks.denominator != 1:
        raise ValueError(f"{text} must move by whole ticks of {kind}, got {right.constant}")
    number = terms.constant(int(ticks), "i64")
    return terms.result(
        f"{_NAMES[sign]} i64", kind, left.valid, terms.whole(left, text), number, text=text, checked=True
    )


def _ticks_of(kind: ColumnType) -> int:
    return {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]


def of_one(terms: Terms, name: str, term: Term, text: str) -> Term:
    """The result of an operation on one value."""
    if name in {"not", "~"} and term.kind == BOOL:
        return terms.result("Not bool", BOOL, term.valid, terms.truth(term, text))
    require_numbers(text, term)
    if name == "not":
        return compared(terms, "==", term, Term(I64, constant=0), text)
    if name in {"Root", "Exponential", "Logarithm"}:
        kind = F32 if term.kind == F32 else F64
    else:
        kind = I64 if term.kind is None or term.kind.kind != "f" else term.kind
    register = register_of(kind)
    number = terms.in_register(term, register, text)
    if name == "+":
        return Term(kind, number, term.valid)
    if name == "Round":
        return _rounded(terms, term, number, register, text)
    if kind == I64 and name in {"-", "Magnitude"}:
        read = (terms.constant(0, "i64"), number) if name == "-" else (number,)
        return terms.result(
            "Subtract i64" if name == "-" else "Magnitude i64",
            I64,
            term.valid,
            *read,
            text=text,
            checked=True,
        )
    if name == "~" and kind != I64:
        raise TypeError(f"{text} must be of whole numbers or bool, got {term.kind}")
    verb = {"-": "Negate", "~": "Invert"}.get(name, name)
    return terms.result(f"{verb} {register}", kind, term.valid, number)


def _rounded(terms: Terms, term: Term, number: int, register: str, text: str) -> Term:
    if register == "i64":
        return Term(I64, number, term.valid)
    rounded = terms.result(f"Round {register}", F32 if register == "f32" else F64, term.valid, number)
    return Term(I64, terms.whole(rounded, text), term.valid)


def joined(terms: Terms, sign: str, left: Term, right: Term, text: str) -> Term:
    """And, or of two bools, as SQL has it: missing only where what is there does not decide."""
    a, b = terms.truth(left, text), terms.truth(right, text)
    number = terms.add(Operation("And bool" if sign == "&" else "Or bool", (a, b), 1))
    if left.valid is None and right.valid is None:
        return Term(BOOL, number)
    valid = terms.both(left.valid, right.valid)
    for term, known in ((left, a), (right, b)):
        valid = terms.either(valid, terms.both(terms.turned(known) if sign == "&" else known, term.valid))
    return Term(BOOL, number, valid)


def _common(left: Term, right: Term, text: str) -> ColumnType:
    if left.kind is None or right.kind is None:
        if left.kind is None and right.kind is None:
            raise TypeError(f"{text} must have a side other than None")
        return left.kind or right.kind  # type: ignore[return-value]  # one is there
    for one, other in ((left, right), (right, left)):
        if one.is_constant and not other.is_constant and _fits(one, other.kind):  # type: ignore[arg-type]  # a column
            return other.kind  # type: ignore[return-value]  # a column
    kind = shared_type(left.kind, right.kind, weak_left=left.is_constant, weak_right=right.is_constant)
    if kind is None or kind.kind == "s":
        raise TypeError(f"{text} must choose between values of one kind, got {left.kind} and {right.kind}")
    return kind


def _fits(constant: Term, kind: ColumnType) -> bool:
    """Whether a constant is a value of the type."""
    value = constant.constant
    if kind.kind in "iu":
        low, high = limits_of(kind)
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    if kind.kind == "M" and constant.kind and constant.kind.kind == "M":
        return (constant.kind.zone is None) == (kind.zone is None) and ticks_between(
            value, kind
        ).denominator == 1
    return False


def _as_kind(terms: Terms, term: Term, kind: ColumnType, text: str) -> int:
    """The value in the register of a type; of None whatever, since it is missing."""
    if term.kind is None:
        return terms.constant(0, register_of(kind))
    if term.is_constant and kind.kind == "M":
        return terms.constant(int(ticks_between(term.constant, kind)), "i64")
    return terms.in_register(term, register_of(kind), text)


def _presence(terms: Terms, term: Term) -> int | None:
    return terms.constant(0, "bool") if term.kind is None else term.valid


def chosen(terms: Terms, condition: Term, then: Term, otherwise: Term, text: str) -> Term:
    """One of two by a bool; the second where the bool is missing."""
    first: int = terms.both(terms.truth(condition, text), condition.valid)  # type: ignore[assignment]  # a condition is there
    kind = _common(then, otherwise, text)
    a = _as_kind(terms, _where(terms, then, first), kind, text)
    b = _as_kind(terms, _where(terms, otherwise, terms.turned(first)), kind, text)
    there = (_presence(terms, then), _presence(terms, otherwise))
    valid = None
    if there != (None, None):
        sides = [terms.constant(1, "bool") if side is None else side for side in there]
        valid = terms.add(Operation("choose bool", (first, *sides), 1))
    return terms.result(f"choose {register_of(kind)}", kind, valid, first, a, b)


def _where(terms: Terms, term: Term, wanted: int) -> Term:
    """The value, whose faults count where it is wanted alone."""
    return term._replace(valid=terms.both(term.valid, wanted))


def filled(terms: Terms, term: Term, other: Term, text: str) -> Term:
    """The value, or another where it is missing."""
    kind = _common(term, other, text)
    if term.valid is None and not term.is_constant:
        return Term(kind, _as_kind(terms, term, kind, text))
    there = Term(BOOL, term.valid)
    return chosen(terms, there, term._replace(valid=None), other, text)


def extreme(terms: Terms, name: str, left: Term, right: Term, text: str) -> Term:
    """The lesser or greater of two; NaN wins, and what is missing is missing."""
    kind = _common(left, right, text)
    if kind == BOOL:
        kind = I64
    valid = terms.validity(left, right)
    a, b = (_as_kind(terms, term._replace(valid=valid), kind, text) for term in (left, right))
    return terms.result(f"{name} {register_of(kind)}", kind, valid, a, b)


def cast_to(terms: Terms, term: Term, dtype: object, text: str) -> Term:
    """The number as another type, cut off towards zero; one that does not fit is a fault."""
    kind = parse_type(dtype)
    if kind.kind not in "biuf" or term.kind is None or term.kind.kind not in "biufM":
        raise PlanError(f"{text} must cast a number to a number, got {term.kind} to {kind}")
    if kind == BOOL:
        return term if term.kind == BOOL else compared(terms, "!=", term, Term(I64, constant=0), text)
    if kind.kind == "f":
        return Term(kind, terms.in_register(term, register_of(kind), text), term.valid)
    if kind == term.kind:
        return term
    if kind == _U64 and term.kind.kind == "f":
        real = terms.real(term, text)
        return terms.result("f64 to u64", kind, term.valid, real, text=text, checked=True)
    number = terms.whole(term, text)
    low, high = limits_of(kind)
    bounds = (terms.constant(low, "i64"), terms.constant(min(high, 2**63 - 1), "i64"))
    if kind != I64:
        made = terms.result("within i64", I64, term.valid, number, *bounds, text=text, checked=True)
        number = made.number  # type: ignore[assignment]  # no constant
    return Term(kind, terms.in_register(Term(I64, number), register_of(kind)), term.valid)
