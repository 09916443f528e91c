"""What the use cases need from the world. Each promise here is held by a contract test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import Struct

from engine import Versioned
from engine.result import Result
from service.application.account_ports import AccountLinkStore, RefreshTokenStore, SessionStore
from service.application.audit_ports import AuditLog
from service.domain.configuration import Configuration
from service.domain.configuration_history import ConfigurationChange
from service.domain.contacts import Contact
from service.domain.identity import ContactId, SessionId, UserId
from service.domain.limits import Charge, Limit, Standing
from service.domain.sessions import Session
from service.domain.tenants import Tenant, TenantStatus
from service.domain.tokens import Claims, TokenFault
from service.domain.users import User

SortField = Literal[
    "number", "last_name", "first_name", "email", "phone", "created_at", "updated_at", "relevance"
]


class SortKey(Struct, frozen=True):
    """One column of an ordering; the id always breaks the last tie. Relevance needs a filter by `words`:
    the higher, the better the name fits them.
    """

    field: SortField
    descending: bool = False


class ContactFilter(Struct, frozen=True):
    """Conditions that all hold; None means "any".

    `search` looks, case-insensitively, for its text anywhere in names, e-mail, phone and address.
    `words` looks for that, and for each of its words at the beginning of one of names, e-mail, labels and
    address, without regard to accents, or nearly its text; a number by its digits in the phone number.
    The `*_contains` are case-sensitive substrings (API v1). Text is literal: % and _ have no meaning.
    """

    search: str | None = None
    words: str | None = None
    name_contains: str | None = None
    email_contains: str | None = None
    phone_contains: str | None = None
    gender: bool | None = None
    age: int | None = None
    after_number: int | None = None
    owner: UserId | None = None


class Cursor(Struct, frozen=True):
    """Where a page ended. Only the store that gave it, asked for the same ordering, understands it."""

    values: tuple[Any, ...]
    is_backward: bool = False


class ContactQuery(Struct, frozen=True):
    """A page of the contacts that are not deleted: `limit` rows of the ordering after `offset`.

    With a cursor, those that follow it; when it is backward, those that lead up to it, in the same order.
    """

    where: ContactFilter = ContactFilter()
    sort: tuple[SortKey, ...] = (SortKey("number"),)
    offset: int = 0
    limit: int | None = None
    cursor: Cursor | None = None


class ContactPage(Struct, frozen=True):
    """`total` counts every match, not just this page. `previous` and `next` are None at the ends."""

    items: tuple[Contact, ...]
    total: int
    previous: Cursor | None = None
    next: Cursor | None = None


class UserQuery(Struct, frozen=True):
    """A page of the users by name. `search` looks for its text anywhere in the name, in any case, and in
    the e-mail if that may be seen. `only` is the one who may be seen at all.
    """

    search: str | None = None
    is_email_searched: bool = False
    only: UserId | None = None
    offset: int = 0
    limit: int | None = None


class UserPage(Struct, frozen=True):
    """`total` counts every match, not just this page."""

    items: tuple[User, ...]
    total: int


class ContactStore(Protocol):
    """The contacts of the one tenant the transaction is bound to. Deleted ones are never returned."""

    async def find(self, contact_id: ContactId) -> Contact | None: ...

    async def find_by_number(self, number: int) -> Contact | None: ...

    async def list_page(self, query: ContactQuery) -> ContactPage: ...

    def iter_all(self, query: ContactQuery) -> AsyncIterator[Contact]:
        """Every match, in order, in flat memory."""
        ...

    async def insert(self, contact: Contact) -> Contact:
        """The contact as stored, with its number. Raises ContactExists when its identity key is taken."""
        ...

    async def insert_many(self, contacts: Sequence[Contact]) -> frozenset[ContactId]:
        """The ids that were stored. A contact whose identity key is taken is passed over, not an error."""
        ...

    async def find_identity_keys(self, keys: Collection[str]) -> frozenset[str]:
        """Those of `keys` that contacts of the tenant have."""
        ...

    async def update(self, contact: Contact, *, expected_version: int) -> Contact:
        """The contact as stored. Raises VersionConflict when the stored version differs, ContactExists
        when the new identity key is taken, ContactNotFound when there is none.
        """
        ...

    async def soft_delete(self, contact_id: ContactId, *, now: datetime) -> bool:
        """Whether there was one to delete."""
        ...


class UserStore(Protocol):
    """The users of the one tenant the transaction is bound to."""

    async def find(self, user_id: UserId) -> User | None: ...

    async def hold(self, user_id: UserId) -> User | None:
        """The user, whom nobody changes until the transaction ends."""
        ...

    async def lock(self, user_id: UserId) -> User | None:
        """The user, whom nobody else changes, nor opens a session for, until the transaction ends."""
        ...

    async def lock_administrators(self) -> frozenset[UserId]:
        """Those who are active and tenant_admin; none of them changes until the transaction ends."""
        ...

    async def list_page(self, query: UserQuery) -> UserPage: ...

    async def find_by_login(self, username_or_email: str) -> User | None:
        """User name compared exactly, e-mail without regard to case."""
        ...

    async def insert(self, user: User) -> None:
        """Raises UserExists when the name or the e-mail is taken."""
        ...

    async def set_password(self, user_id: UserId, password_hash: str, *, now: datetime) -> None: ...

    async def update(self, user: User) -> None:
        """All but name and time of creation. Raises UserExists when the e-mail is taken."""
        ...


class TenantTransaction(Protocol):
    """One transaction in one tenant's database. Leaving it by an exception rolls everything back."""

    @property
    def now(self) -> datetime: ...

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def users(self) -> UserStore: ...

    @property
    def sessions(self) -> SessionStore: ...

    @property
    def refresh_tokens(self) -> RefreshTokenStore: ...

    @property
    def links(self) -> AccountLinkStore: ...

    @property
    def audit(self) -> AuditLog: ...

    def new_id(self) -> UUID:
        """A UUIDv7 (RFC 9562)."""
        ...


