"""Texts as keys, held against dicts and sorted lists."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import texts as reference

from engine import Column
from engine.columns import text_keys as keys
from engine.kernels.columns import strings_keys as kernel

quick = settings(max_examples=40)
few = st.one_of(
    st.none(),
    reference.texts,
    st.sampled_from(["", "a", "a\x00", "abcdefgh", "abcdefghi", "é", "𐐀", "\uff21"]),
)
columns = st.lists(few, max_size=40)


def column_of(values):
    return Column(values, str)


@quick
@given(columns)
def test_codes_are_in_the_order_texts_are_first_seen(values):
    codes, texts = keys.codes_of(column_of(values))
    assert (codes.to_list(), texts.to_list()) == reference.codes(values)


@quick
@given(columns)
def test_ranks_order_as_their_texts_do(values):
    ranks, texts = keys.ranks_of(column_of(values))
    assert texts.to_list() == sorted({value for value in values if value is not None})
    assert [None if rank is None else texts[rank] for rank in ranks] == values


@quick
@given(columns, columns)
def test_codes_in_a_dictionary_are_its_rows(values, others):
    _, dictionary = keys.codes_of(column_of(others))
    known = dictionary.to_list()
    expected = [known.index(value) if value in known else None for value in values]
    assert keys.codes_in(column_of(values), dictionary).to_list() == expected


@quick
@given(columns)
def test_sorting_is_by_code_points_and_stable_with_missing_ones_last(values):
    assert keys.argsort_strings(column_of(values)).to_list() == reference.order(values)
    assert kernel.sort_rows(column_of(values), grain=2).to_list() == reference.order(values)


@quick
@given(columns)
def test_runs_are_those_of_groupby(values):
    starts, lengths = keys.runs_of_strings(column_of(values))
    assert (starts.to_list(), lengths.to_list()) == reference.runs(values)


@quick
@given(columns, st.integers(0, 20))
def test_a_slice_is_read_from_its_first_row(values, start):
    part = Column(pa.array([None, "x", *values], pa.string()))[2:][start:]
    expected = values[start:]
    assert keys.codes_of(part)[0].to_list() == reference.codes(expected)[0]
    assert keys.argsort_strings(part).to_list() == reference.order(expected)
    assert keys.runs_of_strings(part)[1].to_list() == reference.runs(expected)[1]


@settings(max_examples=15)
@given(st.lists(few, min_size=1, max_size=30), st.sampled_from([64, 700, 4000]))
def test_parts_on_several_threads_give_what_one_gives(sample, size):
    values = [
        None if value is None else value + str(row % 97) for row, value in enumerate((sample * size)[:size])
    ]
    codes, firsts = kernel.number(column_of(values), grain=64)
    assert codes.to_list() == reference.codes(values)[0]
    assert [values[row] for row in firsts] == reference.codes(values)[1]
    assert kernel.sort_rows(column_of(values), grain=64).to_list() == reference.order(values)
    assert kernel.find_runs(column_of(values), grain=64)[0].to_list() == reference.runs(values)[0]


def test_many_distinct_texts_keep_their_numbers_while_the_table_grows():
    values = [f"key {row % 5000}" for row in range(20_000)]
    assert keys.codes_of(column_of(values))[0].to_list() == [row % 5000 for row in range(20_000)]


@quick
@given(columns, st.data())
def test_rows_are_taken_in_the_order_given(values, data):
    rows = data.draw(st.lists(st.integers(-1, len(values) - 1), max_size=20))
    taken = keys.take_strings(column_of(values), Column(rows, int))
    assert taken.to_list() == [None if row < 0 else values[row] for row in rows]


@pytest.mark.parametrize("row", [-2, 2])
def test_a_row_that_there_is_not_is_refused(row):
    with pytest.raises(IndexError, match=f"row must be within -1 to 1, got {row}"):
        keys.take_strings(column_of(["a", "b"]), Column([0, row]))


def test_rows_must_be_whole_numbers_that_are_there():
    with pytest.raises(TypeError, match="rows must be i64 without nulls"):
        keys.take_strings(column_of(["a"]), Column([None, 0]))


def test_taken_texts_of_more_bytes_than_narrow_offsets_count_get_wide_ones():
    column, rows = column_of(["abc", None, "é"]), Column([0, 1, 2, 0, -1], int)
    for narrow, item_size in ((8, 4), (7, 8)):
        made = kernel.take(column, rows, narrow=narrow)
        assert (made.item_size, made.to_list()) == (item_size, ["abc", None, "é", "abc", None])
