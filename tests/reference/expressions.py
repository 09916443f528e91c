"""Plain Python twins of expressions and of steps made of them: the tree is walked for each item."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

from hypothesis import assume
from hypothesis.errors import UnsatisfiedAssumption

from engine.nodes import Attribute, Binary, Call, Constant, Element, Item, Logical, Method, Node, Unary

BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": lambda left, right: _multiplied(left, right),
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, container: value in container,
    "is": operator.is_,
    "is not": operator.is_not,
}
UNARY = {"-": operator.neg, "+": operator.pos, "~": operator.invert, "not": operator.not_}


# A sequence longer than this says nothing new, and one of two to the 31 fills the machine.
MOST_REPEATS = 1_000


def _multiplied(left: Any, right: Any) -> Any:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, str | bytes | list | tuple) and isinstance(times, int):
            assume(times <= MOST_REPEATS)
    return left * right


def evaluated(node: Node, item: Any) -> Any:  # noqa: C901, PLR0911 (one for each node)
    match node:
        case Item():
            return item
        case Constant(value):
            return value
        case Attribute(of, name):
            return getattr(evaluated(of, item), name)
        case Element(of, key):
            return evaluated(of, item)[evaluated(key, item)]
        case Unary(sign, of):
            return UNARY[sign](evaluated(of, item))
        case Binary(sign, left, right):
            return BINARY[sign](evaluated(left, item), evaluated(right, item))
        case Logical("and", left, right):
            return evaluated(left, item) and evaluated(right, item)
        case Logical(_, left, right):
            return evaluated(left, item) or evaluated(right, item)
        case Method(of, name, arguments):
            method = getattr(evaluated(of, item), name)
            return method(*[evaluated(argument, item) for argument in arguments])
        case Call(function, arguments):
            return function(*[evaluated(argument, item) for argument in arguments])


@dataclass(frozen=True)
class Failure:
    """How a run ended early: the error's type and text, and the item and step where it arose."""

    kind: type
    text: str
    index: int
    step: int


def passed(items: Any, steps: list[tuple[str, Node]]) -> tuple[list[Any], Failure | None]:
    """All that comes out of map and filter steps, and the failure that ended it, if any."""
    values: list[Any] = []
    for index, item in enumerate(items):
        value, kept = item, True
        for number, (verb, node) in enumerate(steps):
            try:
                made = evaluated(node, value)
                if verb == "map":
                    value = made
                elif not made:
                    kept = False
                    break
            except UnsatisfiedAssumption:
                raise
            except Exception as error:
                return values, Failure(type(error), str(error), index, number)
        if kept:
            values.append(value)
    return values, None
