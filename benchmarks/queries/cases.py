"""The questions: each as a value of ours, and as SQL written by hand."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from service.adapters.postgres.columns import COUNT, average, highest
from service.adapters.postgres.contact_queries import LIVE, asked_contacts
from service.adapters.postgres.queries import Query
from service.adapters.postgres.tables import CONTACTS_OF_USER, OWNER_OF_CONTACT, USERS, Contacts, Users
from service.application.ports import ContactFilter, ContactQuery, SortKey

Ending = Literal["rows", "page", "count"]


class Case(NamedTuple):
    """`build` makes our query; `sql` is by an expert, who knows the indexes and what lowers texts."""

    name: str
    build: Callable[[], Query[Any]]
    sql: str
    arguments: tuple[object, ...]
    ending: Ending

    @property
    def python(self) -> str:
        """What a reader of the code sees."""
        _, _, body = inspect.getsource(self.build).partition("-> Query[Any]:\n")
        return textwrap.dedent(body).strip()


CASES: list[Case] = []
COLUMNS = ", ".join(column.name for column in LIVE.columns)

Build = Callable[[], Query[Any]]


def _asked(name: str, sql: str, *arguments: object, ending: Ending = "rows") -> Callable[[Build], Build]:
    def keep(build: Build) -> Build:
        text = textwrap.dedent(sql).strip().format(columns=COLUMNS)
        CASES.append(Case(name, build, text, arguments, ending))
        return build

    return keep


CONTACT = UUID("01900000-0000-7000-8000-00000000d431")
ADDRESS = "Lor.Roaldanal1@example.org"
KEYS = [f"Lor.Roaldanal{n}@example.org" for n in range(500)]
USER = UUID("01900000-0000-7000-9000-000000000007")
JUNE, JULY = datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)


@_asked("one by its id", "SELECT {columns} FROM contacts WHERE deleted_at IS NULL AND id = $1", CONTACT)
def by_id() -> Query[Any]:
    return LIVE.where(Contacts.ID.equals(CONTACT))


@_asked(
    "a page of the list, with the total",
    """
    SELECT {columns}, (SELECT count(*) FROM contacts WHERE deleted_at IS NULL) AS total
    FROM contacts WHERE deleted_at IS NULL
    ORDER BY lower(last_name), last_name COLLATE "C", id LIMIT $1
    """,
    51,
    ending="page",
)
def page() -> Query[Any]:
    return LIVE.order_by(Contacts.LAST_NAME.ascending()).take(51)


@_asked(
    "how many",
    "SELECT count(*) FROM contacts WHERE deleted_at IS NULL AND user_id = $1",
    USER,
    ending="count",
)
def count_of_owner() -> Query[Any]:
    return LIVE.where(Contacts.USER_ID.equals(USER))


@_asked(
    "equal",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL AND email <> '' AND email = $1
    """,
    ADDRESS,
)
def equal() -> Query[Any]:
    return LIVE.where(~Contacts.EMAIL.equals("") & Contacts.EMAIL.equals(ADDRESS))


@_asked(
    "beginning with",
    "SELECT {columns} FROM contacts WHERE deleted_at IS NULL AND last_name LIKE $1",
    "Roald%",
)
def prefix() -> Query[Any]:
    return LIVE.where(Contacts.LAST_NAME.starts_with("Roald"))


@_asked(
    "containing, in any case",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL AND search_text LIKE lower($1 COLLATE chainbook_text)
    """,
    "%FRÉHÜ%",
)
def contains() -> Query[Any]:
    return LIVE.where(Contacts.SEARCH_TEXT.contains("FRÉHÜ"))


@_asked(
    "an e-mail in any case",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL AND lower(email) = lower($1 COLLATE chainbook_text)
    """,
    ADDRESS.upper(),
)
def email_in_any_case() -> Query[Any]:
    return LIVE.where(Contacts.EMAIL.equals_in_any_case(ADDRESS.upper()))


