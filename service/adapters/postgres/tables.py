"""The tenant's tables as queries know them, and what can be joined. The migrations make them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, ColumnElement, DateTime, Integer, Uuid, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB

from service.adapters.postgres.columns import (
    BIGINT,
    COLLATION,
    DOUBLE,
    TEXT,
    JsonColumn,
    ListColumn,
    ScalarColumn,
    SearchColumn,
    TextColumn,
    WordsColumn,
)
from service.adapters.postgres.contact_rows import from_row
from service.adapters.postgres.relations import Relation, Table
from service.adapters.postgres.scopes import Scope
from service.domain.sessions import Session
from service.domain.users import User

_ID = Uuid()
_TIME = DateTime(timezone=True)


class _FullName(TextColumn[str], frozen=True, cache_hash=True):
    """First and last name as API v1 shows them; no column of the table."""

    def render(self, scope: Scope) -> ColumnElement[Any]:
        first, last = scope.column(self.table, "first_name"), scope.column(self.table, "last_name")
        return func.btrim(first.op("||")(literal_column("' '")).op("||")(last))


class _Digits(TextColumn[str], frozen=True, cache_hash=True):
    """The digits of a phone number however it is written; no column of the table, but an index has it."""

    def render(self, scope: Scope) -> ColumnElement[Any]:
        constants: map[ColumnElement[str]] = map(literal_column, ("'[^0-9]'", "''", "'g'"))
        return func.regexp_replace(scope.column(self.table, "phone"), *constants)


class _Words(WordsColumn, frozen=True, cache_hash=True):
    """What the index of words has; no column of the table."""

    def render(self, scope: Scope) -> ColumnElement[Any]:
        return func.contact_words(*(scope.column(self.table, name) for name in _IN_WORDS))


_IN_WORDS = ("first_name", "last_name", "email", "labels", "address")


class _Relevance(ScalarColumn[float], frozen=True, cache_hash=True):
    """How well the name fits what the query is about, from 0 to 1; no column of the table."""

    def render(self, scope: Scope) -> ColumnElement[Any]:
        first, last = scope.column(self.table, "first_name"), scope.column(self.table, "last_name")
        name = func.lower(first.op("||")(literal_column("' '")).op("||")(last))
        return func.word_similarity(func.lower(scope.subject.collate(COLLATION)), name)


class Contacts:
    """The columns, in the order of the fields of Contact; then what is only asked about."""

    ID = ScalarColumn[UUID]("contacts", "id", _ID, unique=True)
    USER_ID = ScalarColumn[UUID | None]("contacts", "user_id", _ID, nullable=True)
    FIRST_NAME = TextColumn[str]("contacts", "first_name", TEXT)
    LAST_NAME = TextColumn[str]("contacts", "last_name", TEXT)
    EMAIL = TextColumn[str]("contacts", "email", TEXT)
    PHONE = TextColumn[str]("contacts", "phone", TEXT)
    PHONE_E164 = TextColumn[str | None]("contacts", "phone_e164", TEXT, nullable=True)
    ADDRESS = TextColumn[str]("contacts", "address", TEXT)
    LABELS = ListColumn("contacts", "labels", ARRAY(TEXT))
    METADATA = JsonColumn("contacts", "metadata", JSONB())
    CREATED_AT = ScalarColumn[datetime]("contacts", "created_at", _TIME)
    UPDATED_AT = ScalarColumn[datetime]("contacts", "updated_at", _TIME)
    VERSION = ScalarColumn[int]("contacts", "version", Integer())
    NUMBER = ScalarColumn[int]("contacts", "number", BIGINT, unique=True)
    IDENTITY_KEY = TextColumn[str | None]("contacts", "identity_key", TEXT, nullable=True)
    DELETED_AT = ScalarColumn[datetime | None]("contacts", "deleted_at", _TIME, nullable=True)

    SEARCH_TEXT = SearchColumn("contacts", "search_text", TEXT)
    PHONE_DIGITS = _Digits("contacts", "phone_digits", TEXT)
    WORDS = _Words("contacts", "words", TEXT, nullable=True)
    RELEVANCE = _Relevance("contacts", "relevance", DOUBLE)
    FULL_NAME = _FullName("contacts", "full_name", TEXT)


class Users:
    ID = ScalarColumn[UUID]("users", "id", _ID, unique=True)
    USERNAME = TextColumn[str]("users", "username", TEXT)
    EMAIL = TextColumn[str]("users", "email", TEXT)
    PASSWORD_HASH = ScalarColumn[str]("users", "password_hash", TEXT)
    ROLE = ScalarColumn[str]("users", "role", TEXT)
    ACTIVE = ScalarColumn[bool]("users", "active", Boolean())
    CREATED_AT = ScalarColumn[datetime]("users", "created_at", _TIME)
    UPDATED_AT = ScalarColumn[datetime]("users", "updated_at", _TIME)


class Sessions:
    ID = ScalarColumn[UUID]("sessions", "id", _ID, unique=True)
    USER_ID = ScalarColumn[UUID]("sessions", "user_id", _ID)
    CREATED_AT = ScalarColumn[datetime]("sessions", "created_at", _TIME)
    EXPIRES_AT = ScalarColumn[datetime]("sessions", "expires_at", _TIME)
    ENDED_AT = ScalarColumn[datetime | None]("sessions", "ended_at", _TIME, nullable=True)


CONTACTS = Table(
    "contacts",
    Contacts.ID,
    (
        Contacts.ID,
        Contacts.USER_ID,
        Contacts.FIRST_NAME,
        Contacts.LAST_NAME,
        Contacts.EMAIL,
        Contacts.PHONE,
        Contacts.PHONE_E164,
        Contacts.ADDRESS,
        Contacts.LABELS,
        Contacts.METADATA,
        Contacts.CREATED_AT,
        Contacts.UPDATED_AT,
        Contacts.VERSION,
        Contacts.NUMBER,
        Contacts.IDENTITY_KEY,
        Contacts.DELETED_AT,
    ),
    from_row,
    others=(Contacts.SEARCH_TEXT,),
)
USERS = Table(
    "users",
    Users.ID,
    (
        Users.ID,
        Users.USERNAME,
        Users.EMAIL,
        Users.PASSWORD_HASH,
        Users.ROLE,
        Users.ACTIVE,
        Users.CREATED_AT,
        Users.UPDATED_AT,
    ),
    lambda row: User(*row),
)
SESSIONS = Table(
    "sessions",
    Sessions.ID,
    (Sessions.ID, Sessions.USER_ID, Sessions.CREATED_AT, Sessions.EXPIRES_AT, Sessions.ENDED_AT),
    lambda row: Session(*row),
)

OWNER_OF_CONTACT = Relation(Contacts.USER_ID, USERS, Users.ID)
CONTACTS_OF_USER = Relation(Users.ID, CONTACTS, Contacts.USER_ID)
USER_OF_SESSION = Relation(Sessions.USER_ID, USERS, Users.ID)
SESSIONS_OF_USER = Relation(Users.ID, SESSIONS, Sessions.USER_ID)
