"""Contacts under the letters of an address book."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from engine import Chain
from service.domain.contacts import Contact
from service.domain.names import letter_of, strip_accents


class LetterGroup(Struct, frozen=True):
    """`letter` is A to Z, or # for names that begin with none of them."""

    letter: str
    count: int
    contacts: tuple[Contact, ...]


def group_by_letter(contacts: Iterable[Contact]) -> list[LetterGroup]:
    """A to Z, then #; inside a letter by last name and first name, accents and case apart."""
    return Chain(contacts).sort(_place).chunk_by(_letter).map(_group).collect()


def _group(run: tuple[str, list[Contact]]) -> LetterGroup:
    letter, contacts = run
    return LetterGroup(letter, len(contacts), tuple(contacts))


def _letter(contact: Contact) -> str:
    return letter_of(contact.last_name or contact.first_name)


def _place(contact: Contact) -> tuple[bool, str, str]:
    letter = _letter(contact)
    name = f"{contact.last_name} {contact.first_name}".strip()
    return letter == "#", letter, strip_accents(name.casefold())
