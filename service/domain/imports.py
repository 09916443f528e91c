"""An import: the bytes of a file become drafts, repeats and rejected rows. Nothing is lost on the way.

bytes -> lines -> found contacts -> drafts or problems -> first of each, repeats
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Literal

from msgspec import Struct

from engine import Chain, it
from engine.result import Result
from service.domain.contact_csv import find_csv_contacts
from service.domain.contacts import ContactDraft, identity_key
from service.domain.errors import ServiceError
from service.domain.found_contacts import Accepted, FoundContact, accept
from service.domain.identity import ContactId
from service.domain.problems import Problems
from service.domain.text_files import read_lines
from service.domain.vcard_files import has_vcard
from service.domain.vcards import VCARD_MEDIA_TYPES, find_vcard_contacts

Status = Literal["imported", "duplicate", "rejected"]

# Equal for rows that are the same contact; a row without a key is only like itself.
_SAMENESS = it.key.or_(it.row)


class RowResult(Struct, frozen=True):
    """What became of one row: `row` counts contacts from 1, `line` is where it begins in the file."""

    row: int
    line: int
    status: Status
    contact_id: ContactId | None = None
    duplicate_of: Literal["file", "stored"] | None = None
    errors: Problems = {}
    warnings: tuple[str, ...] = ()


class ParsedRow(Struct, frozen=True):
    """A row that can be stored. `key` says when it is the same as another, None that it never is."""

    row: int
    line: int
    draft: ContactDraft
    key: str | None
    warnings: tuple[str, ...]


class ParsedImport(Struct, frozen=True):
    """A file, sorted out as far as that goes without the database."""

    fresh: tuple[ParsedRow, ...]
    repeated: tuple[ParsedRow, ...]
    rejected: tuple[RowResult, ...]

    @property
    def rows(self) -> int:
        return len(self.fresh) + len(self.repeated) + len(self.rejected)


def parse_import(data: bytes, media_type: str, phone_region: str) -> Result[ParsedImport, ServiceError]:
    """The pure part of an import: it takes seconds of processor time for a large file, and no database.

    Err holds ImportUnreadable or ImportTooLarge: then nothing of the file can be used.
    """
    return read_lines(data).and_then(partial(_find, media_type)).map(partial(_sort_out, phone_region))


def split_by_stored(
    rows: Sequence[ParsedRow], stored_keys: Collection[str]
) -> tuple[list[ParsedRow], list[ParsedRow]]:
    """The rows that are new, and those that are stored already."""
    known, new = Chain(rows).partition(it.key.is_in(frozenset(stored_keys)))
    return new, known


def _find(media_type: str, lines: Sequence[bytes]) -> Result[Iterator[FoundContact], ServiceError]:
    """By content first, because exports come under any media type."""
    is_vcard = has_vcard(lines) or media_type.partition(";")[0].strip().lower() in VCARD_MEDIA_TYPES
    return find_vcard_contacts(lines) if is_vcard else find_csv_contacts(lines)


def _sort_out(phone_region: str, found: Iterator[FoundContact]) -> ParsedImport:
    rows, rejected = Chain(enumerate(found, 1)).map(partial(_parse_row, phone_region)).partition_results()
    fresh, repeated = Chain(rows).unique(_SAMENESS), Chain(rows).duplicates(_SAMENESS)
    return ParsedImport(fresh.to_tuple(), repeated.to_tuple(), tuple(rejected))


def _parse_row(phone_region: str, numbered: tuple[int, FoundContact]) -> Result[ParsedRow, RowResult]:
    row, found = numbered

    def parsed(accepted: Accepted) -> ParsedRow:
        draft = accepted.draft
        return ParsedRow(row, found.line, draft, identity_key(draft), accepted.warnings)

    def rejected(problems: Problems) -> RowResult:
        return RowResult(row, found.line, "rejected", errors=problems, warnings=found.warnings)

    return accept(found, phone_region).map(parsed).map_err(rejected)
