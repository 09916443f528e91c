"""The frozen tree of an expression: what its nodes are, how they are walked, and how they read.

Nothing here recurses: a sum of ten thousand terms is a tree ten thousand deep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from reprlib import Repr
from typing import Any, TypeAlias

# Of the text of an expression: more says less.
_TEXT_LENGTH = 2_000

_constants = Repr()
_constants.maxstring = _constants.maxother = _constants.maxlong = 200
_constants.maxtuple = _constants.maxlist = _constants.maxset = _constants.maxfrozenset = (
    _constants.maxdict
) = 20


class Tree:
    """What all nodes have: `operands`, the nodes it is made of, in the order Python evaluates them."""

    __slots__ = ()

    @property
    def operands(self) -> tuple[Node, ...]:
        return ()

    def __str__(self) -> str:
        return rendered(self)  # type: ignore[arg-type]  # all trees are nodes


@dataclass(frozen=True, slots=True)
class Item(Tree):
    """The item itself."""

    __str__ = Tree.__str__


@dataclass(frozen=True, slots=True)
class Constant(Tree):
    """A value that stands in the expression."""

    value: Any

    __str__ = Tree.__str__


@dataclass(frozen=True, slots=True)
class Attribute(Tree):
    """An attribute of a value."""

    of: Node
    name: str

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Element(Tree):
    """What a value has under a key or position."""

    of: Node
    key: Node

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return (self.of, self.key)


@dataclass(frozen=True, slots=True)
class Unary(Tree):
    """An operator before a value: one of `-`, `+`, `~` and `not`."""

    operator: str
    of: Node

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Binary(Tree):
    """An operator between two values, which are both evaluated."""

    operator: str
    left: Node
    right: Node

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Logical(Tree):
    """`and` or `or`: the right side is evaluated when the left one does not decide."""

    operator: str
    left: Node
    right: Node

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Method(Tree):
    """A call of one of the string methods."""

    of: Node
    name: str
    arguments: tuple[Node, ...]

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return (self.of, *self.arguments)


@dataclass(frozen=True, slots=True)
class Call(Tree):
    """A call of a function: `abs`, `len`, `round` or one of the user's."""

    function: Callable[..., Any]
    arguments: tuple[Node, ...]

    __str__ = Tree.__str__

    @property
    def operands(self) -> tuple[Node, ...]:
        return self.arguments


Node: TypeAlias = Item | Constant | Attribute | Element | Unary | Binary | Logical | Method | Call

BUILTINS: tuple[Callable[..., Any], ...] = (abs, len, round)
# Their functions are shown by name, as methods of expressions make them.
_KNOWN_MODULES = frozenset({"math", "engine.arithmetic"})


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Each node with the number of its operands that were walked: (node, 0) first."""
    pending: list[tuple[Node, int]] = [(root, 0)]
    while pending:
        node, done = pending.pop()
        yield node, done
        operands = node.operands
        if done < len(operands):
            pending += [(node, done + 1), (operands[done], 0)]


def iter_evaluated(root: Node) -> Iterator[Node]:
    """All nodes in the order in which they are evaluated: each after its operands."""
    return (node for node, done in walk(root) if done == len(node.operands))


def depth(root: Node) -> int:
    """How many nodes stand above each other at most."""
    depths: list[int] = []
    for node in iter_evaluated(root):
        count = len(node.operands)
        below = depths[len(depths) - count :]
        del depths[len(depths) - count :]
        depths.append(1 + max(below, default=0))
    return depths[0]


def rendered(root: Node) -> str:
    """The expression as it was written, cut off when it is very long.

    >>> rendered(Binary("+", Item(), Constant(1)))
    'it + 1'
    """
    pieces: list[str] = []
    length = 0
    pending: list[str | Node] = [root]
    while pending and length <= _TEXT_LENGTH:
        piece = pending.pop()
        if isinstance(piece, str):
            pieces.append(piece)
            length += len(piece)
        else:
            pending += reversed(_pieces(piece))
    text = "".join(pieces)
    return text if length <= _TEXT_LENGTH else text[: _TEXT_LENGTH - 3] + "..."


def _pieces(node: Node) -> list[str | Node]:  # noqa: PLR0911 (one for each node)
    match node:
        case Item():
            return ["it"]
        case Constant(value):
            return [_constants.repr(value)]
        case Attribute(of, name):
            return [*_inner(of), f".{name}"]
        case Element(of, key):
            return [*_inner(of), "[", *_key(key), "]"]
        case Unary(operator, of):
            return ["not " if operator == "not" else operator, *_inner(of)]
        case Binary(operator, left, right) | Logical(operator, left, right):
            return [*_inner(left), f" {operator} ", *_inner(right)]
        case Method(of, name, arguments):
            return [*_inner(of), f".{name}(", *_listed(arguments), ")"]
        case Call(function, arguments):
            name = getattr(function, "__qualname__", type(function).__qualname__)
            return [name if _is_known(function) else f"fn({name})", "(", *_listed(arguments), ")"]


def _is_known(function: Callable[..., Any]) -> bool:
    return function in BUILTINS or getattr(function, "__module__", None) in _KNOWN_MODULES


def _key(node: Node) -> list[str | Node]:
    match node:
        case Constant(slice(start=start, stop=stop, step=step)):
            bounds = [start, stop] if step is None else [start, stop, step]
            return [":".join("" if bound is None else _constants.repr(bound) for bound in bounds)]
        case _:
            return [node]


def _inner(node: Node) -> list[str | Node]:
    return ["(", node, ")"] if isinstance(node, Binary | Unary | Logical) else [node]


def _listed(nodes: tuple[Node, ...]) -> list[str | Node]:
    return [piece for node in nodes for piece in (", ", node)][1:]
