"""Texts of columns, held against Python's str."""

import operator
import sys
from unicodedata import unidata_version

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import texts as reference

from engine import Column
from engine.columns import strings
from engine.kernels.columns import strings as kernel

SPLIT_ROWS = {"grain": 64}
quick = settings(max_examples=30)
CASES = ["lower", "upper", "casefold"]
TRIMS = ["strip", "lstrip", "rstrip"]


def column_of(values):
    return Column(values, str)


def every_letter():
    return [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


@pytest.mark.parametrize("method", [*CASES, "strip"])
def test_every_letter_is_changed_as_str_changes_it(method):
    letters = every_letter()
    assert getattr(column_of(letters), method)().to_list() == reference.each(letters, method)


def test_a_capital_sigma_is_lowered_by_its_neighbours():
    blocks = [
        block for letter in every_letter() for block in (f"{letter}Σ ", f"a{letter}Σ ", f"aΣ{letter} ")
    ]
    values = ["".join(blocks[start : start + 300]) for start in range(0, len(blocks), 300)]
    assert column_of(values).lower().to_list() == reference.each(values, "lower")


def test_the_tables_are_of_the_interpreters_unicode():
    assert unidata_version == kernel.UNICODE


@pytest.mark.parametrize("method", [*CASES, *TRIMS, "isdigit"])
@quick
@given(values=reference.columns)
def test_what_a_method_gives_is_what_str_gives(method, values):
    assert getattr(column_of(values), method)().to_list() == reference.each(values, method)


@pytest.mark.parametrize("method", TRIMS)
@quick
@given(values=reference.columns, characters=reference.texts)
def test_given_characters_are_trimmed_as_by_str(method, values, characters):
    assert getattr(column_of(values), method)(characters).to_list() == reference.each(
        values, method, characters
    )


@quick
@given(reference.columns)
def test_strip_lower_is_strip_then_lower(values):
    column = column_of(values)
    assert column.strip_lower().equals(column.strip().lower())


@pytest.mark.parametrize("method", ["startswith", "endswith", "find", "removeprefix", "removesuffix"])
@quick
@given(values=reference.columns, part=st.text(reference.letters, max_size=3))
def test_a_part_is_found_where_str_finds_it(method, values, part):
    assert getattr(column_of(values), method)(part).to_list() == reference.each(values, method, part)


@quick
@given(st.lists(st.one_of(st.none(), st.text("ab", max_size=40)), max_size=20), st.text("ab", max_size=4))
def test_contains_never_finds_across_the_border_of_two_texts(values, part):
    assert column_of(values).contains(part).to_list() == reference.each(values, "__contains__", part)


@quick
@given(
    st.lists(st.one_of(st.none(), st.text("abß", max_size=40)), max_size=20),
    st.text("abß", max_size=3),
    st.text("abß", max_size=3),
    st.integers(-1, 3),
)
def test_replace_is_that_of_str(values, old, new, count):
    assert column_of(values).replace(old, new, count).to_list() == reference.each(
        values, "replace", old, new, count
    )


@quick
@given(reference.columns, st.integers(-9, 9), st.one_of(st.none(), st.integers(-9, 9)))
def test_a_substring_is_a_slice(values, start, stop):
    expected = reference.each(values, "__getitem__", slice(start, stop))
    assert column_of(values).substring(start, stop).to_list() == expected


@quick
@given(reference.columns)
def test_lengths_are_those_of_the_letters_and_of_their_bytes(values):
    column = column_of(values)
    assert column.length().to_list() == reference.each(values, "__len__")
    assert column.byte_length().to_list() == [
        None if value is None else len(value.encode()) for value in values
    ]


@quick
@given(reference.columns)
def test_digits_are_folded_to_ascii_and_a_leading_plus_is_kept(values):
    expected = [None if value is None else reference.digits(value) for value in values]
    assert column_of(values).digits().to_list() == expected


@pytest.mark.parametrize("arguments", [(), (None, 1), ("a",), ("aB", 2), (" ", 0)])
@quick
@given(values=reference.columns)
def test_split_gives_the_parts_of_str_and_their_rows(arguments, values):
    texts, rows = column_of(values).split(*arguments)
    assert (texts.to_list(), rows.to_list()) == reference.split(values, *arguments)


@quick
@given(st.lists(st.tuples(st.one_of(st.none(), reference.texts), st.one_of(st.none(), reference.texts))))
def test_join_brings_the_texts_of_a_row_together(rows):
    left, right = (column_of([row[side] for row in rows]) for side in (0, 1))
    expected = [None if None in row else "·".join((row[0], "x", row[1])) for row in rows]
    assert strings.join([left, "x", right], "·").to_list() == expected


@pytest.mark.parametrize(
    ("how", "compare"),
    [
        ("<", operator.lt),
        ("<=", operator.le),
        ("==", operator.eq),
        ("!=", operator.ne),
        (">", operator.gt),
        (">=", operator.ge),
    ],
)
@quick
@given(
    rows=st.lists(st.tuples(st.one_of(st.none(), reference.texts), reference.texts)), one=reference.texts
)
def test_texts_compare_by_code_points(how, compare, rows, one):
    left, right = (column_of([row[side] for row in rows]) for side in (0, 1))
    pairs = strings.compare(left, how, right).to_list()
    assert pairs == [None if a is None else compare(a, b) for a, b in rows]
    assert strings.compare(left, how, one).to_list() == [
        None if a is None else compare(a, one) for a, _ in rows
    ]


@quick
@given(reference.columns, st.lists(reference.texts, max_size=5))
def test_is_in_asks_each_text(values, texts):
    known = [*texts, *[value for value in values[:3] if value is not None]]
    assert column_of(values).is_in(known).to_list() == [
        None if value is None else value in known for value in values
    ]


@quick
@given(reference.columns, st.integers(0, 20), st.booleans())
def test_a_slice_with_offsets_of_either_width_is_read_from_its_first_row(values, start, wide):
    whole = Column(pa.array([None, "Σ x", *values], pa.large_string() if wide else pa.string()))
    part = whole[2:][start:]
    expected = values[start:]
    assert part.strip_lower().to_list() == reference.each(reference.each(expected, "strip"), "lower")
    assert part.contains("a").to_list() == reference.each(expected, "__contains__", "a")
    assert part.length().to_list() == reference.each(expected, "__len__")


@pytest.mark.parametrize("size", [63, 64, 65, 1000])
@settings(max_examples=5)
@given(sample=st.lists(st.one_of(st.none(), reference.texts), min_size=1, max_size=30))
def test_parts_on_several_threads_give_what_one_gives(size, sample):
    column = column_of((sample * size)[:size])
    for to in ("lower", ""):
        one = kernel.change(column, "lr", None, to, grain=size + 1)
        assert kernel.change(column, "lr", None, to, **SPLIT_ROWS).equals(one)
    assert kernel.ask(column, "contains", "a", **SPLIT_ROWS).equals(kernel.ask(column, "contains", "a"))
    assert kernel.split(column, None, -1, **SPLIT_ROWS)[1].equals(column.split().rows)


def test_texts_too_many_for_narrow_offsets_get_wide_ones():
    column = column_of(["abc", None, "ßß"] * 50)
    narrow = kernel.change(column, "", None, "upper", grain=64, narrow=350)
    wide = kernel.change(column, "", None, "upper", grain=64, narrow=349)
    assert (narrow.item_size, wide.item_size) == (4, 8)
    assert wide.equals(narrow)


@pytest.mark.parametrize(("sides", "case"), [("", "lower"), ("lr", "lower"), ("lr", "")])
@pytest.mark.parametrize("value", ["Abc", "É", "İ"])
def test_as_many_bytes_as_narrow_offsets_count_are_the_most_that_get_them(value, sides, case):
    column = column_of([value, None] * 150)
    changed = value.lower() if case else value
    most = 150 * max(len(value.encode()), len(changed.encode()))
    for limit, item_size in ((most, 4), (most - 1, 8)):
        made = kernel.change(column, sides, None, case, grain=64, narrow=limit)
        assert (made.item_size, made.to_list()) == (item_size, [changed, None] * 150)


def test_a_result_that_outgrows_narrow_offsets_is_made_again():
    column = column_of(["a"] * 300)
    made = kernel.replace(column, "a", "long", -1, grain=64, narrow=600)
    assert (made.item_size, made.to_list()) == (8, ["long"] * 300)


@pytest.mark.parametrize(
    "wrong", [b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\x80"]
)
@pytest.mark.parametrize(
    "method", ["lower", "upper", "casefold", "length", "digits", "isdigit", "substring"]
)
def test_bytes_that_are_not_utf8_are_an_error_with_row_and_position(method, wrong):
    column = _raw([b"ok", b"ab" + wrong, wrong])
    with pytest.raises(
        ValueError, match=rf"row 1 must be UTF-8, got the byte 0x{wrong[0]:02x} at position 2"
    ):
        getattr(column, method)()


def _raw(values):
    binary = pa.array(values, pa.binary())
    return Column(pa.StringArray.from_buffers(len(binary), *binary.buffers()[1:3], binary.buffers()[0]))


def test_the_first_of_several_faults_is_told_whatever_the_threads_do():
    column = _raw([b"a"] * 200 + [b"\xff"] + [b"b"] * 300 + [b"\xfe"])
    with pytest.raises(ValueError, match="row 200 must be UTF-8"):
        kernel.change(column, "", None, "lower", **SPLIT_ROWS)


@pytest.mark.parametrize("method", ["lower", "upper", "casefold", "strip_lower"])
def test_a_letter_is_not_put_together_from_two_rows(method):
    column = _raw([b"x" * 70, b"a\xc3", b"\xa9b"])
    with pytest.raises(ValueError, match="row 1 must be UTF-8, got the byte 0xc3 at position 1"):
        getattr(column, method)()


@pytest.mark.parametrize("method", [*CASES, "strip_lower"])
def test_easy_and_hard_letters_beside_each_other_and_long_texts_are_changed(method):
    values = ["É" * 40_000 + "Σ", "", "ß" * 63 + "İ", None, "  Ж漢ŉ\u00a0", "a" * 63 + "Ä", "ΟΔΟΣ"] * 3
    column = column_of(values)
    stripped = reference.each(values, "strip") if method == "strip_lower" else values
    assert getattr(column, method)().to_list() == reference.each(stripped, method.removeprefix("strip_"))


@pytest.mark.parametrize("method", [*CASES, "strip"])
@pytest.mark.parametrize("value", ["Some", "Ça", "İ"])
def test_bytes_where_a_text_is_missing_do_not_come_along(method, value):
    there = pa.array([f"{value}{row}" for row in range(5000)])
    missing = pa.array([row % 3 == 0 for row in range(5000)])
    buffers = there.buffers()
    column = Column(pa.StringArray.from_buffers(5000, *buffers[1:], missing.buffers()[1]))
    values = [f"{value}{row}" if row % 3 == 0 else None for row in range(5000)]
    made = getattr(column, method)()
    assert made.to_list() == reference.each(values, method)
    ends = memoryview(pa.array(made).buffers()[1]).cast("i")
    assert ends[5000] == sum(len(text.encode()) for text in made if text is not None)


def test_comparing_carries_bytes_that_are_not_utf8():
    column = _raw([b"a\xff", b"b"])
    assert column.contains("a").to_list() == [True, False]
    assert column.strip().byte_length().to_list() == [2, 1]


@pytest.mark.parametrize("method", ["lower", "strip", "length", "split", "digits"])
def test_numbers_have_no_words(method):
    with pytest.raises(TypeError, match="a column must hold text, got i64"):
        getattr(Column([1]), method)()


def test_columns_to_join_must_be_equally_long():
    with pytest.raises(ValueError, match="equally long, got 1 and 2 rows"):
        strings.join([column_of(["a"]), column_of(["a", "b"])])
    with pytest.raises(ValueError, match="at least one column, got none"):
        strings.join(["a"])


def test_an_unknown_comparison_is_refused():
    with pytest.raises(ValueError, match=r"must be one of .*, got '<>'"):
        strings.compare(column_of(["a"]), "<>", "a")
