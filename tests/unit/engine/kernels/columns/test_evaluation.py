"""Expressions over columns give what each row gives by itself."""

import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.column_expressions import Refused, value_of
from reference.expressions import BINARY

from engine import Column, evaluate, it
from engine.columns import evaluation
from engine.expr import as_callable
from engine.kernels.columns.evaluation import BLOCK, LEVEL, Program

WHOLE = ["i8", "i16", "i32", "i64", "u8", "u16", "u32"]
LIMITS = {
    name: (
        (0, 2 ** int(name[1:]) - 1)
        if name[0] == "u"
        else (-(2 ** (int(name[1:]) - 1)), 2 ** (int(name[1:]) - 1) - 1)
    )
    for name in WHOLE
}
REALS = st.sampled_from(
    [0.0, -0.0, 1.0, 2.5, -3.5, math.inf, -math.inf, math.nan, 1e300, 5e-324, 2.0**63, -(2.0**63)]
)
WIDE = st.sampled_from([0, 1, 2, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1])
TIME = "timestamp[us]"
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (a column without a zone)
TIMES = st.integers(-(10**11), 10**11).map(lambda ticks: EPOCH + timedelta(microseconds=ticks))
ROWS = st.sampled_from([0, 1, 2, 7, 8, 9, 15, 16, 17, 40])


def whole_values(dtype):
    low, high = LIMITS[dtype]
    return st.sampled_from([low, high, 0, 1, 2, 3]) | st.integers(max(low, -5), 5)


@st.composite
def tables(draw):
    rows = draw(ROWS)
    wholes = draw(st.sampled_from(WHOLE))
    other = draw(st.sampled_from(WHOLE))
    kinds = {"w": (wholes, whole_values(wholes)), "v": (other, whole_values(other)), "r": ("f64", REALS),
             "s": ("f64", REALS), "t": ("bool", st.booleans()), "u": ("bool", st.booleans()),
             "x": ("u64", WIDE), "y": ("u64", WIDE), "m": (TIME, TIMES), "n": (TIME, TIMES)}  # fmt: skip
    table = {}
    for name, (dtype, values) in kinds.items():
        cells = values | st.none() if draw(st.booleans()) else values
        table[name] = (dtype, draw(st.lists(cells, min_size=rows, max_size=rows)))
    return table


def leaves(names, constants):
    return st.sampled_from([("column", name) for name in names]) | constants.map(
        lambda value: ("constant", value)
    )


INTO_WHOLE = st.sampled_from([*WHOLE, "u64"]).map(lambda dtype: ("constant", dtype))
INTO_OTHER = st.sampled_from(["f64", "bool"]).map(lambda dtype: ("constant", dtype))
DELTAS = st.timedeltas(timedelta(days=-1), timedelta(days=1)).map(lambda delta: ("constant", delta))
MOMENT = TIMES.map(lambda time: ("constant", time))
NUMBERS = st.recursive(
    leaves("wvrs", st.integers(-3, 300) | st.sampled_from([2.5, -0.0, math.inf])),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner, inner),
        st.tuples(st.sampled_from(["negate", "abs", "sqrt"]), inner),
        st.tuples(st.sampled_from(["least", "greatest"]), inner, inner),
    ),
    max_leaves=6,
).filter(lambda tree: tree[0] != "constant")
# Whole numbers: what no float may take part in.
WHOLES = st.recursive(
    leaves("wv", st.integers(-3, 70)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "<<", ">>", "^", "//"]), inner, inner),
        st.tuples(st.just("**"), inner, leaves("wv", st.integers(0, 5))),
        st.tuples(st.just("invert"), inner),
        st.tuples(st.just("fill_none"), leaves("wv", st.nothing()), leaves("wv", st.integers(-3, 3))),
        st.tuples(st.just("cast"), inner | leaves("rstux", st.nothing()), INTO_WHOLE),
        st.tuples(st.sampled_from(["+", "-", "//", "%", "^", ">>"]), leaves("x", st.nothing()), inner),
    ),
    max_leaves=5,
).filter(lambda tree: tree[0] != "constant")
TO_FLOATS = st.tuples(st.sampled_from(["exp", "log"]), leaves("wvrsx", st.nothing()) | NUMBERS) | st.tuples(
    st.sampled_from(["**", "/"]),
    leaves("rs", st.nothing()),
    leaves("wvrsx", st.sampled_from([0.5, 2, -1, -0.5])),
)
# With one at least that can be among them: else nothing is computed, and nothing is too large.
AMONG = st.tuples(
    st.just("is_in"),
    leaves("wvrsx", st.nothing()) | NUMBERS,
    st.tuples(
        st.integers(-3, 3),
        st.lists(st.sampled_from([3, 2.5, math.inf, math.nan, 2**53 + 1, 2**63, 2.0**63])),
    ).map(lambda values: ("constant", (values[0], *values[1]))),
)
MOMENTS = st.recursive(
    leaves("mn", st.nothing()),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-"), inner, DELTAS),
        st.tuples(st.sampled_from(["least", "greatest", "fill_none"]), inner, inner),
        st.tuples(st.just("fill_none"), inner, MOMENT),
    ),
    max_leaves=4,
)
OF_MOMENTS = st.tuples(
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), MOMENTS, MOMENTS | MOMENT
) | st.tuples(st.just("is_in"), MOMENTS, st.lists(TIMES).map(lambda values: ("constant", tuple(values))))
COMPARISONS = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS, NUMBERS)
TRUTHS = st.recursive(
    leaves("tu", st.nothing())
    | COMPARISONS
    | st.tuples(st.just("is_none"), leaves("wvrstu", st.nothing())),
    lambda inner: st.tuples(st.sampled_from("&|"), inner, inner) | st.tuples(st.just("not"), inner),
    max_leaves=4,
)
TREES = (
    NUMBERS
    | TRUTHS
    | st.tuples(st.just("if_else"), TRUTHS, st.just(("column", "r")), st.just(("column", "s")))
)
METHODS = {
    "is_none": "is_none",
    "least": "least",
    "greatest": "greatest",
    "abs": "abs",
    "sqrt": "sqrt",
    "if_else": "if_else",
    "exp": "exp",
    "log": "log",
    "cast": "cast",
    "is_in": "is_in",
    "fill_none": "fill_none",
}


