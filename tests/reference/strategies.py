"""Random records and expressions over them, for comparing blocks with their plain twin."""

from __future__ import annotations

from collections import OrderedDict, UserDict, defaultdict, namedtuple
from dataclasses import dataclass
from math import isfinite
from types import SimpleNamespace

from hypothesis import strategies as st

from engine.expr import Expr, it


class Text(str):
    __slots__ = ()

    def lower(self):
        return "mine"


class Number(int):
    def __add__(self, other):
        return 1000

    __radd__ = __mul__ = __add__


class Defaulting(dict):
    def __missing__(self, key):
        return 7


class Answering:
    """Answers any attribute and key by code."""

    def __getattr__(self, name):
        return len(name)

    def __getitem__(self, key):
        return 5


class Computing:
    def __init__(self, x):
        self._x = x

    @property
    def x(self):
        return self._x * 2


class Defaulted:
    """Has what its instances do not set from the class."""

    a = 1

    def __init__(self, a, x):
        self.x = x


class Slotted:
    __slots__ = ("a", "x")

    def __init__(self, x):
        self.x = x


@dataclass
class Open:
    x: object
    a: object = 3


@dataclass(slots=True)
class Closed:
    x: object
    a: object = 3


Pair = namedtuple("Pair", "a x")  # noqa: PYI024 (what people have)

numbers = st.one_of(
    st.integers(-5, 5),
    st.integers(),
    st.sampled_from([2**63 - 1, -(2**63), 2**53, 2**53 + 1, -(2**53) - 1, -(2**31), 2**31]),
    st.booleans(),
    st.floats(),
    st.sampled_from([0.0, -0.0, float("nan"), float("inf"), -1.5, 9007199254740993.0]),
)
texts = st.one_of(
    st.sampled_from(["", "a", "A b", "İstanbul", "ß", "ŉ", "x7", "\U0001d518"]), st.text(max_size=5)
)
scalars = st.one_of(
    numbers,
    numbers,
    texts,
    st.none(),
    st.binary(max_size=2),
    st.builds(Text, texts),
    st.builds(Number, numbers.filter(lambda n: isfinite(n) and abs(n) < 1e9)),
)
values = st.one_of(
    scalars, scalars, st.lists(scalars, max_size=3), st.tuples(scalars), st.dictionaries(texts, scalars)
)
dicts = st.fixed_dictionaries({"a": values, "x": values}, optional={"0": scalars})
records = st.one_of(
    dicts,
    dicts,
    dicts,
    st.fixed_dictionaries({"x": values}),
    dicts.map(Defaulting),
    dicts.map(UserDict),
    dicts.map(OrderedDict),
    st.builds(lambda record: defaultdict(int, record), dicts),
    st.lists(values, max_size=3),
    st.tuples(values, values),
    st.builds(Pair, values, values),
    st.builds(Open, values, values),
    st.builds(Closed, values, values),
    st.builds(Slotted, values),
    st.builds(Computing, scalars),
    st.builds(lambda x: SimpleNamespace(x=x, a=1), values),
    st.builds(Answering),
    scalars,
)
small = st.integers(-3, 3)
constants = st.one_of(small, small, numbers, texts, st.none(), st.binary(max_size=1))
leaves = st.one_of(
    st.just(it["a"]),
    st.just(it["a"]),
    st.just(it["x"]),
    st.just(it["x"]),
    st.just(it),
    st.just(it.x),
    st.just(it.a),
    st.just(it[0]),
    st.just(it[-1]),
    st.just(it["x"]["a"]),
    st.just(it["x"][0]),
    st.just(it["a"][0:2]),
)
METHODS = ["lower", "upper", "title", "casefold", "strip", "lstrip", "rstrip", "isdigit"]
ARITHMETIC = ["add", "sub", "mul", "truediv", "floordiv", "mod", "and", "or", "xor"]
COMPARISON = ["eq", "ne", "lt", "le", "gt", "ge"]


