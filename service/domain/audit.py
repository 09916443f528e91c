"""What is written down of who did what, and the chain that shows when it was tampered with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from service.domain.identity import Actor, Origin, SessionId, UserId
from service.domain.users import User

Kind = Literal["authentication", "authorisation", "data", "system"]
Action = Literal[
    "login.succeeded",
    "login.failed",
    "logout",
    "session.refreshed",
    "session.reuse_detected",
    "session.ended",
    "sessions.ended",
    "password.changed",
    "permission.denied",
    "contacts.listed",
    "contacts.read",
    "contacts.created",
    "contacts.updated",
    "contacts.deleted",
    "contacts.imported",
    "contacts.exported",
    "users.created",
    "users.invited",
    "users.updated",
    "users.unlocked",
    "audit.read",
    "audit.exported",
    "audit.pruned",
]
KINDS: Mapping[Action, Kind] = {
    "login.succeeded": "authentication",
    "login.failed": "authentication",
    "logout": "authentication",
    "session.refreshed": "authentication",
    "session.reuse_detected": "authentication",
    "session.ended": "authentication",
    "sessions.ended": "authentication",
    "password.changed": "authentication",
    "permission.denied": "authorisation",
    "contacts.listed": "data",
    "contacts.read": "data",
    "contacts.created": "data",
    "contacts.updated": "data",
    "contacts.deleted": "data",
    "contacts.imported": "data",
    "contacts.exported": "data",
    "users.created": "data",
    "users.invited": "authorisation",
    "users.updated": "authorisation",
    "users.unlocked": "authorisation",
    "audit.read": "data",
    "audit.exported": "data",
    "audit.pruned": "system",
}
# Nothing is lost with them but the knowledge that somebody looked.
READS: frozenset[str] = frozenset({"contacts.listed", "contacts.read", "audit.read"})

# The longer one where the specification has two (6.2.3.4 and 6.4.2.5).
RETENTION: Mapping[Kind, timedelta] = {
    "authentication": timedelta(days=2 * 365),
    "authorisation": timedelta(days=5 * 365),
    "data": timedelta(days=365),
    "system": timedelta(days=7 * 365),
}

Detail: TypeAlias = str | int | bool | list[str]


class Doer(Struct, frozen=True, omit_defaults=True):
    """Who did it, as far as it is known: nothing at all is the operator at the command line."""

    user_id: UserId | None = None
    username: str = ""
    role: str = ""
    session_id: SessionId | None = None
    address: str = ""


class AuditSubject(Struct, frozen=True, omit_defaults=True):
    """What it was done to; no id where it was many."""

    type: str
    id: str = ""


class Entry(Struct, frozen=True, omit_defaults=True):
    """`details` are counts, reasons and names of fields: never what was in them."""

    action: Action
    actor: Doer
    subject: AuditSubject
    request_id: str = ""
    details: dict[str, Detail] = {}


class StoredEntry(Struct, frozen=True, omit_defaults=True):
    """An entry as it is read again, perhaps written by another version, which has other actions."""

    action: str
    actor: Doer
    subject: AuditSubject
    request_id: str = ""
    details: dict[str, Detail] = {}


class SealedEntry(Struct, frozen=True):
    """A link of the chain; of one that was pruned `content` is None."""

    seq: int
    at: datetime
    kind: Kind
    content: str | None
    digest: bytes
    hash: bytes

    @property
    def entry(self) -> StoredEntry | None:
        return None if self.content is None else _DECODER.decode(self.content)


class Head(Struct, frozen=True):
    """The last link."""

    seq: int
    hash: bytes


class AuditFilter(Struct, frozen=True):
    """Conditions that all hold; None means "any". `since` is included, `until` is not."""

    kind: Kind | None = None
    action: str | None = None
    actor: str | None = None
    subject_type: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Pruned(Struct, frozen=True):
    """How many entries lost their content; where the chain begins now, and the hash before that."""

    count: int
    first: int
    previous: bytes


BEGINNING = Head(0, bytes(32))


def done_by(
    actor: Actor, action: Action, subject: AuditSubject, details: Mapping[str, Detail] | None = None
) -> Entry:
    """The entry for what a person did in a request."""
    origin = actor.origin
    doer = Doer(actor.user_id, actor.username, actor.role, actor.session_id, origin.address)
    return Entry(action, doer, subject, origin.request_id, dict(details or {}))


def done_without_token(
    origin: Origin,
    action: Action,
    subject: AuditSubject,
    details: Mapping[str, Detail] | None = None,
    doer: Doer | None = None,
) -> Entry:
    """The entry for what somebody did who has no token, or not yet; or the operator."""
    known = msgspec.structs.replace(doer or Doer(), address=origin.address)
    return Entry(action, known, subject, origin.request_id, dict(details or {}))


def done_to_self(
    user: User, origin: Origin, action: Action, details: Mapping[str, Detail] | None = None
) -> Entry:
    """The entry for what somebody did to their account without a token: signing up, or by a link."""
    doer = Doer(user.id, user.username, user.role)
    return done_without_token(origin, action, AuditSubject("user", str(user.id)), details, doer)


def render_content(entry: Entry) -> str:
    """The canonical text, of which the digest is taken."""
    return msgspec.json.encode(entry, order="deterministic").decode()


def digest_of(content: str) -> bytes:
    return sha256(content.encode()).digest()


def link(previous: bytes, seq: int, at: datetime, kind: Kind, digest: bytes) -> bytes:
    """The hash of an entry; append_audit_entries of the tenant's database says the same in SQL."""
    at_us = (at - _EPOCH) // timedelta(microseconds=1)
    numbers = seq.to_bytes(8, "big") + at_us.to_bytes(8, "big", signed=True)
    return sha256(previous + numbers + kind.encode() + digest).digest()


def seal(head: Head, at: datetime, entry: Entry) -> SealedEntry:
    """The entry as the next link."""
    content, kind, seq = render_content(entry), KINDS[entry.action], head.seq + 1
    digest = digest_of(content)
    return SealedEntry(seq, at, kind, content, digest, link(head.hash, seq, at, kind, digest))


def cutoffs(now: datetime) -> dict[Kind, datetime]:
    """What is older is not to be kept."""
    return {kind: now - kept for kind, kept in RETENTION.items()}


def is_read(entry: Entry) -> bool:
    return entry.action in READS


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DECODER = msgspec.json.Decoder(StoredEntry)
