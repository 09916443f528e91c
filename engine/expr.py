"""it: expressions over an item that a planner can read, such as `it.age > 30` or `it["email"].lower()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, KeysView
from typing import Any

from engine.aggregates import Aggregate
from engine.arithmetic import Arithmetic
from engine.errors import PlanError
from engine.nodes import Attribute, Binary, Call, Constant, Element, Item, Logical, Node, Unary
from engine.operators import as_node
from engine.postfix import Code, Flat, flat_of, step_code, tree_of
from engine.syntax import function_of

__all__ = ["Expr", "as_callable", "block_code_of", "fn", "it", "node_of", "simple_key"]


class Expr(Arithmetic):
    """An expression over an item: an immutable value that is readable, picklable and not yet evaluated.

    Every operator means what Python means by it, on the item at hand: `&`, `|` and `~` are the operators of
    the values themselves, so both sides are evaluated and comparisons need parentheses:
    `(it.age > 30) & (it.name != "")`; `and_`, `or_` and `not_` are Python's words. Its truth is not known:
    `if`, `and`, `or` and chained comparisons raise TypeError. A name that is also a method here, such as
    `lower` or `count`, is reached as a key (`it["lower"]`) or as `it.attr("lower")`; so is one that begins
    with an underscore.

    >>> it["age"] >= 18
    it['age'] >= 18
    >>> (it.price * it.quantity).currency
    (it.price * it.quantity).currency
    """

    __slots__ = ("_code", "_function")
    _code: Code | bool | None
    _function: Callable[[Any], Any] | None

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        object.__setattr__(self, "_function", None)
        object.__setattr__(self, "_code", None)

    def __getattr__(self, name: str) -> Expr:
        if name.startswith("_"):
            raise AttributeError(f"names that begin with an underscore are not reached, got {name!r}")
        return Expr(Attribute(self._node, name))

    def __getitem__(self, key: object) -> Expr:
        return Expr(Element(self._node, as_node(key)))

    def __repr__(self) -> str:
        return str(self._node)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (flat_of(self._node),))

    def attr(self, name: str) -> Expr:
        """The attribute of that name, also when a method of expressions has the same.

        Raises:
            PlanError: `name` can not be the name of an attribute.

        >>> it.attr("count") > 1
        it.count > 1
        """
        if not str.isidentifier(name):
            raise PlanError(f"an attribute's name must be an identifier, got {name!r:.100}")
        return Expr(Attribute(self._node, name))

    def is_in(self, values: Collection[Any]) -> Expr:
        """Whether the value is one of `values`, as they are now.

        >>> it["kind"].is_in(["home", "work"])
        it['kind'] in ('home', 'work')
        """
        return Expr(Binary("in", self._node, Constant(_fixed(values))))

    def contains(self, part: object) -> Expr:
        """Whether `part` is in the value: a part of a text, or an element.

        >>> it.email.contains("@")
        '@' in it.email
        """
        return Expr(Binary("in", as_node(part), self._node))

    def is_none(self) -> Expr:
        """Whether the value is None.

        >>> it["email"].is_none()
        it['email'] is None
        """
        return Expr(Binary("is", self._node, Constant(None)))

    def is_not_none(self) -> Expr:
        """Whether the value is anything but None.

        >>> it["email"].is_not_none()
        it['email'] is not None
        """
        return Expr(Binary("is not", self._node, Constant(None)))

    def and_(self, other: object) -> Expr:
        """Python's `and`: `other` is evaluated only where this is true.

        >>> it["email"].is_not_none().and_(it["email"].contains("@"))
        (it['email'] is not None) and ('@' in it['email'])
        """
        return Expr(Logical("and", self._node, as_node(other)))

    def or_(self, other: object) -> Expr:
        """Python's `or`: `other` is evaluated only where this is false.

        >>> it["name"].or_("unknown")
        it['name'] or 'unknown'
        """
        return Expr(Logical("or", self._node, as_node(other)))

    def not_(self) -> Expr:
        """Python's `not`.

        >>> it["email"].not_()
        not it['email']
        """
        return Expr(Unary("not", self._node))

    def abs(self) -> Expr:
        """The magnitude of a number.

        >>> (it["x"] - it["y"]).abs()
        abs(it['x'] - it['y'])
        """
        return Expr(Call(abs, (self._node,)))

    def round(self, *digits: object) -> Expr:
        """The number as Python rounds it: to a whole one, or to so many digits.

        >>> it["price"].round(2)
        round(it['price'], 2)
        """
        return Expr(Call(round, (self._node, *map(as_node, digits))))

    def len(self) -> Expr:
        """How many parts the value has.

        >>> it["name"].len() > 3
        len(it['name']) > 3
        """
        return Expr(Call(len, (self._node,)))

    def sum(self) -> Aggregate:
        """The sum over the items of a group.

        >>> it["price"].sum()
        it['price'].sum()
        """
        return Aggregate("sum", self._node)

    def min(self) -> Aggregate:
        """The smallest over the items of a group."""
        return Aggregate("min", self._node)

    def max(self) -> Aggregate:
        """The largest over the items of a group."""
        return Aggregate("max", self._node)

    def mean(self) -> Aggregate:
        """The mean over the items of a group."""
        return Aggregate("mean", self._node)

    def count(self) -> Aggregate:
        """How many items a group has."""
        return Aggregate("count", self._node)

    def any(self) -> Aggregate:
        """Whether the value is true for some item; of columns."""
        return Aggregate("any", self._node)

    def all(self) -> Aggregate:
        """Whether the value is true for every item; of columns."""
        return Aggregate("all", self._node)

    def first(self) -> Aggregate:
        """The value of a group's first item."""
        return Aggregate("first", self._node)

    def last(self) -> Aggregate:
        """The value of a group's last item."""
        return Aggregate("last", self._node)

    def list(self) -> Aggregate:
        """The values of a group's items, in their order."""
        return Aggregate("list", self._node)

    def set(self) -> Aggregate:
        """The different values of a group's items."""
        return Aggregate("set", self._node)


