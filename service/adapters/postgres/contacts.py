"""Contacts of one tenant. Statements of one shape are constants here; the list is in contact_queries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime

import msgspec

from service.adapters.postgres.contact_queries import page_statement, stream_statement
from service.adapters.postgres.contact_rows import COLUMNS, from_row, to_row
from service.adapters.postgres.statements import Statements
from service.application.ports import ContactPage, ContactQuery
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
_FIND = f"SELECT {_listed(COLUMNS)} FROM contacts WHERE id = $1 AND deleted_at IS NULL"  # noqa: S608
_FIND_NUMBER = f"SELECT {_listed(COLUMNS)} FROM contacts WHERE number = $1 AND deleted_at IS NULL"  # noqa: S608
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
_FIND_KEYS = "SELECT identity_key FROM contacts WHERE identity_key = ANY($1::text[]) AND deleted_at IS NULL"
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
        row = await self._statements.fetch_row(_FIND, contact_id)
        return None if row is None else from_row(row)

    async def find_by_number(self, number: int) -> Contact | None:
        if not 0 < number <= _BIGGEST_NUMBER:
            return None
        row = await self._statements.fetch_row(_FIND_NUMBER, number)
        return None if row is None else from_row(row)

    async def list_page(self, query: ContactQuery) -> ContactPage:
        sql, arguments = page_statement(query)
        rows = await self._statements.fetch(sql, *arguments)
        items = tuple(from_row(row) for row in rows if row["id"] is not None)
        return ContactPage(items=items, total=rows[0]["total"])

    async def iter_all(self, query: ContactQuery) -> AsyncIterator[Contact]:
        sql, arguments = stream_statement(query)
        async for row in self._statements.iter_rows(sql, *arguments):
            yield from_row(row)

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
        rows = await self._statements.fetch(_FIND_KEYS, list(keys))
        return frozenset(row["identity_key"] for row in rows)

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
