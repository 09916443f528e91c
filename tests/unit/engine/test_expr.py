import pickle
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain
from engine.aggregates import Aggregate
from engine.errors import PlanError
from engine.expr import as_callable, block_code_of, fn, it, node_of, simple_key
from engine.nodes import Attribute, Binary, Constant, Element, Item


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
        (it[1:3], "abcd", "bc"),
        (it << 2, 3, 12),
        (1024 >> it, 3, 128),
        (it.lstrip(), " a ", "a "),
        (it.rstrip("x"), "xax", "xa"),
        (it.title(), "ab cd", "Ab Cd"),
        (it.casefold(), "Straße", "strasse"),
        (it.isdigit(), "12", True),
        (it.removeprefix("a"), "ab", "b"),
        (it.removesuffix(it[1:]), "ab", "a"),
        (it.split(), "a b", ["a", "b"]),
        (it.split(",", 1), "a,b,c", ["a", "b,c"]),
        (it.replace("a", "b", 1), "aa", "ba"),
        (it.startswith("b", 1), "ab", True),
        (it.is_none(), None, True),
        (it.is_not_none(), 0, True),
        (it["a"].and_(it["b"]), {"a": 0}, 0),
        (it["a"].or_(it["b"]), {"a": 5}, 5),
        (it["a"].and_(it["b"]).or_("none"), {"a": 1, "b": ""}, "none"),
        (it.not_(), [], True),
        (it.attr("lower"), SimpleNamespace(lower=4), 4),
        (it.attr("_x"), SimpleNamespace(_x=4), 4),
        (it.abs(), -3, 3),
        (it.round(), 2.5, 2),
        (it.round(1), 2.25, 2.2),
        (it.len(), "abc", 3),
        (fn(max)(it["a"], it["b"], 7) + 1, {"a": 2, "b": 9}, 10),
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
        (it.x.is_in({"a"}), "it.x in frozenset({'a'})"),
        (it.x.not_().and_(it.y.is_none()), "(not it.x) and (it.y is None)"),
        (it["a"][1:].len(), "len(it['a'][1:])"),
        (it[::2], "it[::2]"),
        (fn(max)(it.a, 0), "fn(max)(it.a, 0)"),
        (it.price.round(2), "round(it.price, 2)"),
        ((it.a + it.b).sum(), "(it.a + it.b).sum()"),
        (it["x"].mean(), "it['x'].mean()"),
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


def test_two_functions_that_do_the_same_are_made_only_once():
    expression = it["a"] + 1
    assert as_callable(expression) is as_callable(expression)


@pytest.mark.parametrize("how", ["sum", "min", "max", "mean", "count", "first", "last", "list", "set"])
def test_an_aggregate_says_what_and_how(how):
    made = getattr(it["x"], how)()
    assert made == Aggregate(how, Element(Item(), Constant("x")))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 (our own bytes)


def test_a_set_changed_later_does_not_change_the_expression():
    allowed = {1}
    expression = it.is_in(allowed)
    allowed.add(2)
    assert value(expression, 2) is False


def test_the_keys_of_a_dict_can_be_looked_up():
    assert value(it.is_in({"a": 1}), "a") is True
    assert value(it.is_in({"a": 1}.keys()), "b") is False


@pytest.mark.parametrize("name", ["a b", "", "1"])
def test_an_attribute_has_the_name_of_one(name):
    with pytest.raises(PlanError, match="must be an identifier"):
        it.attr(name)


def test_only_a_function_can_be_called():
    with pytest.raises(PlanError, match="function must be callable, got 3"):
        fn(3)


def summed(terms):
    total = it["a"]
    for _ in range(terms):
        total = total + it["a"]
    return total


def nested(terms):
    total = it["a"]
    for _ in range(terms):
        total = 1 - total
    return total


def either(terms):
    total = it["a"]
    for _ in range(terms):
        total = total.or_(it["a"] + 1)
    return total


@pytest.mark.parametrize(("make", "expected"), [(summed, 10_001), (nested, 1), (either, 1)])
def test_an_expression_may_be_ten_thousand_operations_deep(make, expected):
    deep = make(10_000)
    assert len(repr(deep)) == 2_000
    assert repr(deep).endswith("...")
    copy = pickle.loads(pickle.dumps(deep))  # noqa: S301 (our own bytes)
    assert repr(copy) == repr(deep)
    assert value(copy, {"a": 1}) == expected
    assert Chain([{"a": 1}]).filter(deep).map(deep).collect() == [expected]


@given(st.integers(50, 70), st.integers(-2, 2))
def test_a_deep_expression_gives_what_a_shallow_one_gives(terms, a):
    assert value(nested(terms), {"a": a}) == (a if terms % 2 == 0 else 1 - a)
    assert value(either(terms), {"a": a}) == (a or 1)


def test_ands_inside_each_others_right_sides_are_limited():
    deep = it["a"]
    for _ in range(200):
        deep = it["a"].and_(deep)
    with pytest.raises(PlanError, match="nested 60 deep on their right side, got more"):
        as_callable(deep)


def test_a_deep_expression_evaluates_the_right_side_where_it_is_needed():
    deep = it["a"].and_(it["b"])
    for _ in range(100):
        deep = deep.or_(it["a"])
    assert value(deep, {"a": 0}) == 0
    assert value(deep, {"a": 1, "b": 2}) == 2


@pytest.mark.parametrize(
    "expression",
    [
        fn(str)(it),
        it.split(),
        it[it["k"]],
        it == [1],
        it.is_in([[1]]),
        it.is_in([b"a"]),
        it.is_in(range(3)),
        it[1.5],
        it == object(),
        len,
        2.5,
        True,
    ],
)
def test_what_may_run_code_of_others_has_no_code_for_blocks(expression):
    assert block_code_of(expression) is None


def test_the_code_of_blocks_is_flat():
    assert block_code_of(-it["a"] > it[0]) == (
        ("item", None),
        ("field", "a"),
        ("unary", "-"),
        ("item", None),
        ("position", 0),
        ("binary", ">"),
    )
    assert block_code_of(it["a"].and_(3)) == (
        ("item", None),
        ("field", "a"),
        ("branch", "and"),
        ("constant", 3),
        ("join", None),
    )


def test_an_expression_that_would_need_many_columns_has_no_code_for_blocks():
    wide = it["a"]
    for _ in range(30):
        wide = it["a"] + (it["b"] * wide)
    assert block_code_of(wide) is None
    assert block_code_of(summed(1000)) is not None


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