def expression_of(tree):
    sign, *operands = tree
    if sign == "column":
        return it.attr(operands[0])
    if sign == "constant":
        return operands[0]
    made = [expression_of(each) for each in operands]
    if sign in METHODS:
        first = made[0] if hasattr(made[0], "attr") else it.w * 0 + made[0]
        return getattr(first, METHODS[sign])(*made[1:])
    return SYNTAX[sign](*made)


SYNTAX = dict(BINARY)
SYNTAX |= {"negate": lambda a: -a, "not": lambda a: a.not_(), "invert": lambda a: ~a}


def is_constant(tree):
    """Whether Python computes a part before there is an expression."""
    sign, *operands = tree
    if sign == "column":
        return False
    return sign == "constant" or all(is_constant(each) for each in operands)


def has_constant_part(tree):
    sign, *operands = tree
    if sign in {"column", "constant"}:
        return False
    return (
        is_constant(tree)
        or any(has_constant_part(each) for each in operands)
        or (sign in METHODS and is_constant(operands[0]))
    )


def reference_of(tree, table, rows):
    values = {name: cells for name, (_, cells) in table.items()}
    return [value_of(tree, {name: cells[row] for name, cells in values.items()}) for row in range(rows)]


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return ours == theirs or (ours != ours and theirs != theirs)  # noqa: PLR0124 (NaN)


@settings(max_examples=2 * settings.default.max_examples)
@given(tables(), TREES.filter(lambda tree: not has_constant_part(tree)), st.integers(0, 3))
def test_columns_give_what_the_reference_gives(table, tree, skipped):
    columns = {name: Column(cells, dtype)[skipped:] for name, (dtype, cells) in table.items()}
    table = {name: (dtype, cells[skipped:]) for name, (dtype, cells) in table.items()}
    rows = len(columns["w"])
    try:
        expected = reference_of(tree, table, rows)
    except Refused:
        with pytest.raises((OverflowError, ZeroDivisionError)):
            evaluate(expression_of(tree), columns)
        return
    ours = evaluate(expression_of(tree), columns).to_list()
    assert all(map(same, ours, expected)), (ours, expected)


OTHER_TREES = {
    "whole numbers": WHOLES,
    "to floats": TO_FLOATS,
    "to others": st.tuples(st.just("cast"), WHOLES | leaves("rstux", st.nothing()), INTO_OTHER),
    "among some": AMONG,
    "wide ones": st.tuples(
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        leaves("xy", st.nothing()),
        leaves("wrxy", WIDE) | NUMBERS,
    ),
    "times": MOMENTS,
    "of times": OF_MOMENTS,
}


