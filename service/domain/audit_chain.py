"""Whether the audit is as it was written: every entry follows from the one before, up to the head."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from service.domain.audit import BEGINNING, RETENTION, Detail, Head, Kind, SealedEntry, digest_of, link

Fault = Literal["missing", "changed", "out_of_chain", "pruned_unasked", "beyond_the_end"]


class Break(Struct, frozen=True):
    """The first entry that is not as it was written.

    missing: it is gone. changed: its content is another. out_of_chain: it does not follow from the entry
    before it; it was put in, stands in another's place, or has another time. pruned_unasked: its content is
    gone and no entry says that it was pruned. beyond_the_end: it is newer than the head of the chain.
    """

    seq: int
    fault: Fault


class ChainReport(Struct, frozen=True):
    """`head` is worth keeping elsewhere: who can write all of the database can also write another chain."""

    checked: int
    pruned: int
    head: Head
    broken: Break | None = None


class ChainCheck:
    """Is given the head, then shown the entries in order, and says at the end what it found.

    Others add entries meanwhile: what came after the head is checked too, as far as it was seen.
    """

    def __init__(self, head: Head) -> None:
        self._head = head
        self._last: Head | None = None
        self._first: SealedEntry | None = None
        self._checked = 0
        self._pruned = 0
        self._broken: Break | None = None
        self._newest_pruned: dict[Kind, SealedEntry] = {}
        self._cutoffs: dict[str, datetime] = {}
        self._start = BEGINNING

    def add(self, sealed: SealedEntry) -> None:
        if self._broken is not None:
            return
        self._checked += 1
        fault = self._find_fault(sealed)
        if fault is not None:
            self._broken = fault
        self._note_pruning(sealed)
        self._first = self._first or sealed
        self._last = Head(sealed.seq, sealed.hash)

    def report(self, latest: Head) -> ChainReport:
        """`latest` is the head after all entries were read."""
        broken = self._broken or self._find_fault_of_ends(latest) or self._find_unasked()
        return ChainReport(self._checked, self._pruned, self._head, broken)

    def _find_fault(self, sealed: SealedEntry) -> Break | None:
        seq = sealed.seq
        if self._last is not None and seq != self._last.seq + 1:
            return Break(self._last.seq + 1, "missing")
        if sealed.content is not None and digest_of(sealed.content) != sealed.digest:
            return Break(seq, "changed")
        is_in_chain = self._last is None or _follows(sealed, self._last.hash)
        is_head = seq != self._head.seq or sealed.hash == self._head.hash
        return None if is_in_chain and is_head else Break(seq, "out_of_chain")

    def _note_pruning(self, sealed: SealedEntry) -> None:
        entry = sealed.entry
        if entry is None:
            self._pruned += 1
            newest = self._newest_pruned.get(sealed.kind)
            if newest is None or newest.at < sealed.at:
                self._newest_pruned[sealed.kind] = sealed
        elif entry.action == "audit.pruned":
            self._start = _start_of(entry.details)
            for kind in RETENTION:
                self._cutoffs[kind] = datetime.fromisoformat(str(entry.details[kind]))

    def _find_fault_of_ends(self, latest: Head) -> Break | None:
        if self._first is None or self._last is None:
            return Break(1, "missing") if self._head.seq else None
        if self._first.seq != self._start.seq + 1:
            return Break(self._start.seq + 1, "missing")
        if not _follows(self._first, self._start.hash):
            return Break(self._first.seq, "out_of_chain")
        if self._last.seq < self._head.seq:
            return Break(self._last.seq + 1, "missing")
        return Break(latest.seq + 1, "beyond_the_end") if self._last.seq > latest.seq else None

    def _find_unasked(self) -> Break | None:
        for kind, sealed in self._newest_pruned.items():
            if kind not in self._cutoffs or sealed.at >= self._cutoffs[kind]:
                return Break(sealed.seq, "pruned_unasked")
        return None


def _start_of(details: Mapping[str, Detail]) -> Head:
    return Head(int(str(details["first"])) - 1, bytes.fromhex(str(details["previous"])))


def _follows(sealed: SealedEntry, previous: bytes) -> bool:
    return link(previous, sealed.seq, sealed.at, sealed.kind, sealed.digest) == sealed.hash
