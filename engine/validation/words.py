"""The words of JSON Schema for predicates that are expressions, as far as it has some."""

from __future__ import annotations

from math import inf
from types import NoneType
from typing import Any

from engine.expr import Expr, node_of
from engine.nodes import Binary, Call, Constant, Item, Logical, Node
from engine.validation.schema import Schema, bounded, merged

_BOUNDS = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}
# For so many parts: the least and the most of them.
_SIZES = {">=": (0, None), ">": (1, None), "<=": (None, 0), "<": (None, -1), "==": (0, 0)}
# Of other types, what is equal in Python need not be in JSON: True is 1.
_EXACT = frozenset({str, int, NoneType})


def words_of(predicate: Expr) -> Schema:
    """What the predicate demands of the value itself; empty where there is no word.

    >>> from engine import it
    >>> words_of((it >= 18) & (it < 100)), words_of(it.is_in(["home", "work"])), words_of(it % 2 == 0)
    ({'minimum': 18, 'exclusiveMaximum': 100}, {'enum': ['home', 'work']}, {})
    """
    found: list[Schema] = []
    left: list[Node] = [node_of(predicate)]
    while left:
        match left.pop():
            case Logical("and", one, other) | Binary("&", one, other):
                left += [other, one]
            case Binary(operator, Item(), Constant(value)):
                found.append(_of_value(operator, value))
            case Binary(operator, Call(function, (Item(),)), Constant(value)) if function is len:
                found.append(_of_size(operator, value))
            case _:
                pass
    return merged(found)


def _of_value(operator: str, value: Any) -> Schema:
    if operator in _BOUNDS and type(value) in {int, float} and -inf < value < inf:
        return {_BOUNDS[operator]: value}
    if operator == "==" and type(value) in _EXACT:
        return {"const": value}
    if operator == "in" and type(value) in {tuple, frozenset} and _EXACT.issuperset(map(type, value)):
        return {"enum": list(value) if type(value) is tuple else sorted(value, key=repr)}
    return {}


def _of_size(operator: str, size: Any) -> Schema:
    """A text or a list: the words for one type do not bind values of another."""
    if operator not in _SIZES or type(size) is not int:
        return {}
    least, most = (None if more is None else size + more for more in _SIZES[operator])
    if min(bound for bound in (least, most) if bound is not None) < 0:
        return {}
    return bounded(minLength=least, maxLength=most, minItems=least, maxItems=most)