def operated(name, left, right):
    return getattr(left, f"__{name}__")(right)


def extended(inner):
    other = st.one_of(inner, constants)
    collections = st.one_of(st.lists(constants, max_size=4), st.frozensets(constants, max_size=4))
    return st.one_of(
        st.builds(operated, st.sampled_from(ARITHMETIC), inner, other),
        st.builds(operated, st.sampled_from([f"r{name}" for name in ARITHMETIC]), inner, constants),
        st.builds(operated, st.sampled_from(COMPARISON), inner, other),
        st.builds(lambda of: -of, inner),
        st.builds(lambda of: +of, inner),
        st.builds(lambda of, n: of**n, inner, st.integers(0, 3)),
        st.builds(lambda of, n: (of & 7) << n, inner, st.integers(-1, 70)),
        st.builds(Expr.and_, inner, other),
        st.builds(Expr.or_, inner, other),
        st.builds(Expr.not_, inner),
        st.builds(Expr.is_none, inner),
        st.builds(Expr.is_not_none, inner),
        st.builds(Expr.is_in, inner, collections),
        st.builds(Expr.contains, inner, other),
        st.builds(Expr.abs, inner),
        st.builds(Expr.len, inner),
        st.builds(Expr.round, inner),
        st.builds(Expr.round, inner, small),
        st.builds(lambda of, name: getattr(of, name)(), inner, st.sampled_from(METHODS)),
        st.builds(Expr.startswith, inner, other),
        st.builds(Expr.endswith, inner, st.one_of(texts, st.tuples(texts, texts))),
        st.builds(Expr.startswith, inner, texts, small),
        st.builds(Expr.replace, inner, texts, texts),
        st.builds(Expr.replace, inner, texts, inner, small),
        st.builds(Expr.strip, inner, other),
        st.builds(Expr.removeprefix, inner, texts),
        st.builds(Expr.removesuffix, inner, other),
    )


expressions = st.recursive(leaves, extended, max_leaves=5)
steps = st.lists(st.tuples(st.sampled_from(["map", "filter"]), expressions), min_size=1, max_size=3)


def tidy(kind):
    """Records in which a field has one type, or one of few, so that most expressions have a value."""
    plain = {"i": st.integers(-9, 99), "f": st.floats(), "b": st.booleans(), "n": kind, "m": kind}
    nested = {"d": st.fixed_dictionaries({"k": kind}), "l": st.lists(scalars, max_size=3)}
    written = {"s": texts, "t": texts, "o": st.one_of(st.none(), kind, texts)}
    return st.lists(st.fixed_dictionaries({**plain, **nested, **written}), min_size=1, max_size=8)


tidy_records = st.one_of(
    *map(tidy, [st.integers(), st.floats(), st.booleans(), numbers, st.integers(-9, 9)])
)
number_leaves = st.sampled_from(
    [*(it[name] for name in "ifbnm"), it["d"]["k"], it["l"].len(), it["s"].len()]
)
text_leaves = st.sampled_from([it["s"], it["t"], it["s"][0:2]])
divisors = st.one_of(
    st.sampled_from([1, 2, 3, 7, -1, -2, 2**40, -(2**63), 2**64]),
    st.sampled_from([0.5, -3.0, float("inf")]),
)


def longer_texts(inner):
    return st.one_of(
        st.builds(lambda of, name: getattr(of, name)(), inner, st.sampled_from([*METHODS[:-1]])),
        st.builds(lambda a, b: a + b, inner, st.one_of(inner, texts)),
        st.builds(Expr.replace, inner, texts, texts),
        st.builds(Expr.removesuffix, inner, st.one_of(inner, texts)),
        st.builds(Expr.strip, inner, texts),
        st.builds(Expr.or_, inner, inner),
    )


