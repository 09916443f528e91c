"""The operators of expressions: each gives a new expression instead of a value."""

from __future__ import annotations

from typing import NoReturn, Self

from engine.nodes import Binary, Constant, Node, Unary


class Operators:
    """Every Python operator that can be put off until there is an item; the others are refused."""

    __slots__ = ("_node",)
    _node: Node

    def __init__(self, node: Node) -> None:
        object.__setattr__(self, "_node", node)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an expression can not be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an expression can not be changed: {name}")

    def __bool__(self) -> NoReturn:
        raise TypeError("the truth of an expression is not known yet; use &, | and ~ with parentheses")

    __hash__ = None  # type: ignore[assignment]  # equality gives an expression
    # Without these, `in` and loops would call __getitem__ for ever.
    __iter__ = None
    __contains__ = None

    def __add__(self, other: object) -> Self:
        return self._before("+", other)

    def __radd__(self, other: object) -> Self:
        return self._after("+", other)

    def __sub__(self, other: object) -> Self:
        return self._before("-", other)

    def __rsub__(self, other: object) -> Self:
        return self._after("-", other)

    def __mul__(self, other: object) -> Self:
        return self._before("*", other)

    def __rmul__(self, other: object) -> Self:
        return self._after("*", other)

    def __truediv__(self, other: object) -> Self:
        return self._before("/", other)

    def __rtruediv__(self, other: object) -> Self:
        return self._after("/", other)

    def __floordiv__(self, other: object) -> Self:
        return self._before("//", other)

    def __rfloordiv__(self, other: object) -> Self:
        return self._after("//", other)

    def __mod__(self, other: object) -> Self:
        return self._before("%", other)

    def __rmod__(self, other: object) -> Self:
        return self._after("%", other)

    def __pow__(self, other: object) -> Self:
        return self._before("**", other)

    def __rpow__(self, other: object) -> Self:
        return self._after("**", other)

    def __and__(self, other: object) -> Self:
        return self._before("&", other)

    def __rand__(self, other: object) -> Self:
        return self._after("&", other)

    def __or__(self, other: object) -> Self:
        return self._before("|", other)

    def __ror__(self, other: object) -> Self:
        return self._after("|", other)

    def __xor__(self, other: object) -> Self:
        return self._before("^", other)

    def __rxor__(self, other: object) -> Self:
        return self._after("^", other)

    def __lshift__(self, other: object) -> Self:
        return self._before("<<", other)

    def __rlshift__(self, other: object) -> Self:
        return self._after("<<", other)

    def __rshift__(self, other: object) -> Self:
        return self._before(">>", other)

    def __rrshift__(self, other: object) -> Self:
        return self._after(">>", other)

    def __eq__(  # type: ignore[override]  # an expression, like every comparison of one
        self, other: object
    ) -> Self:
        return self._before("==", other)

    def __ne__(  # type: ignore[override]  # an expression, like every comparison of one
        self, other: object
    ) -> Self:
        return self._before("!=", other)

    def __lt__(self, other: object) -> Self:
        return self._before("<", other)

    def __le__(self, other: object) -> Self:
        return self._before("<=", other)

    def __gt__(self, other: object) -> Self:
        return self._before(">", other)

    def __ge__(self, other: object) -> Self:
        return self._before(">=", other)

    def __neg__(self) -> Self:
        return self._made(Unary("-", self._node))

    def __pos__(self) -> Self:
        return self._made(Unary("+", self._node))

    def __invert__(self) -> Self:
        return self._made(Unary("~", self._node))

    def _made(self, node: Node) -> Self:
        return type(self)(node)

    def _before(self, operator: str, other: object) -> Self:
        return self._made(Binary(operator, self._node, as_node(other)))

    def _after(self, operator: str, other: object) -> Self:
        return self._made(Binary(operator, as_node(other), self._node))


def as_node(value: object) -> Node:
    """The tree of an expression; any other value is a constant."""
    return value._node if isinstance(value, Operators) else Constant(value)  # noqa: SLF001 (hidden from `it.name`)
