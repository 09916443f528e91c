"""What an expression does with texts: done to whole columns, before the rest is computed in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from engine.columns import strings
from engine.columns.comparison import NAMES, TURNED
from engine.columns.compiling import name_of
from engine.columns.sameness import sameness_of
from engine.nodes import (
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
    rendered,
    walk,
)

__all__ = ["Step", "Wording"]

_TEXT, _MAYBE_TEXT, _COUNT = (str,), (str, type(None)), (int,)


class _Method(NamedTuple):
    """What stands for a method of texts; the classes of its arguments, and how many it must have."""

    function: Callable[..., Any]
    may_have: tuple[tuple[type, ...], ...] = ()
    must_have: int = 0
    gives_text: bool = True


_METHODS = {
    "lower": _Method(strings.lower),
    "upper": _Method(strings.upper),
    "casefold": _Method(strings.casefold),
    "isdigit": _Method(strings.isdigit, gives_text=False),
    "strip": _Method(strings.strip, (_MAYBE_TEXT,)),
    "lstrip": _Method(strings.lstrip, (_MAYBE_TEXT,)),
    "rstrip": _Method(strings.rstrip, (_MAYBE_TEXT,)),
    "startswith": _Method(strings.startswith, (_TEXT,), 1, gives_text=False),
    "endswith": _Method(strings.endswith, (_TEXT,), 1, gives_text=False),
    "removeprefix": _Method(strings.removeprefix, (_TEXT,), 1),
    "removesuffix": _Method(strings.removesuffix, (_TEXT,), 1),
    "replace": _Method(strings.replace, (_TEXT, _TEXT, _COUNT), 2),
}


class _Work(NamedTuple):
    """A function of whole columns, of which ones, and whether texts come out."""

    function: Callable[..., Any]
    read: tuple[Node, ...]
    gives_text: bool = False


class Step(NamedTuple):
    """A column to be made, and from which others."""

    name: str
    function: Callable[..., Any]
    read: tuple[str, ...]

    def add_to(self, columns: dict[str, Any]) -> None:
        """Puts it beside those that it is made of."""
        columns[self.name] = self.function(*[columns[name] for name in self.read])


class Wording:
    """Steps of expressions, each of them once; `names` are taken, and the columns of `texts` hold texts."""

    def __init__(self, names: Iterable[str], texts: Iterable[str]) -> None:
        self.steps: list[Step] = []
        self._names = set(names)
        self._texts = set(texts)
        self._known: dict[Any, Node] = {}

    def is_text(self, node: Node) -> bool:
        """Whether it is a column of texts."""
        return name_of(node) in self._texts

    def without_steps(self, root: Node) -> Node:
        """The expression with a column in the place of each step."""
        ready: list[Node] = []
        for node, done in walk(root):
            count = len(node.operands)
            if done == count:
                operands = ready[len(ready) - count :]
                del ready[len(ready) - count :]
                ready.append(self._without_step(_with(node, operands), rendered(node)))
        return ready[0]

    def _without_step(self, node: Node, name: str) -> Node:
        work = self._work(node)
        if work is None:
            return node
        key = sameness_of(node) or object()
        if key not in self._known:
            self._known[key] = self._step(work, name)
        return self._known[key]

    def _step(self, work: _Work, name: str) -> Node:
        while name in self._names:
            name += "'"
        self._names.add(name)
        if work.gives_text:
            self._texts.add(name)
        self.steps.append(Step(name, work.function, tuple(filter(None, map(name_of, work.read)))))
        return Element(Item(), Constant(name))

    def _work(self, node: Node) -> _Work | None:  # noqa: PLR0911 (one for each node)
        match node:
            case Method(of, name, arguments) if self.is_text(of):
                return _method(name, of, arguments)
            case Call(function, (of,)) if function is len and self.is_text(of):
                return _Work(strings.length, (of,))
            case Binary("in", Constant(str() as part), of) if self.is_text(of):
                return _Work(partial(strings.contains, text=part), (of,))
            case Binary("in", of, Constant(tuple() | frozenset() as values)) if self.is_text(of):
                texts = [value for value in values if isinstance(value, str)]
                return _Work(partial(strings.is_in, texts=texts), (of,))
            case Binary(sign, left, right) if sign in NAMES:
                return self._comparison(sign, left, right)
            case Binary("+", left, right) if self._are_texts(left, right):
                return _Work(_joining(left, right), (left, right), gives_text=True)
            case Element(of, Constant(slice(start=start, stop=stop, step=None | 1))) if self.is_text(of):
                return _Work(
                    partial(strings.substring, start=start or 0, stop=stop), (of,), gives_text=True
                )
            case _:
                return None

    def _comparison(self, sign: str, left: Node, right: Node) -> _Work | None:
        if not self._are_texts(left, right):
            return None
        if isinstance(left, Constant):
            sign, left, right = TURNED[sign], right, left
        if isinstance(right, Constant):
            return _Work(partial(strings.compare, how=sign, other=right.value), (left,))
        return _Work(partial(_compare, sign), (left, right))

    def _are_texts(self, left: Node, right: Node) -> bool:
        """Whether one is a column of texts and the other one, too, or a text."""
        sides = (left, right)
        return any(map(self.is_text, sides)) and all(
            self.is_text(side) or (isinstance(side, Constant) and type(side.value) is str) for side in sides
        )


def _method(name: str, of: Node, arguments: tuple[Node, ...]) -> _Work | None:
    known = _METHODS.get(name)
    values = [node.value for node in arguments if isinstance(node, Constant)]
    if known is None or len(values) < len(arguments):
        return None
    if not known.must_have <= len(values) <= len(known.may_have):
        return None
    if not all(map(isinstance, values, known.may_have)):
        return None
    return _Work(lambda column: known.function(column, *values), (of,), known.gives_text)


def _compare(sign: str, left: Any, right: Any) -> Any:
    return strings.compare(left, sign, right)


def _joining(left: Node, right: Node) -> Callable[..., Any]:
    """A function of the columns among two sides that puts the texts together."""
    if isinstance(left, Constant):
        return lambda column: strings.join([left.value, column])
    if isinstance(right, Constant):
        return lambda column: strings.join([column, right.value])
    return lambda one, other: strings.join([one, other])


def _with(node: Node, operands: list[Node]) -> Node:
    """The node over other operands."""
    match node:
        case Attribute() | Unary():
            return replace(node, of=operands[0])
        case Element():
            return Element(operands[0], operands[1])
        case Binary() | Logical():
            return replace(node, left=operands[0], right=operands[1])
        case Method():
            return replace(node, of=operands[0], arguments=tuple(operands[1:]))
        case Call():
            return replace(node, arguments=tuple(operands))
        case _:
            return node