text_expressions = st.recursive(text_leaves, longer_texts, max_leaves=3)
truth_leaves = st.one_of(
    st.builds(operated, st.sampled_from(COMPARISON), number_leaves, st.one_of(number_leaves, numbers)),
    st.builds(operated, st.sampled_from(COMPARISON), text_expressions, st.one_of(text_leaves, texts)),
    st.builds(
        operated,
        st.sampled_from(["eq", "ne"]),
        st.just(it["o"]),
        st.one_of(number_leaves, text_leaves, constants),
    ),
    st.builds(Expr.startswith, text_expressions, st.one_of(text_leaves, texts, st.tuples(texts, texts))),
    st.builds(Expr.endswith, text_expressions, texts),
    st.builds(Expr.contains, text_expressions, st.one_of(text_leaves, texts)),
    st.builds(Expr.contains, st.just(it), st.sampled_from(["s", "y"])),
    st.builds(Expr.contains, st.just(it["l"]), st.one_of(number_leaves, text_leaves)),
    st.builds(
        Expr.is_in,
        st.one_of(number_leaves, st.just(it["o"]), text_leaves),
        st.lists(st.one_of(numbers, texts, st.none())),
    ),
    st.builds(Expr.isdigit, text_expressions),
    st.sampled_from([it["o"].is_none(), it["o"].is_not_none(), it["l"].not_(), it["o"].not_()]),
)


def longer_numbers(inner):
    other = st.one_of(inner, numbers, small)
    return st.one_of(
        st.builds(operated, st.sampled_from(["add", "sub", "mul", "radd", "rsub"]), inner, other),
        st.builds(operated, st.sampled_from(["truediv", "floordiv", "mod"]), inner, divisors),
        st.builds(operated, st.sampled_from(["and", "or", "xor"]), truth_leaves, truth_leaves),
        st.builds(
            operated, st.sampled_from(["and", "or", "xor", "mod", "floordiv"]), st.just(it["i"]), other
        ),
        st.builds(Expr.and_, truth_leaves, inner),
        st.builds(Expr.or_, truth_leaves, inner),
        st.builds(Expr.and_, inner, other),
        st.builds(Expr.or_, inner, truth_leaves),
        st.builds(lambda of: -of, inner),
        st.builds(lambda of: of**2, inner),
        st.builds(lambda of: ~(of // 1), st.sampled_from([it["i"], it["n"]])),
        st.builds(Expr.abs, inner),
        st.builds(Expr.round, inner, small),
        truth_leaves,
    )


tidy_numbers = st.recursive(number_leaves, longer_numbers, max_leaves=5)
tidy_steps = st.one_of(
    st.tuples(st.tuples(st.just("filter"), truth_leaves), st.tuples(st.just("map"), tidy_numbers)),
    st.tuples(
        st.tuples(st.just("map"), text_expressions), st.tuples(st.just("filter"), st.just(it.len() > 1))
    ),
    st.tuples(
        st.tuples(st.just("map"), tidy_numbers),
        st.tuples(
            st.just("filter"), st.builds(operated, st.sampled_from(COMPARISON), st.just(it), numbers)
        ),
        st.tuples(st.just("map"), st.sampled_from([it + 1, it * 3, it == 2, it.or_(5), -it])),
    ),
    st.tuples(st.tuples(st.just("filter"), tidy_numbers), st.tuples(st.just("filter"), truth_leaves)),
)
objects_alike = st.one_of(
    st.lists(st.builds(Pair, numbers, texts), max_size=8),
    st.lists(st.builds(Open, numbers, numbers), max_size=8),
    st.lists(st.builds(Closed, texts, numbers), max_size=8),
    st.lists(
        st.one_of(
            st.builds(Closed, numbers, numbers),
            st.builds(Open, numbers, numbers),
            st.builds(Pair, numbers, numbers),
        ),
        max_size=8,
    ),
)
attribute_steps = st.lists(
    st.tuples(
        st.just("filter"),
        st.builds(
            operated,
            st.sampled_from([*COMPARISON, "add"]),
            st.sampled_from([it.x, it.a]),
            st.one_of(numbers, texts),
        ),
    ),
    max_size=2,
).map(lambda filters: [*filters, ("map", it.x)])
