"""Texts as keys of chunk_by, group_by and join, as values that are folded, and merged."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import tables as reference

from engine import Column
from engine.columns import chunk_by, group_by, join, kmerge, kmerge_index
from engine.errors import NotSortedError

quick = settings(max_examples=30)
# In UTF-16 the last but one would come after the last.
EVERY = ["", "a", "a\x00", "ab", "é", "\uff21", "𐐀"]
columns = st.lists(st.sampled_from(["", "a", "b", "é", None]), max_size=20)


def column_of(values):
    return Column(values, str)


def test_runs_of_texts_have_their_texts():
    starts, lengths, values = chunk_by(column_of(["a", "a", None, "b"]))
    assert (starts.to_list(), lengths.to_list(), values.to_list()) == (
        [0, 2, 3],
        [2, 1, 1],
        ["a", None, "b"],
    )


@quick
@given(columns)
def test_groups_are_in_the_order_texts_are_first_seen_and_none_is_a_key(values):
    groups = group_by(column_of(values)).agg(rows=(Column(range(len(values)), int), "count"))
    assert groups["key"].to_list() == list(dict.fromkeys(values))
    assert groups["rows"].to_list() == [values.count(value) for value in dict.fromkeys(values)]


@quick
@given(columns, columns)
def test_equal_texts_join_and_missing_ones_match_nothing(left, right):
    pairs = zip(*(rows.to_list() for rows in join(column_of(left), column_of(right))), strict=True)
    assert list(pairs) == [
        (a, b) for a, x in enumerate(left) for b, y in enumerate(right) if x == y and x is not None
    ]


rows = st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([*EVERY, None])), max_size=20)


@quick
@given(rows, st.sampled_from(["min", "max", "non_null", "first", "last"]))
def test_texts_of_groups_are_folded_by_code_points(rows, how):
    keys, values = ([row[i] for row in rows] for i in (0, 1))
    made = group_by(Column(keys, int)).agg(x=(column_of(values), how))["x"]
    wanted = [reference.aggregate([values[row] for row in part], how) for part in reference.groups_of(keys)]
    assert made.to_list() == wanted


@quick
@given(rows, st.sampled_from(["min", "max", "non_null"]))
def test_texts_of_runs_are_folded_by_code_points(rows, how):
    keys, values = ([row[i] for row in rows] for i in (0, 1))
    made = chunk_by(Column(keys, int)).agg(x=(column_of(["z", *values])[1:], how))["x"]
    wanted = [
        reference.aggregate(values[start : start + length], how)
        for start, length in zip(*reference.runs_of(keys), strict=True)
    ]
    assert made.to_list() == wanted


inputs = st.lists(st.lists(st.sampled_from([*EVERY, None]), max_size=12), min_size=1, max_size=4)


def in_order(values):
    return sorted(values, key=lambda value: (value is None, value or ""))


@quick
@given(inputs)
def test_merged_texts_are_those_of_all_inputs_sorted(inputs):
    merged = kmerge(*(column_of(["a", *in_order(values)])[1:] for values in inputs))
    assert (str(merged.dtype), merged.to_list()) == ("string", in_order(chain(*inputs)))


@quick
@given(inputs)
def test_equal_texts_are_merged_in_the_order_of_the_inputs(inputs):
    sides = [in_order(values) for values in inputs]
    places = [(which, position) for which, side in enumerate(sides) for position in range(len(side))]
    order = reference.order_of([list(chain(*sides))], descending=[False], nulls="last")
    which, position = kmerge_index(*map(column_of, sides))
    assert list(zip(which, position, strict=True)) == [places[row] for row in order]


def test_a_text_out_of_order_is_told_with_the_one_before():
    with pytest.raises(NotSortedError, match="input 1 must be sorted, got a after é at position 1"):
        kmerge(column_of(["b"]), column_of(["é", "a"]))
    with pytest.raises(NotSortedError, match="input 0 must be sorted, got b after None at position 1"):
        kmerge_index(column_of([None, "b"]))


@pytest.mark.parametrize("other", [Column([1]), Column([True])])
def test_texts_are_merged_with_texts_alone(other):
    for inputs in ((column_of(["a"]), other), (other, column_of(["a"]))):
        with pytest.raises(TypeError, match="inputs must be of one type: input 0 is"):
            kmerge(*inputs)


def test_texts_are_not_added():
    with pytest.raises(TypeError, match="values of 'x' must be bool, numbers or timestamps, got string"):
        group_by(Column([1])).agg(x=(column_of(["a"]), "sum"))
