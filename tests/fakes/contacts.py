"""Contacts in a dict: plain loops that say what the SQL must mean."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from fakes.search import has_digits, has_words, is_number, similarity
from fakes.texts import require_storable
from service.application.ports import ContactFilter, ContactPage, ContactQuery, Cursor, SortKey
from service.domain.contacts import Contact
from service.domain.errors import ContactExists, ContactNotFound, VersionConflict
from service.domain.identity import ContactId


class FakeContactStore:
    def __init__(self) -> None:
        self.rows: dict[ContactId, Contact] = {}
        self.last_number = 0

    async def find(self, contact_id: ContactId) -> Contact | None:
        row = self.rows.get(contact_id)
        return row if row and row.deleted_at is None else None

    async def find_by_number(self, number: int) -> Contact | None:
        return next((row for row in self._live() if row.number == number), None)

    async def list_page(self, query: ContactQuery) -> ContactPage:
        require_storable(query.where)
        matches = self._matches(query)
        items = tuple(_page(matches, query))
        return ContactPage(items, len(matches), *_neighbours(items, matches))

    async def iter_all(self, query: ContactQuery) -> AsyncIterator[Contact]:
        for row in _page(self._matches(query), query):
            yield row

    async def insert(self, contact: Contact) -> Contact:
        require_storable(contact)
        if contact.id in self.rows or await self.find_identity_keys(_key(contact)):
            raise ContactExists
        return self._store(contact)

    async def insert_many(self, contacts: Sequence[Contact]) -> frozenset[ContactId]:
        for contact in contacts:
            require_storable(contact)
        stored = set()
        for contact in contacts:
            if contact.id not in self.rows and not await self.find_identity_keys(_key(contact)):
                stored.add(self._store(contact).id)
        return frozenset(stored)

    async def find_identity_keys(self, keys: Collection[str]) -> frozenset[str]:
        wanted = set(keys)
        return frozenset(row.identity_key for row in self._live() if row.identity_key in wanted)

    async def update(self, contact: Contact, *, expected_version: int) -> Contact:
        require_storable(contact)
        before = await self.find(contact.id)
        if before is None:
            raise ContactNotFound
        if before.version != expected_version:
            raise VersionConflict
        if contact.identity_key != before.identity_key and await self.find_identity_keys(_key(contact)):
            raise ContactExists
        after = msgspec.structs.replace(
            contact,
            number=before.number,
            created_at=before.created_at,
            version=before.version + 1,
            deleted_at=None,
        )
        self.rows[after.id] = after
        return after

    async def soft_delete(self, contact_id: ContactId, *, now: datetime) -> bool:
        before = await self.find(contact_id)
        if before is None:
            return False
        self.rows[contact_id] = msgspec.structs.replace(
            before, deleted_at=now, updated_at=now, version=before.version + 1
        )
        return True

    def _store(self, contact: Contact) -> Contact:
        self.last_number += 1
        stored = msgspec.structs.replace(contact, number=self.last_number)
        self.rows[stored.id] = stored
        return stored

    def _live(self) -> Iterable[Contact]:
        return (row for row in self.rows.values() if row.deleted_at is None)

    def _matches(self, query: ContactQuery) -> list[Contact]:
        matches = sorted((row for row in self._live() if _holds(query.where, row)), key=lambda row: row.id)
        for key in reversed(query.sort):
            matches.sort(
                key=lambda row, key=key: _sort_value(row, key, query.where.words), reverse=key.descending
            )
        return matches


def _key(contact: Contact) -> tuple[str, ...]:
    return () if contact.identity_key is None else (contact.identity_key,)


def _page(matches: list[Contact], query: ContactQuery) -> list[Contact]:
    end = None if query.limit is None else query.offset + query.limit
    if query.cursor is None:
        return matches[query.offset : end]
    place = [row.id for row in matches].index(query.cursor.values[0])
    if query.cursor.is_backward:
        return matches[:place][::-1][query.offset : end][::-1]
    return matches[place + 1 :][query.offset : end]


def _neighbours(items: tuple[Contact, ...], matches: list[Contact]) -> tuple[Cursor | None, Cursor | None]:
    if not items:
        return None, None
    first, last = items[0].id, items[-1].id
    return (
        None if first == matches[0].id else Cursor((first,), is_backward=True),
        None if last == matches[-1].id else Cursor((last,)),
    )


def _full_name(row: Contact) -> str:
    return f"{row.first_name} {row.last_name}".strip(" ")


def _searched(row: Contact) -> str:
    return "\n".join((_full_name(row), row.email, row.phone, row.address)).lower()


def _holds(where: ContactFilter, row: Contact) -> bool:
    return all(
        (
            where.search is None or where.search.lower() in _searched(row),
            where.words is None or _found_by(where.words, row),
            where.name_contains is None or where.name_contains in _full_name(row),
            where.email_contains is None or where.email_contains in row.email,
            where.phone_contains is None or where.phone_contains in row.phone,
            where.gender is None or row.metadata.get("gender") is where.gender,
            where.age is None or _age(row) == where.age,
            where.after_number is None or row.number > where.after_number,
            where.owner is None or row.user_id == where.owner,
        )
    )


def _found_by(text: str, row: Contact) -> bool:
    if text.lower() in _searched(row):
        return True
    if is_number(text):
        return has_digits(text, row.phone)
    in_words = " ".join((_full_name(row), row.email, *row.labels, row.address))
    is_long = re.search(r"\w{3}", text) is not None
    return is_long and (has_words(text, in_words) or similarity(text, _searched(row)) >= 0.6)


def _age(row: Contact) -> object:
    age = row.metadata.get("age")
    return None if isinstance(age, bool) else age


def _sort_value(row: Contact, key: SortKey, words: str | None) -> Any:
    if key.field == "relevance":
        return similarity(words, f"{row.first_name} {row.last_name}")
    value = getattr(row, key.field)
    return _collated(value) if isinstance(value, str) else value


def _collated(text: str) -> tuple[str, str]:
    return text.lower(), text
