"""it: expressions over an item that a planner can read, such as `it.age > 30` or `it["email"].lower()`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

__all__ = ["Expr", "as_callable", "it", "node_of", "simple_key"]


@dataclass(frozen=True, slots=True)
class Item:
    """The item itself."""

    def __str__(self) -> str:
        return "it"


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the expression."""

    value: Any

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a value."""

    of: Node
    name: str

    def __str__(self) -> str:
        return f"{_inner(self.of)}.{self.name}"


@dataclass(frozen=True, slots=True)
class Element:
    """What a value has under a key or position."""

    of: Node
    key: Node

    def __str__(self) -> str:
        return f"{_inner(self.of)}[{self.key}]"


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator before a value; `operator` is one of `UNARY`."""

    operator: str
    of: Node

    def __str__(self) -> str:
        return f"{self.operator}{_inner(self.of)}"


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two values; `operator` is one of `ARITHMETIC` or `COMPARISON`."""

    operator: str
    left: Node
    right: Node

    def __str__(self) -> str:
        return f"{_inner(self.left)} {self.operator} {_inner(self.right)}"


@dataclass(frozen=True, slots=True)
class Method:
    """A call of one of the string methods."""

    of: Node
    name: str
    arguments: tuple[Node, ...]

    def __str__(self) -> str:
        return f"{_inner(self.of)}.{self.name}({', '.join(map(str, self.arguments))})"


Node: TypeAlias = Item | Constant | Attribute | Element | Unary | Binary | Method

ARITHMETIC: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
    "**": ast.Pow(),
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "^": ast.BitXor(),
}
COMPARISON: dict[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
    "in": ast.In(),
}
UNARY: dict[str, ast.unaryop] = {"-": ast.USub(), "+": ast.UAdd(), "~": ast.Invert()}


# Of the file name that tracebacks show for an expression.
_NAME_LENGTH = 80


class Expr:
    """An expression over an item: an immutable value that is readable, picklable and not yet evaluated.

    Every operator means what Python means by it, on the item at hand: `&`, `|` and `~` are the operators of
    the values themselves, so both sides are evaluated and comparisons need parentheses:
    `(it.age > 30) & (it.name != "")`. Its truth is not known: `if`, `and`, `or` and chained comparisons
    raise TypeError. A name that is also a method here, such as `lower`, is reached as a key
    (`it["lower"]`); names that begin with an underscore are not reached.

    >>> it["age"] >= 18
    it['age'] >= 18
    >>> (it.price * it.quantity).currency
    (it.price * it.quantity).currency
    """

    __slots__ = ("_function", "_node")
    _node: Node
    _function: Callable[[Any], Any] | None

    def __init__(self, node: Node) -> None:
        object.__setattr__(self, "_node", node)
        object.__setattr__(self, "_function", None)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an expression can not be changed: {name}")

    def __getattr__(self, name: str) -> Expr:
        if name.startswith("_"):
            raise AttributeError(f"names that begin with an underscore are not reached, got {name!r}")
        return Expr(Attribute(self._node, name))

    def __getitem__(self, key: object) -> Expr:
        return Expr(Element(self._node, _as_node(key)))

    def __repr__(self) -> str:
        return str(self._node)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Expr, (self._node,))

    def __bool__(self) -> NoReturn:
        raise TypeError("the truth of an expression is not known yet; use &, | and ~ with parentheses")

    __hash__ = None  # type: ignore[assignment]  # equality gives an expression
    # Without these, `in` and loops would call __getitem__ for ever.
    __iter__ = None
    __contains__ = None

    def __add__(self, other: object) -> Expr:
        return _binary("+", self, other)

    def __radd__(self, other: object) -> Expr:
        return _binary("+", other, self)

    def __sub__(self, other: object) -> Expr:
        return _binary("-", self, other)

    def __rsub__(self, other: object) -> Expr:
        return _binary("-", other, self)

    def __mul__(self, other: object) -> Expr:
        return _binary("*", self, other)

    def __rmul__(self, other: object) -> Expr:
        return _binary("*", other, self)

    def __truediv__(self, other: object) -> Expr:
        return _binary("/", self, other)

    def __rtruediv__(self, other: object) -> Expr:
        return _binary("/", other, self)

    def __floordiv__(self, other: object) -> Expr:
        return _binary("//", self, other)

    def __rfloordiv__(self, other: object) -> Expr:
        return _binary("//", other, self)

    def __mod__(self, other: object) -> Expr:
        return _binary("%", self, other)

    def __rmod__(self, other: object) -> Expr:
        return _binary("%", other, self)

    def __pow__(self, other: object) -> Expr:
        return _binary("**", self, other)

    def __rpow__(self, other: object) -> Expr:
        return _binary("**", other, self)

    def __and__(self, other: object) -> Expr:
        return _binary("&", self, other)

    def __rand__(self, other: object) -> Expr:
        return _binary("&", other, self)

    def __or__(self, other: object) -> Expr:
        return _binary("|", self, other)

    def __ror__(self, other: object) -> Expr:
        return _binary("|", other, self)

    def __xor__(self, other: object) -> Expr:
        return _binary("^", self, other)

    def __rxor__(self, other: object) -> Expr:
        return _binary("^", other, self)

    def __eq__(  # type: ignore[override]  # an expression, like every comparison of one
        self, other: object
    ) -> Expr:
        return _binary("==", self, other)

    def __ne__(  # type: ignore[override]  # an expression, like every comparison of one
        self, other: object
    ) -> Expr:
        return _binary("!=", self, other)

    def __lt__(self, other: object) -> Expr:
        return _binary("<", self, other)

    def __le__(self, other: object) -> Expr:
        return _binary("<=", self, other)

    def __gt__(self, other: object) -> Expr:
        return _binary(">", self, other)

    def __ge__(self, other: object) -> Expr:
        return _binary(">=", self, other)

    def __neg__(self) -> Expr:
        return Expr(Unary("-", self._node))

    def __pos__(self) -> Expr:
        return Expr(Unary("+", self._node))

    def __invert__(self) -> Expr:
        return Expr(Unary("~", self._node))

    def is_in(self, values: Collection[Any]) -> Expr:
        """Whether the value is one of `values`.

        >>> it["kind"].is_in(["home", "work"])
        it['kind'] in ('home', 'work')
        """
        fixed = tuple(values) if isinstance(values, list) else values
        return Expr(Binary("in", self._node, Constant(fixed)))

    def contains(self, part: object) -> Expr:
        """Whether `part` is in the value: a part of a text, or an element.

        >>> it.email.contains("@")
        '@' in it.email
        """
        return Expr(Binary("in", _as_node(part), self._node))

    def lower(self) -> Expr:
        """The text in lower case."""
        return _method(self, "lower")

    def upper(self) -> Expr:
        """The text in upper case."""
        return _method(self, "upper")

    def strip(self, characters: str | None = None) -> Expr:
        """The text without white space, or without `characters`, at both ends."""
        return _method(self, "strip") if characters is None else _method(self, "strip", characters)

    def startswith(self, prefix: object) -> Expr:
        """Whether the text begins with `prefix`."""
        return _method(self, "startswith", prefix)

    def endswith(self, suffix: object) -> Expr:
        """Whether the text ends with `suffix`."""
        return _method(self, "endswith", suffix)

    def replace(self, old: object, new: object) -> Expr:
        """The text with every `old` replaced by `new`."""
        return _method(self, "replace", old, new)


it = Expr(Item())


def node_of(expression: Expr) -> Node:
    """The frozen tree of an expression, for those who plan with it."""
    return expression._node  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # hidden from `it.name`


def simple_key(expression: Expr) -> str | int | None:
    """The field name or position when the expression is no more than `it["x"]` or `it[0]`."""
    match node_of(expression):
        case Element(Item(), Constant(str() | int() as key)) if not isinstance(key, bool):
            return key
        case _:
            return None


def as_callable(expression: Expr) -> Callable[[Any], Any]:
    """A function of one item that computes the expression, as fast as the lambda one would write.

    >>> as_callable(it["a"] * 2 + 1)({"a": 20})
    41
    """
    known = expression._function  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # hidden from `it.name`
    if known is None:
        # Two threads may both compile: they get functions that do the same.
        known = _compiled(expression)
        object.__setattr__(expression, "_function", known)
    return known


def _compiled(expression: Expr) -> Callable[[Any], Any]:
    constants: dict[str, Any] = {}
    body = _syntax(node_of(expression), constants)
    item = ast.arguments(posonlyargs=[ast.arg("item")], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(item, body)))
    code = compile(tree, f"<{_bounded(repr(expression))}>", "eval")
    function: Callable[[Any], Any] = eval(code, constants)  # noqa: S307 (a tree of our own nodes, never text)
    return function


def _syntax(node: Node, constants: dict[str, Any]) -> ast.expr:  # noqa: PLR0911 (one for each node)
    match node:
        case Item():
            return ast.Name("item", ast.Load())
        case Constant(value):
            name = f"constant_{len(constants)}"
            constants[name] = value
            return ast.Name(name, ast.Load())
        case Attribute(of, name):
            return ast.Attribute(_syntax(of, constants), name, ast.Load())
        case Element(of, key):
            return ast.Subscript(_syntax(of, constants), _syntax(key, constants), ast.Load())
        case Unary(operator, of):
            return ast.UnaryOp(UNARY[operator], _syntax(of, constants))
        case Binary(operator, left, right):
            first, second = _syntax(left, constants), _syntax(right, constants)
            if operator in COMPARISON:
                return ast.Compare(first, [COMPARISON[operator]], [second])
            return ast.BinOp(first, ARITHMETIC[operator], second)
        case Method(of, name, arguments):
            method = ast.Attribute(_syntax(of, constants), name, ast.Load())
            return ast.Call(method, [_syntax(argument, constants) for argument in arguments], [])


def _as_node(value: object) -> Node:
    return node_of(value) if isinstance(value, Expr) else Constant(value)


def _binary(operator: str, left: object, right: object) -> Expr:
    return Expr(Binary(operator, _as_node(left), _as_node(right)))


def _method(of: Expr, name: str, *arguments: object) -> Expr:
    return Expr(Method(_as_node(of), name, tuple(map(_as_node, arguments))))


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, Binary | Unary) else str(node)


def _bounded(text: str) -> str:
    return text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 3] + "..."
