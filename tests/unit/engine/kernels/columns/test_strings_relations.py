"""Texts as keys of chunk_by, group_by and join."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Column
from engine.columns import chunk_by, group_by, join

quick = settings(max_examples=30)
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
