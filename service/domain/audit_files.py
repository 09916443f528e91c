"""Entries of the audit as people and programs take them along: a mapping, a line of JSON, a row of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

from service.domain.audit import SealedEntry

AuditFormat = Literal["ndjson", "csv"]

BATCH_SIZE = 500
_COLUMNS = (
    *("seq", "at", "kind", "action", "user_id", "username", "role", "session_id", "address"),
    *("subject_type", "subject_id", "request_id", "details", "hash"),
)
# What a spreadsheet takes for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AuditFile(Struct, frozen=True):
    """How a file begins, and what each entry adds to it."""

    media_type: str
    header: str
    render: Callable[[SealedEntry], str]


def render_entry(sealed: SealedEntry) -> dict[str, Any]:
    """As the API shows it; of one that was pruned only its place in the chain."""
    place = {"seq": sealed.seq, "at": sealed.at, "kind": sealed.kind, "hash": sealed.hash.hex()}
    entry = sealed.entry
    if entry is None:
        return place | {"pruned": True}
    return place | {
        "action": entry.action,
        "actor": structs.asdict(entry.actor),
        "subject": structs.asdict(entry.subject),
        "request_id": entry.request_id,
        "details": entry.details,
    }


def _render_line(sealed: SealedEntry) -> str:
    return msgspec.json.encode(render_entry(sealed)).decode() + "\n"


def _render_row(sealed: SealedEntry) -> str:
    shown = msgspec.to_builtins(render_entry(sealed))
    subject = {f"subject_{name}": value for name, value in shown.pop("subject", {}).items()}
    details = msgspec.json.encode(shown.pop("details", {})).decode()
    cells = shown | shown.pop("actor", {}) | subject | {"details": details}
    return _row([_cell(cells.get(name)) for name in _COLUMNS])


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


FILES: dict[AuditFormat, AuditFile] = {
    "ndjson": AuditFile("application/x-ndjson", "", _render_line),
    "csv": AuditFile("text/csv; charset=utf-8", _row(list(_COLUMNS)), _render_row),
}
