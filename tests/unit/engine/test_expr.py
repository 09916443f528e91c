import pickle
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain, it
from engine.errors import PlanError
from engine.expr import Attribute, Binary, Constant, Item, as_callable, node_of, simple_key


def value(expression, item):
    return as_callable(expression)(item)


@pytest.mark.parametrize(
    ("expression", "item", "expected"),
    [
        (it, 5, 5),
        (it["x"], {"x": 1}, 1),
        (it[0][1], [[7, 8]], 8),
        (it.x.y, SimpleNamespace(x=SimpleNamespace(y=3)), 3),
        (it + 1, 1, 2),
        (10 - it, 1, 9),
        (2**it, 3, 8),
        (it // 2 * 3 % 5, 9, 2),
        (7 / it, 2, 3.5),
        (-it, 2, -2),
        (~it, 2, -3),
        (+it, 2, 2),
        ((it > 1) & (it < 5), 3, True),
        ((it == 1) | (it != 1), 3, True),
        ((it >= 3) ^ (it <= 3), 3, False),
        (it.is_in([1, 2]), 2, True),
        (it.is_in({1, 2}), 3, False),
        (it.contains("@"), "a@b", True),
        (it.strip().lower(), " Ab ", "ab"),
        (it.strip("x").upper(), "xax", "A"),
        (it.startswith("a"), "ab", True),
        (it.endswith(("b", "c")), "ab", True),
        (it.replace("a", "b"), "aa", "bb"),
        (it["a"] * it["b"], {"a": 2, "b": 3}, 6),
        (it[it["k"]], {"k": "v", "v": 9}, 9),
    ],
)
def test_an_expression_gives_what_python_gives(expression, item, expected):
    assert value(expression, item) == expected


@given(st.integers(), st.integers(min_value=1))
def test_arithmetic_is_exact(a, b):
    assert value((it * b + a) // b - it % b, a) == (a * b + a) // b - a % b


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (it.age > 30, "it.age > 30"),
        ((it["a"] + 1) * 2, "(it['a'] + 1) * 2"),
        (it.email.lower().endswith(".org"), "it.email.lower().endswith('.org')"),
        (~(it.a & it.b), "~(it.a & it.b)"),
        (it.x.is_in(["a"]), "it.x in ('a',)"),
    ],
)
def test_an_expression_reads_as_it_was_written(expression, text):
    assert repr(expression) == text


@pytest.mark.parametrize(
    "ask", [bool, lambda e: 1 < e < 3, lambda e: e and e, lambda e: 3 in e, list, hash, len]
)
def test_what_is_not_known_yet_is_refused(ask):
    with pytest.raises(TypeError):
        ask(it.age)


def test_hidden_names_are_not_reached():
    with pytest.raises(AttributeError):
        _ = it._secret


def test_an_expression_can_not_be_changed():
    with pytest.raises(AttributeError, match="can not be changed"):
        it.age = 3


def test_an_expression_is_pickled():
    copy = pickle.loads(pickle.dumps(it["a"] > 2))  # noqa: S301 (our own bytes)
    assert repr(copy) == "it['a'] > 2"
    assert value(copy, {"a": 3}) is True


def test_its_tree_can_be_read():
    assert node_of(it.age > 30) == Binary(">", Attribute(Item(), "age"), Constant(30))


def test_a_list_changed_later_does_not_change_the_expression():
    allowed = [1]
    expression = it.is_in(allowed)
    allowed.append(2)
    assert value(expression, 2) is False


@pytest.mark.parametrize(
    ("expression", "key"),
    [(it["x"], "x"), (it[-1], -1), (it.x, None), (it["x"] + 1, None), (it[True], None)],
)
def test_a_simple_field_is_known_as_such(expression, key):
    assert simple_key(expression) == key


def test_expressions_are_taken_wherever_a_function_or_key_is():
    rows = [{"n": 3, "t": "B"}, {"n": 1, "t": "a"}, {"n": 2, "t": "b"}]
    assert Chain(rows).filter(it["n"] > 1).map(it["t"].lower()).collect() == ["b", "b"]
    assert Chain(rows).sort(it["n"] * -1).map("n").collect() == [3, 2, 1]
    assert Chain(rows).group_by(it["t"].lower()).map(0).collect() == ["b", "a"]
    assert Chain(rows).min(it["n"])["t"] == "a"
    assert Chain(rows).partition(it["n"] == 3) == (rows[:1], rows[1:])
    assert Chain(rows).join(rows, on=it["n"] + 0).count() == 3


def test_an_error_in_an_expression_keeps_its_type_and_names_the_step():
    with pytest.raises(TypeError) as caught:
        Chain([{"n": None}]).map(it["n"] + 1).collect()
    assert "in step 1 (map at test_expr.py:" in caught.value.__notes__[0]


def test_something_that_is_no_key_is_refused():
    with pytest.raises(PlanError, match="callable, a field name, a position or an expression"):
        Chain([1]).group_by(2.5)
