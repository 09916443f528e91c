"""What a frame does with its rows, held against lists of dicts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import tables as reference

from engine import Column, Frame, it
from engine.errors import PlanError

quick = settings(max_examples=15)
kinds = st.sampled_from(["inner", "left", "right", "outer", "semi", "anti"])


@st.composite
def frames(draw, dtypes=None):
    size = draw(st.sampled_from([0, 1, 5, 64, 67]))
    a, b = dtypes or (draw(st.sampled_from(reference.TYPES)), draw(st.sampled_from(reference.TYPES)))
    return Frame(
        {
            "a": draw(reference.columns_of(a, size)),
            "b": draw(reference.columns_of(b, size)),
            "row": Column(np.arange(size)),
        }
    )


pairs = st.tuples(*[st.sampled_from(reference.TYPES)] * 2).flatmap(
    lambda both: st.tuples(frames(both), frames(both))
)


@quick
@given(frames(), st.booleans(), st.booleans(), st.sampled_from(["first", "last"]))
def test_a_sort_by_two_columns_is_that_of_the_reference(frame, one, other, nulls):
    found = frame.sort("a", "b", descending=[one, other], nulls=nulls)
    keys = [frame["a"].to_list(), frame["b"].to_list()]
    assert found["row"].to_list() == reference.order_of(keys, descending=[one, other], nulls=nulls)


@quick
@given(frames(), st.integers(0, 9))
def test_the_top_rows_are_the_first_of_a_sort(frame, n):
    assert frame.top(n, "a").equals(frame.sort("a", descending=True).head(n))


@pytest.mark.parametrize("most", [5, 1000, 2**40])
def test_a_long_sort_is_stable_and_that_of_numpy(most):
    numbers = np.random.default_rng(1).integers(-most, most, 200_000)
    frame = Frame({"a": numbers, "row": np.arange(200_000)})
    assert np.array_equal(frame.sort("a")["row"], np.argsort(numbers, kind="stable"))
    assert np.array_equal(frame.sort("a", descending=True)["row"], np.argsort(-numbers, kind="stable"))


@quick
@given(frames(), st.data())
def test_a_filter_keeps_the_rows_whose_mask_is_true(frame, data):
    mask = data.draw(reference.columns_of("bool", len(frame)))
    assert frame.filter(mask)["row"].to_list() == [row for row, keep in enumerate(mask) if keep]


@quick
@given(frames())
def test_unique_rows_are_the_first_of_their_groups(frame):
    keys = list(zip(frame["a"].to_list(), frame["b"].to_list(), strict=True))
    seen = {}
    for row, key in enumerate(keys):
        seen.setdefault(tuple(map(reference.key_of, key)), row)
    assert frame.unique("a", "b")["row"].to_list() == list(seen.values())


@quick
@given(pairs, kinds)
def test_a_join_on_two_columns_is_that_of_the_reference(both, how):
    left, right = both
    keys = [list(zip(side["a"].to_list(), side["b"].to_list(), strict=True)) for side in both]
    found = left.join(right, on=["a", "b"], how=how)
    wanted = reference.pairs_of(*keys, how)
    assert found["row"].to_list() == [row for row, _ in wanted]
    if how not in ("semi", "anti"):
        assert found["row_right"].to_list() == [row for _, row in wanted]
    a = [keys[0][row][0] if row is not None else keys[1][other][0] for row, other in wanted]
    assert list(map(reference.key_of, found["a"])) == list(map(reference.key_of, a))


def test_keys_may_have_other_names_on_the_right():
    people = Frame({"id": [1, 2], "name": ["Ada", None]})
    orders = Frame({"who": [2, 1, 1], "name": ["x", "y", "z"]})
    assert list(people.join(orders, on="id", other_on="who")) == [
        {"id": 1, "name": "Ada", "name_right": "y"},
        {"id": 1, "name": "Ada", "name_right": "z"},
        {"id": 2, "name": None, "name_right": "x"},
    ]


def test_groups_are_aggregated_by_pairs_or_expressions():
    frame = Frame({"k": ["a", None, "a", None], "x": [1, None, 3, None], "b": [True, False, None, False]})
    made = frame.group_by("k").agg(total=("x", "sum"), n=it.count(), least=it["b"].min(), mean=it.x.mean())
    assert list(made) == [
        {"k": "a", "total": 4, "n": 2, "least": True, "mean": 2.0},
        {"k": None, "total": 0, "n": 2, "least": False, "mean": None},
    ]
    assert repr(frame.group_by("k", "b")) == "GroupedFrame(4 rows in 3 groups of k, b)"


def test_parts_and_other_names_share_memory():
    frame = Frame({"a": np.arange(9), "b": np.arange(9.0)})
    where = frame["a"].address
    assert frame.select("a")["a"].address == frame.rename({"a": "x"})["x"].address == where
    assert frame.drop("b")["a"].address == frame.head(3)["a"].address == where
    assert frame.with_columns(c=[0] * 9)["a"].address == where
    assert frame[2:]["a"].address == where + 16


def test_frames_are_put_end_to_end():
    frame = Frame({"a": [1, None], "s": ["x", None]})
    assert list(frame.concat(frame[:1], frame[2:])) == [*frame, frame.to_dicts().__next__()]
    assert frame.concat().equals(frame)


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda f: f.sort(), PlanError, "keys must be at least one column, got none"),
        (
            lambda f: f.sort("a", nulls="middle"),
            PlanError,
            "nulls must be one of last, first, got 'middle'",
        ),
        (lambda f: f.sort("a", descending=[True, False]), PlanError, "one for each of 1 columns, got 2"),
        (lambda f: f.head(-1), PlanError, "n must be at least 0, got -1"),
        (lambda f: f.top(-1, "a"), PlanError, "n must be at least 0, got -1"),
        (lambda f: f.take([2]), IndexError, "rows must be less than 2, got 2"),
        (lambda f: f.take([-1]), IndexError, "rows must be within 0 to 1, got -1"),
        (lambda f: f.take([None, -1]), IndexError, "rows must be within 0 to 1, got -1"),
        (lambda f: f.filter([1, 0]), TypeError, "a mask must be of type bool, got i64"),
        (lambda f: f.filter([True]), PlanError, "a mask must have 2 values, got 1"),
        (lambda f: f.concat(f.rename({"a": "x"})), PlanError, "columns must be a, s, got x, s"),
        (
            lambda f: f.concat(f.with_columns(a=["x", "y"])),
            TypeError,
            "column 'a' must be of type i64, got string",
        ),
        (lambda f: f.rename({"a": "s"}), PlanError, "names must differ, got s, s"),
        (lambda f: f.join(f, on="a", other_on="s"), TypeError, "left is i64, right is string"),
        (lambda f: f.join(f, on="a", how="cross"), PlanError, "how must be one of inner, .* got 'cross'"),
        (lambda f: f.join(f, on=["a", "s"], other_on="a"), PlanError, "as many on both sides, got 2 and 1"),
        (lambda f: f.join(f, on="a", suffix=""), PlanError, "names must differ, got 's' twice"),
        (lambda f: f.group_by("a").agg(a=("s", "first")), PlanError, "an aggregate can not be named 'a'"),
        (
            lambda f: f.group_by("a").agg(x=("s", "median")),
            PlanError,
            "aggregate must be one of .* got 'median'",
        ),
        (
            lambda f: f.group_by("a").agg(x=("s", "sum")),
            TypeError,
            "must be bool, numbers or timestamps, got string",
        ),
        (
            lambda f: f.group_by("a").agg(x=(it.a + 1).sum()),
            PlanError,
            "an aggregate must be of one column",
        ),
    ],
)
def test_what_can_not_be_is_refused(ask, error, message):
    with pytest.raises(error, match=message):
        ask(Frame({"a": [1, 2], "s": ["x", "y"]}))


def test_a_frame_is_filtered_and_widened_by_expressions():
    frame = Frame({"price": [2, None, 5], "qty": [10, 3, 1]})
    dear = frame.with_columns(total=it.price * it.qty).filter(it.total > 5)
    assert list(dear) == [{"price": 2, "qty": 10, "total": 20}]


def test_an_expression_over_a_column_that_is_not_there_is_refused_by_name():
    with pytest.raises(KeyError, match="cost"):
        Frame({"price": [2]}).filter(it.cost > 5)