@pytest.mark.parametrize("trees", OTHER_TREES.values(), ids=OTHER_TREES)
@given(st.data(), tables())
def test_columns_of_each_type_give_what_the_reference_gives(trees, data, table):
    tree = data.draw(trees.filter(lambda tree: not has_constant_part(tree)))
    columns = {name: Column(cells, dtype) for name, (dtype, cells) in table.items()}
    try:
        expected = reference_of(tree, table, len(columns["w"]))
    except Refused:
        with pytest.raises((OverflowError, ZeroDivisionError, ValueError)):
            evaluate(expression_of(tree), columns)
        return
    ours = evaluate(expression_of(tree), columns).to_list()
    assert all(map(same, ours, expected)), (ours, expected)


@pytest.mark.parametrize("expression", [it.x + it.w, it.x.least(it.w), it.k.if_else(it.w, it.x)], ids=repr)
def test_a_number_that_does_not_fit_is_no_fault_where_it_is_not_wanted(expression):
    columns = {"x": Column([2**63], "u64"), "w": Column([None], "i64"), "k": Column([True])}
    assert evaluate(expression, columns).to_list() == [None]


def test_a_float_above_63_bits_is_cast_to_an_unsigned_number():
    values = [2.0**63, 2.0**64 - 2**11, 0.9, -0.9, None]
    assert evaluate(it.r.cast("u64"), {"r": Column(values)}).to_list() == [2**63, 2**64 - 2**11, 0, 0, None]


@pytest.mark.parametrize("value", [2.0**64, -1.0, math.nan, math.inf])
def test_a_float_that_no_unsigned_number_is_near_is_a_fault(value):
    with pytest.raises(OverflowError, match="row 1 of cast"):
        evaluate(it.r.cast("u64"), {"r": Column([1.0, value])})


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 9)), max_size=30))
def test_columns_give_what_objects_give(pairs):
    expression = (it["a"] * 3 - it["b"]) // it["b"] + (it["a"] > it["b"]).if_else(it["a"] % it["b"], 7)
    computed = as_callable(expression)
    columns = {"a": Column([a for a, _ in pairs], "i64"), "b": Column([b for _, b in pairs], "i64")}
    assert evaluate(expression, columns).to_list() == [computed({"a": a, "b": b}) for a, b in pairs]


ROUND_BLOCKS = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17]


@pytest.mark.parametrize("rows", ROUND_BLOCKS)
def test_arrays_give_what_numpy_gives_at_the_borders_of_blocks(rows):
    random = np.random.default_rng(rows)
    a, b, c = random.normal(size=(3, rows))
    data = {"a": a, "b": b, "c": c}
    assert np.array_equal(
        evaluate((it.a * it.a + it.b * it.b).sqrt() * 0.5 + it.c, data), np.sqrt(a * a + b * b) * 0.5 + c
    )
    assert np.array_equal(evaluate(it.a / it.b - it.c, data), a / b - c)
    assert np.array_equal(evaluate((it.a > 0) & ~(it.b <= it.c), data), (a > 0) & ~(b <= c))
    assert evaluate(it.a.sum(), data, where=it.b > it.c) == pytest.approx(math.fsum(a[b > c]))
    assert evaluate((it.a * it.b + 1.0).sum(), data, where=it.c > 0.5) == pytest.approx(
        math.fsum((a * b + 1)[c > 0.5])
    )


