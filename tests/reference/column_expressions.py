"""Plain twin of expressions over columns: each row by Python's operators, with the table of decision 27."""

from __future__ import annotations

import math

from engine.arithmetic import cast


class Refused(Exception):
    """The row has no result."""


def value_of(expression, row):  # noqa: PLR0911 (one for each kind)
    """What a row has: None where an operand is missing; Python's own value elsewhere."""
    sign, *operands = expression
    if sign == "column":
        return row[operands[0]]
    if sign == "constant":
        return operands[0]
    if sign in {"&", "|"}:
        return _joined(sign, *(value_of(each, row) for each in operands))
    values = [value_of(each, row) for each in operands]
    if sign == "is_none":
        return values[0] is None
    if sign == "fill_none":
        return values[1] if values[0] is None else values[0]
    if sign == "if_else":
        return values[1] if values[0] else values[2]
    if None in values:
        return None
    return OPERATORS[sign](*values)


def _joined(sign, left, right):
    decides = sign == "|"
    if left is decides or right is decides:
        return decides
    return None if left is None or right is None else not decides


def exact(function):
    """A whole number that fits 64 bits, made of such, or no result."""

    def computed(*values):
        if all(isinstance(value, int) for value in values) and max(values) >= 2**63:
            raise Refused
        result = function(*values)
        if isinstance(result, int) and not isinstance(result, bool) and not -(2**63) <= result < 2**63:
            raise Refused
        return result

    return computed


def _divided(left, right):
    left, right = float(left), float(right)
    if right != 0:
        return left / right
    return (
        math.nan
        if left == 0 or math.isnan(left)
        else math.copysign(math.inf, left) * math.copysign(1, right)
    )


def _floored(left, right):
    if isinstance(left, float) or isinstance(right, float):
        return _divided(left, right) if right == 0 else float(left) // float(right)
    if right == 0:
        raise Refused
    return left // right


def _remaining(left, right):
    if isinstance(left, float) or isinstance(right, float):
        return math.nan if right == 0 else float(left) % float(right)
    if right == 0:
        raise Refused
    return left % right


def _powered(left, right):
    if isinstance(left, float) or isinstance(right, float):
        return _ieee(math.pow, float(left), float(right))
    if right < 0 or (abs(left) > 1 and right > 64):  # no such power fits 64 bits
        raise Refused
    return left**right


def _shifted_left(left, right):
    if right < 0 or (left != 0 and right > 64):
        raise Refused
    return left << right if left else 0


def _shifted_right(left, right):
    if right < 0:
        raise Refused
    return left >> right


def _ieee(function, *values):
    """What the processor's own function gives: Python's but for infinities and NaN."""
    import numpy as np

    try:
        return function(*values)
    except (ValueError, OverflowError):
        with np.errstate(all="ignore"):
            return float({math.pow: np.power, math.exp: np.exp, math.log: np.log}[function](*values))


def _cast(value, dtype):
    try:
        return cast(value, dtype)
    except (OverflowError, ValueError):
        raise Refused from None


def _extreme(pick):
    def computed(left, right):
        if isinstance(left, float) or isinstance(right, float):
            left, right = float(left), float(right)
        return math.nan if left != left or right != right else pick(left, right)  # noqa: PLR0124 (NaN)

    return computed


OPERATORS = {
    "+": exact(lambda a, b: a + b),
    "-": exact(lambda a, b: a - b),
    "*": exact(lambda a, b: a * b),
    "/": _divided,
    "//": exact(_floored),
    "%": exact(_remaining),
    "**": exact(_powered),
    "<<": exact(_shifted_left),
    ">>": exact(_shifted_right),
    "^": exact(lambda a, b: a ^ b),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "negate": exact(lambda a: -a),
    "abs": exact(abs),
    "not": lambda a: not a,
    "least": _extreme(min),
    "greatest": _extreme(max),
    "sqrt": lambda a: math.sqrt(a) if a >= 0 else math.nan,
    "exp": lambda a: _ieee(math.exp, float(a)),
    "log": lambda a: _ieee(math.log, float(a)),
    "invert": exact(lambda a: ~a),
    "cast": _cast,
    "is_in": lambda a, values: any(a == value for value in values),
}