@_asked(
    "a range of dates",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL AND created_at >= $1 AND created_at < $2 ORDER BY created_at, id LIMIT $3
    """,
    JUNE,
    JULY,
    50,
)
def dates() -> Query[Any]:
    june = Contacts.CREATED_AT.is_at_least(JUNE) & Contacts.CREATED_AT.is_below(JULY)
    return LIVE.where(june).order_by(Contacts.CREATED_AT.ascending()).take(50)


@_asked(
    "labels and metadata",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL AND labels @> $1 AND metadata @> $2::text::jsonb
    """,
    ["work", "batch1"],
    '{"city":"be"}',
)
def labels_and_metadata() -> Query[Any]:
    return LIVE.where(Contacts.LABELS.holds(["work", "batch1"]) & Contacts.METADATA.holds({"city": "be"}))


@_asked(
    "one of several",
    "SELECT identity_key FROM contacts WHERE deleted_at IS NULL AND identity_key = ANY ($1)",
    KEYS,
)
def one_of_several() -> Query[Any]:
    return LIVE.where(Contacts.IDENTITY_KEY.is_in(KEYS)).select(Contacts.IDENTITY_KEY)


@_asked(
    "missing and not missing",
    """
    SELECT count(*) FROM contacts
    WHERE deleted_at IS NULL AND user_id IS NULL AND phone_e164 IS NOT NULL
    """,
    ending="count",
)
def missing() -> Query[Any]:
    return LIVE.where(Contacts.USER_ID.is_null() & ~Contacts.PHONE_E164.is_null())


@_asked(
    "sorted by several columns",
    """
    SELECT {columns} FROM contacts WHERE deleted_at IS NULL
    ORDER BY lower(last_name), last_name COLLATE "C", created_at DESC, id LIMIT $1
    """,
    50,
)
def sorted_by_several() -> Query[Any]:
    return LIVE.order_by(Contacts.LAST_NAME.ascending(), Contacts.CREATED_AT.descending()).take(50)


@_asked(
    "after a place",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL
        AND (lower(last_name), last_name COLLATE "C", id)
            > (lower($1 COLLATE chainbook_text), $1 COLLATE "C", $2)
    ORDER BY lower(last_name), last_name COLLATE "C", id LIMIT $3
    """,
    "Mibeal",
    CONTACT,
    50,
)
def after_a_place() -> Query[Any]:
    return LIVE.order_by(Contacts.LAST_NAME.ascending()).after(["Mibeal", CONTACT]).take(50)


@_asked(
    "before a place (read backward)",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL
        AND (lower(last_name), last_name COLLATE "C", id)
            < (lower($1 COLLATE chainbook_text), $1 COLLATE "C", $2)
    ORDER BY lower(last_name) DESC, last_name COLLATE "C" DESC, id DESC LIMIT $3
    """,
    "Mibeal",
    CONTACT,
    50,
)
def before_a_place() -> Query[Any]:
    return LIVE.order_by(Contacts.LAST_NAME.ascending()).before(["Mibeal", CONTACT]).take(50)


@_asked(
    "a page far behind",
    """
    SELECT {columns} FROM contacts WHERE deleted_at IS NULL
    ORDER BY created_at, id LIMIT $1 OFFSET $2
    """,
    50,
    90_000,
)
def far_behind() -> Query[Any]:
    return LIVE.order_by(Contacts.CREATED_AT.ascending()).skip(90_000).take(50)


@_asked(
    "users who have such a contact",
    """
    SELECT username FROM users WHERE EXISTS (
        SELECT 1 FROM contacts
        WHERE users.id = contacts.user_id AND deleted_at IS NULL
            AND lower(contacts.email) = lower($1 COLLATE chainbook_text)
    )
    """,
    ADDRESS,
)
def exists() -> Query[Any]:
    known = Contacts.DELETED_AT.is_null() & Contacts.EMAIL.equals_in_any_case(ADDRESS)
    return Query.over(USERS).where(CONTACTS_OF_USER.exists(known)).select(Users.USERNAME)


@_asked(
    "users who have no contact",
    """
    SELECT username FROM users
    WHERE NOT EXISTS (SELECT 1 FROM contacts WHERE users.id = contacts.user_id)
    ORDER BY lower(username), username COLLATE "C", id
    """,
)
def not_exists() -> Query[Any]:
    idle = Query.over(USERS).where(~CONTACTS_OF_USER.exists())
    return idle.select(Users.USERNAME).order_by(Users.USERNAME.ascending())