@pytest.mark.parametrize("name", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"])
def test_aggregates_are_those_of_numpy(name):
    values = np.random.default_rng(1).integers(0, 100, 3 * BLOCK + 5).astype(name)
    data = {"x": values, "k": values % 3 == 0}
    kept = values[values % 3 == 0]
    assert evaluate(it.x.sum(), data, where=it.k) == int(kept.sum())
    assert (evaluate(it.x.min(), data, where=it.k), evaluate(it.x.max(), data)) == (
        kept.min(),
        values.max(),
    )
    assert evaluate(it.x.count(), data, where=it.k) == len(kept)
    assert evaluate(it.x.mean(), data) == pytest.approx(values.mean(dtype="f8"))


@given(
    st.lists(
        st.floats(width=64, allow_infinity=False, allow_nan=False).map(lambda x: x % 1e100),
        min_size=1,
        max_size=50,
    )
)
def test_a_sum_of_floats_is_near_the_exact_one(values):
    size = math.fsum(map(abs, values))
    assert abs(evaluate(it.x.sum(), {"x": np.array(values)}) - math.fsum(values)) <= 1e-14 * size


def test_sums_of_whole_numbers_are_exact_beyond_64_bits():
    assert evaluate(it.x.sum(), {"x": np.full(5000, 2**63 - 1)}) == 5000 * (2**63 - 1)
    assert evaluate(it.x.sum(), {"x": np.full(5000, -(2**63))}) == -5000 * 2**63
    assert evaluate(it.x.sum(), {"x": np.full(5000, 2**64 - 1, "u8")}) == 5000 * (2**64 - 1)


def test_what_is_masked_out_does_not_spoil_a_sum():
    data = {"x": np.array([np.inf, np.nan, 1.0] * 300), "k": np.array([False, False, True] * 300)}
    assert evaluate(it.x.sum(), data, where=it.k) == 300
    assert evaluate(it.x.max(), data, where=it.k) == 1


def test_nan_wins_and_missing_is_skipped_in_extremes():
    assert math.isnan(evaluate(it.x.min(), {"x": np.array([1.0, np.nan, 2.0])}))
    assert evaluate(it.x.min(), {"x": Column([3.0, None, 2.0])}) == 2
    assert evaluate(it.x.min(), {"x": Column([None, None], "f64")}) is None


def programs_of(expression, data, levels):
    """One program at each level of processor, all on the same data."""
    layouts = []
    for level in levels:
        forget_programs()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "engine.columns.programs.Program", lambda *given, level=level: Program(*given, level)
            )
            layouts.append(evaluate(expression, data))
    forget_programs()
    return layouts


def forget_programs():
    evaluation._met.clear()
    evaluation._kept.clear()


EXPRESSIONS = [
    (it.a * it.b + it.c).sqrt() / 3.0 - it.a,
    (it.a - it.b * it.c) / it.a,
    it.i * it.j - it.i,
    (it.a * it.a + it.b * it.b).sqrt() * 0.5 + it.c,
    (it.a < it.b).if_else(it.a.greatest(it.c), it.b.least(it.c)),
    (it.a * it.b + it.c).sum(),
    it.a.min(),
    it.b.max(),
    it.i.sum(),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=map(repr, EXPRESSIONS))
def test_every_level_of_processor_gives_the_same_bits(expression):
    random = np.random.default_rng(3)
    data = dict(zip("abc", random.normal(size=(3, 2 * BLOCK + 37)), strict=True))
    data |= dict(zip("ij", random.integers(-999, 999, size=(2, 2 * BLOCK + 37)), strict=True))
    results = [np.asarray(result).tobytes() for result in programs_of(expression, data, range(LEVEL + 1))]
    assert set(results) == {results[0]}


def test_one_thread_and_several_give_the_same_bits():
    values = np.random.default_rng(5).normal(size=40 * BLOCK + 3)
    data = {"a": values}
    expression = (it.a * 3.0).sum()
    serial = evaluate(expression, data)
    kept = evaluation._met[id(expression), id(None)].kept
    for compiled in kept.programs.values():
        compiled.layout.program.grain = BLOCK
    assert evaluate(expression, data) == serial


SCALED_ROOTS = [
    ((it.a * it.a + it.b * it.c).sqrt() * it.d + it.c, lambda a, b, c, d: np.sqrt(a * a + b * c) * d + c),
    (it.c - it.d * (it.a * it.b + it.b * it.c).sqrt(), lambda a, b, c, d: c - d * np.sqrt(a * b + b * c)),
    ((it.a * it.b - it.b * it.c).sqrt() / it.d - it.c, lambda a, b, c, d: np.sqrt(a * b - b * c) / d - c),
    (it.c + it.d / (it.a * it.a + it.b * it.b).sqrt(), lambda a, b, c, d: c + d / np.sqrt(a * a + b * b)),
]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(("expression", "numpy"), SCALED_ROOTS, ids=range(len(SCALED_ROOTS)))
def test_a_scaled_root_in_one_loop_is_that_of_numpy(expression, numpy, dtype):
    columns = np.random.default_rng(9).uniform(1, 2, size=(4, 2 * BLOCK + 5)).astype(dtype)
    columns[0] += 2
    assert np.array_equal(evaluate(expression, dict(zip("abcd", columns, strict=True))), numpy(*columns))
