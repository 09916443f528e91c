"""What makes two expressions one: a key that is equal where nobody could tell their programs apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import BuiltinFunctionType, FunctionType
from typing import Any

from engine.nodes import Attribute, Binary, Call, Constant, Element, Item, Logical, Method, Node, Unary

__all__ = ["sameness_of"]

# Where values of one of these types are equal, they do the same. Of floats there are two zeros.
_PLAIN = frozenset({int, bool, str, type(None), datetime, timedelta})
_FUNCTIONS = frozenset({FunctionType, BuiltinFunctionType})


class _UnlikeAnyError(Exception):
    """A part that nobody can say to be the same as another."""


def sameness_of(root: Node) -> tuple[Any, ...] | None:
    """A key of the tree; None where some part of it is of a class that is not known here.

    >>> from engine import it
    >>> from engine.expr import node_of
    >>> sameness_of(node_of(it.a + 1)) == sameness_of(node_of(it.a + 1))
    True
    >>> sameness_of(node_of(it.a + 1)) == sameness_of(node_of(it.a + 1.0))
    False
    """
    parts: list[Any] = []
    pending = [root]
    try:
        while pending:
            node = pending.pop()
            parts.append(_part(node))
            pending += node.operands
    except _UnlikeAnyError:
        return None
    return tuple(parts)


def _part(node: Node) -> Any:  # noqa: PLR0911 (one for each node)
    """All there is to a node but its operands; and how many they are, where its class does not say."""
    match node:
        case Item():
            return Item
        case Attribute(_, name):
            return Attribute, name
        case Constant(value):
            return _constant(value)
        case Binary(operator, _, _) | Logical(operator, _, _) | Unary(operator, _):
            return type(node), operator
        case Element():
            return Element
        case Method(_, name, arguments):
            return Method, name, len(arguments)
        case Call(function, arguments) if type(function) in _FUNCTIONS:
            return Call, function, len(arguments)
        case _:
            raise _UnlikeAnyError


def _constant(value: Any) -> Any:
    kind = type(value)
    if kind is tuple or kind is frozenset:
        return kind, kind(map(_single, value))
    if kind is slice:
        return kind, _single(value.start), _single(value.stop), _single(value.step)
    return _single(value)


def _single(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return kind, repr(value)
    if kind not in _PLAIN:
        raise _UnlikeAnyError
    return kind, value
