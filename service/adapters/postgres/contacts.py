"""Contacts of one tenant. What is read is a query; statements that write are constants here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime

import msgspec

from service.adapters.postgres.contact_queries import LIVE, asked_contacts
from service.adapters.postgres.contact_rows import COLUMNS, from_row, to_row
from service.adapters.postgres.statements import Statements
from service.adapters.postgres.tables import Contacts
from service.application.ports import ContactPage, ContactQuery, Cursor
from service.domain.contacts import Contact
from service.domain.errors import ContactExists, ContactNotFound, VersionConflict
from service.domain.identity import ContactId

# The server gives the number, and a new contact is not deleted.
_GIVEN = tuple(name for name in COLUMNS if name not in {"number", "deleted_at"})
_CHANGEABLE = tuple(name for name in _GIVEN if name not in {"id", "created_at", "version"})


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _numbered(names: Sequence[str], first: int = 1) -> str:
    return ", ".join(f"${number}" for number, _ in enumerate(names, first))


# Only constants of this module are put into these texts.
# DO NOTHING instead of the error, which would end the whole transaction.
_INSERT = f"""
INSERT INTO contacts ({_listed(_GIVEN)}) VALUES ({_numbered(_GIVEN)})
ON CONFLICT DO NOTHING RETURNING number
"""  # noqa: S608
_MAKE_INCOMING = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS incoming ON COMMIT DROP AS
SELECT 0 AS position, {_listed(_GIVEN)} FROM contacts WITH NO DATA
"""  # noqa: S608
_INSERT_INCOMING = f"""
INSERT INTO contacts ({_listed(_GIVEN)}) SELECT {_listed(_GIVEN)} FROM incoming ORDER BY position
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608
_UPDATE = f"""
UPDATE contacts SET ({_listed(_CHANGEABLE)}) = ROW ({_numbered(_CHANGEABLE, 3)}), version = version + 1
WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING {_listed(COLUMNS)}
"""  # noqa: S608
_SOFT_DELETE = """
UPDATE contacts SET deleted_at = $2, updated_at = $2, version = version + 1
WHERE id = $1 AND deleted_at IS NULL RETURNING id
"""

_BIGGEST_NUMBER = 2**63 - 1


class PostgresContactStore:
    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def find(self, contact_id: ContactId) -> Contact | None:
        return await self._statements.query(LIVE.where(Contacts.ID.equals(contact_id))).find()

    async def find_by_number(self, number: int) -> Contact | None:
        if not 0 < number <= _BIGGEST_NUMBER:
            return None
        return await self._statements.query(LIVE.where(Contacts.NUMBER.equals(number))).find()

    async def list_page(self, query: ContactQuery) -> ContactPage:
        page = await self._statements.query(asked_contacts(query)).fetch_page()
        return ContactPage(
            items=page.rows,
            total=page.total,
            previous=None if page.first is None else Cursor(page.first, is_backward=True),
            next=None if page.last is None else Cursor(page.last),
        )

    def iter_all(self, query: ContactQuery) -> AsyncIterator[Contact]:
        return self._statements.query(asked_contacts(query)).iter_rows()

    async def insert(self, contact: Contact) -> Contact:
        number = await self._statements.fetch_value(_INSERT, *_values(contact, _GIVEN))
        if number is None:
            raise ContactExists
        return msgspec.structs.replace(contact, number=number, deleted_at=None)

    async def insert_many(self, contacts: Sequence[Contact]) -> frozenset[ContactId]:
        """Input order decides the numbers, and which of two equal contacts is stored."""
        await self._statements.execute(_MAKE_INCOMING)
        await self._statements.execute("TRUNCATE incoming")
        rows = [(position, *_values(contact, _GIVEN)) for position, contact in enumerate(contacts)]
        await self._statements.copy("incoming", ("position", *_GIVEN), rows)
        stored = await self._statements.fetch(_INSERT_INCOMING)
        self._statements.renew()
        return frozenset(row["id"] for row in stored)

    async def find_identity_keys(self, keys: Collection[str]) -> frozenset[str]:
        taken = LIVE.where(Contacts.IDENTITY_KEY.is_in(keys)).select(Contacts.IDENTITY_KEY)
        rows = await self._statements.query(taken).fetch()
        return frozenset(key for (key,) in rows if key is not None)

    async def update(self, contact: Contact, *, expected_version: int) -> Contact:
        """Once ContactExists is raised here, the transaction can only be left by an exception."""
        row = await self._statements.fetch_row(
            _UPDATE, contact.id, expected_version, *_values(contact, _CHANGEABLE)
        )
        if row is not None:
            return from_row(row)
        if await self.find(contact.id) is None:
            raise ContactNotFound
        raise VersionConflict

    async def soft_delete(self, contact_id: ContactId, *, now: datetime) -> bool:
        return await self._statements.fetch_value(_SOFT_DELETE, contact_id, now) is not None


_POSITIONS = {name: position for position, name in enumerate(COLUMNS)}


def _values(contact: Contact, names: Sequence[str]) -> list[object]:
    row = to_row(contact)
    return [row[_POSITIONS[name]] for name in names]
