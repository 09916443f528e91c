from __future__ import annotations

import sys

import pytest
from generators.contacts_csv import generate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.result import Err
from service.domain.contact_fields import ContactPolicy, parse_contact
from service.domain.errors import ImportUnreadable, ServiceError
from service.domain.exports import iter_export
from service.domain.imports import parse_import, split_by_stored

# The first text drawn builds a table of all characters; on a busy machine that is "too slow".
relaxed = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def rows_of(data, media_type="text/csv"):
    return parse_import(data if isinstance(data, bytes) else data.encode(), media_type, "US").or_raise()


def test_ten_thousand_rows_are_counted_as_they_were_made():
    data, expected = generate(10_000, seed=7)
    parsed = rows_of(data)
    guessed = [row for row in (*parsed.fresh, *parsed.repeated, *parsed.rejected) if row.warnings]
    assert (parsed.rows, len(parsed.fresh)) == (expected.rows, expected.imported)
    assert (len(parsed.repeated), len(parsed.rejected)) == (expected.duplicates, expected.rejected)
    assert len(guessed) == expected.guessed


def test_every_row_is_told_of_once():
    parsed = rows_of(generate(500)[0])
    rows = [row.row for row in (*parsed.fresh, *parsed.repeated, *parsed.rejected)]
    assert sorted(rows) == list(range(1, 501))


def test_the_first_of_equal_rows_is_the_one_that_counts():
    parsed = rows_of("email,name\na@example.com,Ada\nA@EXAMPLE.COM,Other\n")
    assert [row.draft.last_name for row in parsed.fresh] == ["Ada"]
    assert [(row.row, row.line) for row in parsed.repeated] == [(2, 3)]


def test_rows_without_email_and_phone_are_never_the_same():
    parsed = rows_of("name\nAda\nAda\n")
    assert len(parsed.fresh) == 2


def test_a_rejected_row_says_why_and_where():
    (rejected,) = rows_of('name,email\n"two\nlines",a@example.com\nBob,nonsense\n').rejected
    assert (rejected.row, rejected.line, rejected.errors) == (
        2,
        4,
        {"email": ("is not a valid e-mail address",)},
    )


def test_a_row_with_a_second_valid_email_is_taken():
    (row,) = rows_of("name,email,email\nAda,nonsense,a@example.com\n").fresh
    assert (row.draft.email, row.draft.metadata) == ("a@example.com", {"emails": ["nonsense"]})
    assert row.warnings == ("'nonsense' is not a valid e-mail address",)


def test_other_phones_are_kept():
    (row,) = rows_of("name,phone,mobile\nAda,111,+14155552671\n").fresh
    assert (row.draft.phone_e164, row.draft.metadata) == ("+14155552671", {"phones": ["111"]})


@pytest.mark.parametrize(
    "media_type", ["text/csv", "text/vcard; charset=utf-8", "application/octet-stream"]
)
def test_a_card_is_known_by_its_content(media_type):
    assert rows_of("BEGIN:VCARD\nFN:Ada\nEND:VCARD", media_type).rows == 1


def test_a_file_without_a_card_is_no_vcard():
    assert isinstance(parse_import(b"name\nAda", "text/vcard", "US").error, ImportUnreadable)


def test_what_is_stored_is_told_from_what_is_new():
    fresh = rows_of("name,email\nAda,a@example.com\nBob,b@example.com\nCy,\n").fresh
    new, known = split_by_stored(fresh, {"e:b@example.com", "e:x@example.com"})
    assert [row.draft.last_name for row in new] == ["Ada", "Cy"]
    assert [row.draft.last_name for row in known] == ["Bob"]


@relaxed
@given(st.binary(max_size=200), st.sampled_from(["", "BEGIN:VCARD\n", "name,email\n"]))
def test_any_bytes_are_counted_or_refused(data, before):
    result = parse_import(before.encode() + data, "text/csv", "US")
    assert isinstance(result.error, ServiceError) if isinstance(result, Err) else _adds_up(result.value)


LINES = st.lists(st.text('a1@.,;:"=\\ \r\tÄé', max_size=20), max_size=10)


@given(LINES)
def test_any_rows_below_a_header_are_counted(lines):
    parsed = rows_of("\n".join(["name,email,phone,labels,address,metadata", *lines]))
    assert _adds_up(parsed)


@given(
    st.lists(
        st.sampled_from(["N", "FN", "item1.EMAIL", "TEL;CELL", "ADR", "NOTE;QUOTED-PRINTABLE"]), max_size=6
    ),
    LINES,
)
def test_any_properties_make_a_row(names, values):
    body = [f"{name}:{value}" for name, value in zip(names, values, strict=False)]
    parsed = rows_of("\n".join(["BEGIN:VCARD", "VERSION:2.1", *body, "END:VCARD"]))
    assert parsed.rows == 1


def _adds_up(parsed):
    numbers = [row.row for row in (*parsed.fresh, *parsed.repeated, *parsed.rejected)]
    return sorted(numbers) == list(range(1, parsed.rows + 1))


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15)
WORD = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)
EXTRAS = st.dictionaries(WORD, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT, max_size=3)
DRAFTS = st.fixed_dictionaries(
    {
        "first_name": TEXT,
        "last_name": TEXT.filter(str.strip),
        "email": st.sampled_from(["", "ada@example.com", "O'Neill+x@example.org"]),
        "phone": st.sampled_from(["", "+1 415 555 2671", "=1", "ext. 5; ask, please", "'-4"]),
        "address": st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=30),
        "labels": st.lists(TEXT.filter(str.strip), max_size=3),
        "metadata": EXTRAS,
    }
).map(lambda data: parse_contact(data, ContactPolicy(needs_possible_phone=False)).or_raise())


@relaxed
@pytest.mark.parametrize("export_format", ["csv", "vcf"])
@given(draft=DRAFTS)
def test_what_is_exported_is_imported_as_it_was(export_format, draft):
    (row,) = rows_of(b"".join(iter_export([draft], export_format))).fresh
    assert row.draft == draft


@pytest.mark.parametrize(
    "metadata",
    [
        '{"a": 1e999}',
        '{"a": 9e99, "b": 99999999999999999999}',
        '{"vcard": [1, "' + "x" * 300_000 + '"]}',
        "[]",
    ],
    ids=["infinite", "beyond 64 bits", "too large", "no object"],
)
def test_metadata_that_can_not_be_stored_is_a_problem_of_its_row(metadata):
    (rejected,) = rows_of(f"name\tmetadata\nAda\t{metadata}\n").rejected
    assert list(rejected.errors) == ["metadata"]


def test_a_deep_metadata_text_is_a_problem_of_its_row():
    deep = "[" * sys.getrecursionlimit() * 2
    (rejected,) = rows_of(f'name;metadata\nAda;{{"a": {deep}\n').rejected
    assert rejected.errors == {"metadata": ("must be a JSON object",)}
