"""Contacts in CSV: found in files of several programs, rendered under the headers of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

import msgspec
from msgspec import Struct

from engine.result import Err, Ok, Result
from service.domain.contacts import Contact, ContactDraft
from service.domain.csv_cells import GOOGLE_SEPARATOR, sort_cells
from service.domain.csv_columns import EXPECTED, Column, count_recognised, is_recognised, read_columns
from service.domain.csv_records import CsvRecord, iter_records, render_record
from service.domain.errors import ImportUnreadable, ServiceError
from service.domain.found_contacts import GUESSED, FoundContact
from service.domain.json_values import read_json_object

HEADERS = ("first_name", "last_name", "email", "phone", "address", "labels", "metadata")

_EXCEL_DIRECTIVE = re.compile(rb"sep=(.)", re.IGNORECASE)
# What spreadsheet programs run as a formula (OWASP, CSV injection); a bare phone number is harmless.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DIALLED = re.compile(r"\+?[0-9 ().-]+")
_LABEL = re.compile(r"(?:[^\\,;]|\\.)+|\\$")


class _Layout(Struct, frozen=True):
    """Where the header is and what it says; `is_ours` when this program wrote the file."""

    columns: list[Column]
    delimiter: str
    start: int
    is_ours: bool


def find_csv_contacts(lines: Sequence[bytes]) -> Result[Iterator[FoundContact], ServiceError]:
    """The contacts of a file, lazily, one for each record below the header."""
    return _find_layout(lines).map(partial(_iter_found, lines))


def render_csv_header() -> str:
    return render_record(HEADERS)


def render_csv_row(contact: Contact | ContactDraft) -> str:
    """One record. A text that a spreadsheet would run as a formula gets an apostrophe before it, which
    reading a file with exactly these headers takes away again.
    """
    fields = [
        contact.first_name,
        contact.last_name,
        contact.email,
        contact.phone,
        contact.address,
        ";".join(re.sub(r"[\\,;]", r"\\\g<0>", label) for label in contact.labels),
        msgspec.json.encode(contact.metadata).decode() if contact.metadata else "",
    ]
    return render_record([_guard(text) for text in fields])


def _guard(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _DIALLED.fullmatch(text) else text


def _unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def _find_layout(lines: Sequence[bytes]) -> Result[_Layout, ServiceError]:
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    directive = _EXCEL_DIRECTIVE.fullmatch(lines[first].strip())
    delimiters = directive[1].decode("latin-1") if directive else ",;\t"
    layouts = [_read_layout(lines, first + bool(directive), delimiter) for delimiter in delimiters]
    best = max(layouts, key=lambda layout: (count_recognised(layout.columns), len(layout.columns)))
    if is_recognised(best.columns):
        return Ok(best)
    found = ", ".join(column.header for column in best.columns)
    return Err(ImportUnreadable(f"no known column; found: {found:.500}; expected some of: {EXPECTED}"))


def _read_layout(lines: Sequence[bytes], first: int, delimiter: str) -> _Layout:
    records = iter_records(lines, delimiter, first)
    header = next(records, CsvRecord(first + 1, []))
    following = next(records, CsvRecord(len(lines) + 1, []))
    columns = read_columns(header.fields)
    is_ours = tuple(header.fields) == HEADERS
    return _Layout(columns, delimiter, following.line - 1, is_ours)


def _iter_found(lines: Sequence[bytes], layout: _Layout) -> Iterator[FoundContact]:
    for record in iter_records(lines, layout.delimiter, layout.start):
        if record.problem is not None:
            yield FoundContact(record.line, problems={"row": (record.problem,)})
        elif any(map(str.strip, record.fields)):
            yield _find(layout, record)


def _find(layout: _Layout, record: CsvRecord) -> FoundContact:
    columns, cells = layout.columns, [cell.strip() for cell in record.fields]
    if any(cells[len(columns) :]):
        problem = f"{len(cells)} fields, where the header has {len(columns)}"
        return FoundContact(record.line, problems={"row": (problem,)})
    if layout.is_ours:
        cells = list(map(_unguard, cells))
    row = sort_cells(columns, cells)
    metadata = read_json_object(row.metadata) if row.metadata else {}
    if metadata is None:
        return FoundContact(record.line, problems={"metadata": ("must be a JSON object",)})
    return FoundContact(
        line=record.line,
        first_name=row.first_name,
        last_name=row.last_name,
        names=row.names,
        emails=row.emails,
        phones=row.phones,
        address=row.address,
        labels=_split_labels(row.labels),
        metadata=metadata | {"csv": row.kept} if row.kept else metadata,
        warnings=(GUESSED,) if record.is_guessed else (),
    )


def _split_labels(cell: str) -> tuple[str, ...]:
    if GOOGLE_SEPARATOR in cell or cell.startswith("* "):
        parts = [label.removeprefix("* ") for label in cell.split(GOOGLE_SEPARATOR)]
    else:
        parts = [re.sub(r"\\(.)", r"\1", label) for label in _LABEL.findall(cell)]
    return tuple(filter(None, map(str.strip, parts)))
