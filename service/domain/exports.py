"""Contacts as files, a piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from msgspec import Struct

from engine import Chain
from service.domain.contact_csv import render_csv_header, render_csv_row
from service.domain.contacts import Contact, ContactDraft
from service.domain.vcards import render_vcard

ExportFormat = Literal["csv", "vcf"]

BATCH_SIZE = 500


class FileKind(Struct, frozen=True):
    """How a file begins, what each contact adds to it, and what it is called."""

    media_type: str
    header: str
    render: Callable[[Contact | ContactDraft], str]


KINDS: dict[ExportFormat, FileKind] = {
    "csv": FileKind("text/csv; charset=utf-8", render_csv_header(), render_csv_row),
    "vcf": FileKind("text/vcard; charset=utf-8", "", render_vcard),
}


def iter_export(contacts: Iterable[Contact | ContactDraft], export_format: ExportFormat) -> Iterator[bytes]:
    """The file in pieces of up to 500 contacts; the first piece is there even when no contact is."""
    kind = KINDS[export_format]
    yield kind.header.encode()
    yield from Chain(contacts).map(kind.render).chunks(BATCH_SIZE).map(_join)


def render_batch(contacts: Iterable[Contact], export_format: ExportFormat) -> bytes:
    """What these contacts add to a file."""
    return _join(Chain(contacts).map(KINDS[export_format].render).collect())


def _join(texts: Iterable[str]) -> bytes:
    return "".join(texts).encode()
