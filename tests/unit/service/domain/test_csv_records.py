from __future__ import annotations

import csv
import io
from itertools import chain, pairwise, starmap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.csv_records import iter_records, render_record

# The plain reference reads what RFC 4180 allows; line ends inside fields come back as line feeds.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
RECORDS = st.lists(st.lists(TEXT, min_size=2, max_size=4), max_size=6)


def read(text, delimiter=","):
    return list(iter_records(text.encode().split(b"\n"), delimiter))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(RECORDS)
def test_what_is_rendered_is_read_as_the_csv_module_reads_it(records):
    text = "".join(map(render_record, records)).replace("\r\n", "\n")
    reference = [row for row in csv.reader(io.StringIO(text, newline="")) if row and "".join(row).strip()]
    ours = [record.fields for record in read(text) if "".join(record.fields).strip()]
    assert ours == reference


@given(st.text('ab",;\n ', max_size=30))
def test_every_line_with_a_text_is_in_some_record(text):
    lines = text.split("\n")
    records = read(text)
    starts = [record.line for record in records] + [len(lines) + 1]
    covered = set(chain.from_iterable(starmap(range, pairwise(starts))))
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= covered


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a,b", ["a", "b"]),
        ('"a,b",c', ["a,b", "c"]),
        ('"say ""hi""",', ['say "hi"', ""]),
        ('"two\nlines",x', ["two\nlines", "x"]),
        ('5" pipe,x', ['5" pipe', "x"]),
        ('"a" ,b', ["a", "b"]),
        ('"",""', ["", ""]),
    ],
)
def test_a_record_is_read(text, fields):
    assert [record.fields for record in read(text)] == [fields]


def test_a_quote_that_is_never_closed_costs_one_line():
    first, second = read('x,"open\nAda,Lovelace')
    assert (first.line, first.problem) == (1, "a quotation mark is opened and never closed")
    assert (second.line, second.fields) == (2, ["Ada", "Lovelace"])


def test_text_after_a_closed_quote_costs_its_record():
    first, second = read('"a"b,c\nAda,Lovelace')
    assert first.problem == "text follows a closed quotation mark"
    assert second.fields == ["Ada", "Lovelace"]


def test_a_giant_field_that_never_ends_does_not_swallow_the_file():
    lines = [b'"open'] + [b"x" * 1000] * 2000
    records = list(iter_records(lines, ","))
    assert records[0].problem == "a quotation mark is opened and never closed"
    assert len(records) == 2001


def test_each_line_has_its_own_encoding():
    lines = ["Zoë".encode(), "Zoë".encode("cp1252"), b"caf\x81"]
    records = list(iter_records(lines, ","))
    assert [(record.fields, record.is_guessed) for record in records] == [
        (["Zoë"], False),
        (["Zoë"], True),
        (["caf\x81"], True),
    ]
