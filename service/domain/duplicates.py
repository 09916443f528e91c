"""Contacts that are probably the same person, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from engine import Chain, it
from service.domain.contacts import Contact
from service.domain.names import fold_name


class Reason(Struct, frozen=True, order=True):
    """What contacts have in common."""

    field: Literal["email", "name", "phone"]
    value: str


class DuplicateGroup(Struct, frozen=True):
    """At least two contacts; each shares something with another of them, not always with all."""

    contacts: tuple[Contact, ...]
    reasons: tuple[Reason, ...]


def find_duplicates(contacts: Sequence[Contact]) -> list[DuplicateGroup]:
    """Groups in the order of their first contacts. Time is linear in the number of contacts."""
    shared = (
        Chain(enumerate(contacts))
        .flat_map(_iter_evidence)
        .group_by(it[0])
        .filter(it[1].len() > 1)
        .collect()
    )
    parents = list(range(len(contacts)))
    for _, evidence in shared:
        for _, position in evidence[1:]:
            parents[_root(parents, position)] = _root(parents, evidence[0][1])
    reasons = {reason: _root(parents, evidence[0][1]) for reason, evidence in shared}
    return _collect(contacts, parents, reasons)


def _collect(
    contacts: Sequence[Contact], parents: list[int], reasons: dict[Reason, int]
) -> list[DuplicateGroup]:
    members: dict[int, list[Contact]] = {}
    for position, contact in enumerate(contacts):
        members.setdefault(_root(parents, position), []).append(contact)
    why: dict[int, list[Reason]] = {}
    for reason, root in reasons.items():
        why.setdefault(root, []).append(reason)
    return [
        DuplicateGroup(tuple(group), tuple(sorted(why[root])))
        for root, group in members.items()
        if root in why
    ]


def _iter_evidence(numbered: tuple[int, Contact]) -> Iterator[tuple[Reason, int]]:
    position, contact = numbered
    if contact.email:
        yield Reason("email", contact.email.casefold()), position
    if contact.phone_e164:
        yield Reason("phone", contact.phone_e164), position
    if name := fold_name(contact.first_name, contact.last_name):
        yield Reason("name", name), position


def _root(parents: list[int], position: int) -> int:
    """Path halving: each step makes the way shorter for the next."""
    while parents[position] != position:
        parents[position] = parents[parents[position]]
        position = parents[position]
    return position