it = Expr(Item())


def fn(function: Callable[..., Any]) -> Callable[..., Expr]:
    """A function that may be called inside an expression, with expressions and constants.

    Raises:
        PlanError: `function` is not callable.

    Cost: a step with such a call is computed item by item, not in blocks.

    >>> distance = fn(lambda a, b: abs(a - b))
    >>> as_callable(distance(it["x"], it["y"]) > 2)({"x": 1, "y": 4})
    True
    """
    if not callable(function):
        raise PlanError(f"function must be callable, got {function!r:.100}")
    return lambda *arguments: Expr(Call(function, tuple(map(as_node, arguments))))


def node_of(expression: Expr) -> Node:
    """The frozen tree of an expression, for those who plan with it."""
    return as_node(expression)


def simple_key(expression: Expr) -> str | int | None:
    """The field name or position when the expression is no more than `it["x"]` or `it[0]`."""
    match node_of(expression):
        case Element(Item(), Constant(str() | int() as key)) if not isinstance(key, bool):
            return key
        case _:
            return None


def as_callable(expression: Expr) -> Callable[[Any], Any]:
    """A function of one item that computes the expression, as fast as the lambda one would write.

    Raises:
        PlanError: `and_` and `or_` are nested too deep on their right.

    >>> as_callable(it["a"] * 2 + 1)({"a": 20})
    41
    """
    known = expression._function  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # hidden from `it.name`
    if known is None:
        # Two threads may both compile: they get functions that do the same.
        known = function_of(node_of(expression))
        object.__setattr__(expression, "_function", known)
    return known


def block_code_of(key: object) -> Code | None:
    """The code by which `Blocks` computes a step, or None when it can only be called item by item.

    >>> block_code_of("age")
    (('item', None), ('field', 'age'))
    """
    if not isinstance(key, Expr):
        simple = isinstance(key, str | int) and not isinstance(key, bool)
        return step_code(key) if simple else None  # type: ignore[arg-type]  # a text or a whole number
    known = key._code  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # hidden from `it.name`
    if known is None:
        known = step_code(node_of(key)) or False
        object.__setattr__(key, "_code", known)
    return known or None  # type: ignore[return-value]  # never True


def _rebuilt(flat: Flat) -> Expr:
    return Expr(tree_of(flat))


def _fixed(values: Collection[Any]) -> Collection[Any]:
    """The values as nobody can change them: a list is compared as before, a set looked up as before."""
    if isinstance(values, list):
        return tuple(values)
    return frozenset(values) if type(values) in {set, dict} or isinstance(values, KeysView) else values
