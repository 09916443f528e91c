"""Expressions as flat code, in the order of evaluation: for pickles, and for programs over blocks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from engine.nodes import (
    BUILTINS,
    Attribute,
    Binary,
    Call,
    Constant,
    Element,
    Item,
    Logical,
    Method,
    Node,
    Unary,
    iter_evaluated,
    walk,
)

# What is put in front of the operands, and how many there are.
Flat: TypeAlias = tuple[tuple[str, Any, int], ...]
# The name of an operation of a program and its argument.
Code: TypeAlias = tuple[tuple[str, Any], ...]

METHODS = frozenset(
    {
        "casefold",
        "endswith",
        "isdigit",
        "lower",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "replace",
        "rstrip",
        "startswith",
        "strip",
        "title",
        "upper",
    }
)
# A program keeps two columns for each value that waits for its operator. People do not write deeper ones.
MOST_WAITING = 16
# These took the constant before them as their argument.
_WITH_CONSTANT = frozenset({"field", "position", "slice", "is_in"})
_PLAIN = (str, int, float, bool, type(None), bytes)


def flat_of(root: Node) -> Flat:
    """The tree as a flat tuple, which is pickled however deep the tree is."""
    return tuple(_flat(node) for node in iter_evaluated(root))


def tree_of(flat: Flat) -> Node:
    """The tree that `flat_of` took apart."""
    nodes: list[Node] = []
    for kind, argument, count in flat:
        operands = nodes[len(nodes) - count :]
        del nodes[len(nodes) - count :]
        nodes.append(_built(kind, argument, operands))
    return nodes[0]


def block_code(root: Node) -> Code | None:
    """The code of a program over blocks, or None when an operation is not for blocks.

    >>> block_code(Element(Item(), Constant("age")))
    (('item', None), ('field', 'age'))
    """
    code: list[tuple[str, Any]] = []
    waiting = 0
    for node, done in walk(root):
        if isinstance(node, Logical) and done == 1:
            code.append(("branch", node.operator))
        if done < len(node.operands):
            continue
        operation = _operation(node)
        waiting += 1 - len(node.operands)
        if operation is None or waiting > MOST_WAITING:
            return None
        if operation[0] in _WITH_CONSTANT:
            code.pop()
        code.append(operation)
    plain = all(_is_plain(argument) for name, argument in code if name == "constant")
    return tuple(code) if plain else None


def step_code(root: Node | str | int) -> Code | None:
    """The code for a step of a chain: of an expression, or of a field name or position."""
    return block_code(root if not isinstance(root, str | int) else Element(Item(), Constant(root)))


def _flat(node: Node) -> tuple[str, Any, int]:  # noqa: PLR0911 (one for each node)
    count = len(node.operands)
    match node:
        case Item():
            return ("item", None, count)
        case Constant(value):
            return ("constant", value, count)
        case Attribute(_, name):
            return ("attribute", name, count)
        case Element():
            return ("element", None, count)
        case Unary(operator, _):
            return ("unary", operator, count)
        case Binary(operator, _, _):
            return ("binary", operator, count)
        case Logical(operator, _, _):
            return ("logical", operator, count)
        case Method(_, name, _):
            return ("method", name, count)
        case Call(function, _):
            return ("call", function, count)


def _built(kind: str, argument: Any, operands: list[Node]) -> Node:
    if kind in _OPERATORS:
        return _OPERATORS[kind](argument, *operands)
    return _BUILDERS[kind](argument, operands)


_OPERATORS: dict[str, Callable[..., Node]] = {"binary": Binary, "logical": Logical, "unary": Unary}
_BUILDERS: dict[str, Callable[[Any, list[Node]], Node]] = {
    "item": lambda _, __: Item(),
    "constant": lambda value, _: Constant(value),
    "attribute": lambda name, operands: Attribute(operands[0], name),
    "element": lambda _, operands: Element(operands[0], operands[1]),
    "method": lambda name, operands: Method(operands[0], name, tuple(operands[1:])),
    "call": lambda function, operands: Call(function, tuple(operands)),
}


def _operation(node: Node) -> tuple[str, Any] | None:  # noqa: C901, PLR0911 (one for each node)
    match node:
        case Item():
            return ("item", None)
        case Constant(value):
            return ("constant", value)
        case Attribute(_, name):
            return ("attribute", name)
        case Element(_, Constant(key)):
            return _access(key)
        case Unary(operator, _):
            return ("unary", operator)
        case Binary("in", _, Constant(tuple() | frozenset() as values)):
            return ("is_in", frozenset(values)) if _is_hashed(values) else None
        case Binary(operator, _, _):
            return ("binary", operator)
        case Logical():
            return ("join", None)
        case Method(_, name, arguments) if name in METHODS:
            return ("method", (name, len(arguments)))
        case Call(function, arguments) if function in BUILTINS:
            return ("builtin", (function, len(arguments)))
        case _:
            return None


def _access(key: object) -> tuple[str, Any] | None:
    if type(key) is str:
        return ("field", key)
    if type(key) is int and -sys.maxsize <= key <= sys.maxsize:
        return ("position", key)
    if type(key) is slice and all(
        type(part) in {int, type(None)} for part in (key.start, key.stop, key.step)
    ):
        return ("slice", key)
    return None


def _is_plain(value: object) -> bool:
    """Of an exact built-in type whose operators run no code of the user, or prefixes for `startswith`."""
    return type(value) in _PLAIN or (type(value) is tuple and all(type(part) is str for part in value))


def _is_hashed(values: Iterable[object]) -> bool:
    """Whether a set finds what the collection finds; bytes beside str may warn, which can run any code."""
    return all(type(value) in _PLAIN and type(value) is not bytes for value in values)