class TenantDatabases(Protocol):
    """The way into a tenant's data. Raises DatabaseUnavailable when it can not be reached in time."""

    def begin(self, tenant: Tenant) -> AbstractAsyncContextManager[TenantTransaction]:
        """A transaction that commits on a clean exit. Raises TenantNotFound for one that is not active."""
        ...


class TenantPage(Struct, frozen=True):
    """`total` counts every match, not just this page."""

    items: tuple[Tenant, ...]
    total: int


class TenantCatalogue(Protocol):
    """The control database: which tenants there are."""

    async def find(self, slug_or_id: str) -> Tenant | None:
        """The active tenant with this id (UUID text) or slug (in any case); an id goes before a slug."""
        ...

    async def find_any(self, slug_or_id: str) -> Tenant | None:
        """As `find`, in whatever state it is, and never from memory."""
        ...

    async def list_all(self) -> tuple[Tenant, ...]: ...

    async def list_page(self, status: TenantStatus | None, *, offset: int, limit: int) -> TenantPage:
        """In the order they were made; only those in the state, if one is given."""
        ...

    async def update(self, tenant: Tenant, *, expected: TenantStatus) -> bool:
        """Store the name and the state. False, and nothing is stored, when the state is not `expected`."""
        ...

    async def remove(self, tenant: Tenant) -> None:
        """Of a tenant in state "deleting": its database and what it has configured are no more; the row
        stays, as "deleted", and keeps the slug.
        """
        ...

    async def provision(self, slug: str, name: str) -> Tenant:
        """A new tenant with a migrated database of its own, active.

        Raises TenantExists when the slug is taken in any case, InvalidInput when it is none.
        """
        ...


class Limiter(Protocol):
    """Counts over all processes; while it can not, each process counts by itself. Never an error."""

    async def charge(
        self, charges: Sequence[Charge], session: tuple[Tenant, SessionId] | None = None
    ) -> tuple[tuple[Standing, ...], Session | None]:
        """All charges or, when one of them has to wait, none; and the session, if the cache knows it."""
        ...

    async def forgive(self, charge: Charge) -> None:
        """Nothing counts any more of what was charged."""
        ...

    async def forgive_all(self, limit: Limit, beginning: str) -> None:
        """As `forgive`, for every subject of the limit that begins so: hexadecimal digits and colons."""
        ...


class SessionCache(Protocol):
    """A cache of sessions: it may forget anything at any time, and its failure is never an error."""

    async def find(self, tenant: Tenant, session_id: SessionId) -> Session | None: ...

    async def put(self, tenant: Tenant, session: Session) -> None: ...

    async def remove(self, tenant: Tenant, session_id: SessionId) -> None: ...


class ConfigurationChangePage(Struct, frozen=True):
    """`total` counts every change, not just this page."""

    items: tuple[ConfigurationChange, ...]
    total: int


class ConfigurationStore(Protocol):
    """What each tenant has configured, and how it came to that: the truth, in the control database."""

    async def find(self, tenant: Tenant) -> Versioned[Configuration]:
        """The newest version; version 0, with nothing set, when nothing was ever changed."""
        ...

    async def append(self, tenant: Tenant, change: ConfigurationChange, contents: Configuration) -> bool:
        """Store the change and what it led to, both or neither. False, and nothing is stored, when the
        stored version is not the one before `change.version`.
        """
        ...

    async def list_changes(self, tenant: Tenant, *, offset: int, limit: int) -> ConfigurationChangePage:
        """Newest first."""
        ...

    async def get_contents(self, tenant: Tenant, version: int) -> Configuration:
        """As they were at that version. Raises LookupError when there was none such."""
        ...


class ConfigurationCache(Protocol):
    """The newest versions that were seen in the last moments, by any process. It may forget anything at any
    time, and its failure is never an error.
    """

    async def find(self, tenant: Tenant) -> Versioned[Configuration] | None: ...

    async def put(self, tenant: Tenant, configuration: Versioned[Configuration]) -> None:
        """Never replaces a newer version."""
        ...


class PasswordHasher(Protocol):
    """Slow on purpose and off the event loop. Raises Busy when too many wait."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Takes the same time for None (no such user) as for a wrong password."""
        ...


class TokenSigner(Protocol):
    """Signs and verifies; synchronous, microseconds."""

    def sign(self, claims: Claims) -> str: ...

    def verify(self, token: str) -> Result[Claims, TokenFault]:
        """The claims of a valid, unexpired token of ours; else why not, which is for the log alone."""
        ...

    def public_keys(self) -> tuple[dict[str, str], ...]:
        """Those that verify, as JSON Web Keys (RFC 7517)."""
        ...


class Seal(Protocol):
    """Closes texts that callers carry and must not make or change; synchronous, microseconds."""

    def close(self, contents: bytes, context: bytes) -> str:
        """A text of letters that any URL may have. The contents can be read; the context is not in it."""
        ...

    def open(self, sealed: str, context: bytes) -> bytes | None:
        """The contents; None for anything that was not closed by us in the same context."""
        ...