@_asked(
    "contacts of active users, joined",
    """
    SELECT contacts.last_name, users.username
    FROM contacts JOIN users ON contacts.user_id = users.id
    WHERE contacts.deleted_at IS NULL AND users.active AND contacts.last_name = $1
    """,
    "Roaldanal",
)
def inner_join() -> Query[Any]:
    named = LIVE.join(OWNER_OF_CONTACT).where(Users.ACTIVE.equals(value=True))
    return named.where(Contacts.LAST_NAME.equals("Roaldanal")).select(Contacts.LAST_NAME, Users.USERNAME)


@_asked(
    "with their owners, if any",
    """
    SELECT contacts.number, users.username
    FROM contacts LEFT JOIN users ON contacts.user_id = users.id
    WHERE contacts.deleted_at IS NULL ORDER BY contacts.number LIMIT $1
    """,
    50,
)
def left_join() -> Query[Any]:
    owned = LIVE.left_join(OWNER_OF_CONTACT).select(Contacts.NUMBER, Users.USERNAME)
    return owned.order_by(Contacts.NUMBER.ascending()).take(50)


@_asked(
    "counted for each owner",
    """
    SELECT user_id, count(*) FROM contacts WHERE deleted_at IS NULL
    GROUP BY user_id HAVING count(*) > $1
    """,
    2000,
)
def counted() -> Query[Any]:
    groups = LIVE.group_by(Contacts.USER_ID).having(COUNT.is_above(2000))
    return groups.select(Contacts.USER_ID, COUNT)


@_asked(
    "the newest of each owner",
    """
    SELECT user_id, max(created_at), avg(version)::float8 FROM contacts WHERE deleted_at IS NULL
    GROUP BY user_id
    """,
)
def newest() -> Query[Any]:
    groups = LIVE.group_by(Contacts.USER_ID)
    return groups.select(Contacts.USER_ID, highest(Contacts.CREATED_AT), average(Contacts.VERSION))


@_asked(
    "a few columns",
    "SELECT first_name, last_name FROM contacts WHERE deleted_at IS NULL AND number <= $1",
    1000,
)
def projection() -> Query[Any]:
    return LIVE.where(Contacts.NUMBER.is_at_most(1000)).select(Contacts.FIRST_NAME, Contacts.LAST_NAME)


@_asked(
    "digits of a phone number",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL AND regexp_replace(phone, '[^0-9]', '', 'g') LIKE $1
    """,
    "%1510007919%",
)
def phone_digits() -> Query[Any]:
    return LIVE.where(Contacts.PHONE_DIGITS.contains("1510007919"))


@_asked(
    "words, as full text",
    """
    SELECT {columns} FROM contacts
    WHERE deleted_at IS NULL
        AND contact_words(first_name, last_name, email, labels, address)
            @@ websearch_to_tsquery('simple', unaccent(lower($1 COLLATE chainbook_text)))
    """,
    "roaldanal street -gar",
)
def full_text() -> Query[Any]:
    return LIVE.where(Contacts.WORDS.matches("roaldanal street -gar"))


@_asked(
    "what API v2 searches for, best first",
    """
    SELECT {columns}, word_similarity(
            lower($1 COLLATE chainbook_text), lower(first_name || ' ' || last_name)
        ) AS relevance,
        (
            SELECT count(*) FROM contacts WHERE deleted_at IS NULL AND (
                search_text LIKE lower($2 COLLATE chainbook_text)
                OR contact_words(first_name, last_name, email, labels, address) @@ words_asked($3)
                OR search_text %> lower($4 COLLATE chainbook_text)
            )
        ) AS total
    FROM contacts
    WHERE deleted_at IS NULL AND (
        search_text LIKE lower($2 COLLATE chainbook_text)
        OR contact_words(first_name, last_name, email, labels, address) @@ words_asked($3)
        OR search_text %> lower($4 COLLATE chainbook_text)
    )
    ORDER BY relevance DESC, id LIMIT $5
    """,
    "lor roald",
    "%lor roald%",
    "lor roald",
    "lor roald",
    51,
    ending="page",
)
def search() -> Query[Any]:
    best_first = (SortKey("relevance", descending=True),)
    return asked_contacts(ContactQuery(ContactFilter(words="lor roald"), best_first, limit=51))
