"""What the port asks for, as queries: lists of contacts, those that are not deleted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.adapters.postgres.columns import ScalarColumn
from service.adapters.postgres.orderings import Term
from service.adapters.postgres.predicates import EVERYTHING, NOTHING, Predicate
from service.adapters.postgres.queries import Query
from service.adapters.postgres.tables import CONTACTS, Contacts
from service.application.ports import ContactFilter, ContactQuery, SortKey
from service.domain.contacts import Contact

_BIGGEST = 2**63 - 1

LIVE = Query.over(CONTACTS).where(Contacts.DELETED_AT.is_null())


def asked_contacts(query: ContactQuery) -> Query[Contact]:
    """The contacts of the page, in order."""
    asked = LIVE.where(_condition(query.where)).order_by(*map(_term, query.sort), Contacts.ID.ascending())
    if query.where.words is not None:
        asked = asked.about(query.where.words)
    if query.cursor is not None:
        direction = asked.before if query.cursor.is_backward else asked.after
        asked = direction(query.cursor.values)
    asked = asked.skip(query.offset)
    return asked if query.limit is None else asked.take(query.limit)


def _condition(where: ContactFilter) -> Predicate:
    # By the fields of what is asked: one that has no condition here is an error, never a wider list.
    condition = EVERYTHING
    for name in where.__struct_fields__:
        value = getattr(where, name)
        if value is not None:
            condition &= _CONDITIONS[name](value)
    return condition


def _term(key: SortKey) -> Term:
    column = _SORT_COLUMNS[key.field]
    return column.descending() if key.descending else column.ascending()


def _found_by(text: str) -> Predicate:
    """The cheapest first: a row that has the text itself is not looked at again."""
    found = Contacts.SEARCH_TEXT.contains(text)
    if _NUMBER.fullmatch(text):
        return found | _has_digits(text)
    if _LONG_WORD.search(text):
        found |= Contacts.WORDS.begin_with(text) | Contacts.SEARCH_TEXT.resembles(text)
    return found


def _has_digits(text: str) -> Predicate:
    # 0049 and 0 are how a number begins that is stored as +49.
    digits = re.sub("[^0-9]", "", text).lstrip("0")
    return Contacts.PHONE_DIGITS.contains(digits) if len(digits) >= _MIN_DIGITS else NOTHING


_NUMBER = re.compile(r"[-+()./\s0-9]+")
_MIN_DIGITS = 4
# What an index of trigrams finds; for less every row is read, and only for the text itself.
_LONG_WORD = re.compile(r"\w{3}")

_CONDITIONS: dict[str, Callable[[Any], Predicate]] = {
    "search": Contacts.SEARCH_TEXT.contains,
    "words": _found_by,
    "name_contains": Contacts.FULL_NAME.contains,
    "email_contains": Contacts.EMAIL.contains,
    "phone_contains": Contacts.PHONE.contains,
    "gender": lambda gender: Contacts.METADATA.holds({"gender": gender}),
    "age": lambda age: Contacts.METADATA.holds({"age": age}),
    "after_number": lambda number: Contacts.NUMBER.is_above(max(-_BIGGEST, min(number, _BIGGEST))),
    "owner": Contacts.USER_ID.equals,
}

# The allow list: no other column can be sorted by.
_SORT_COLUMNS: dict[str, ScalarColumn[Any]] = {
    "number": Contacts.NUMBER,
    "last_name": Contacts.LAST_NAME,
    "first_name": Contacts.FIRST_NAME,
    "email": Contacts.EMAIL,
    "phone": Contacts.PHONE,
    "created_at": Contacts.CREATED_AT,
    "updated_at": Contacts.UPDATED_AT,
    "relevance": Contacts.RELEVANCE,
}
