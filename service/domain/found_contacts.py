"""A contact as a file has it, whatever the format, and how it becomes a draft by the rules."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from engine.result import Err, Result
from service.domain.contact_fields import MAX_METADATA_BYTES, ContactPolicy, parse_contact
from service.domain.contacts import ContactDraft
from service.domain.emails import parse_email
from service.domain.json_values import encoded_size
from service.domain.names import name_from
from service.domain.problems import Problems
from service.domain.texts import join_lines

GUESSED = "the line is not UTF-8 and was read as Windows-1252"


class FoundContact(Struct, frozen=True):
    """`names` stand in for a missing name, best first; e-mails and phones are in order of preference.

    `keeps_others`: the metadata already holds the other e-mails and phones. `problems` are those of the
    reading itself: with any, the rest does not count.
    """

    line: int
    first_name: str = ""
    last_name: str = ""
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    address: str = ""
    labels: tuple[str, ...] = ()
    metadata: dict[str, Any] = {}
    keeps_others: bool = False
    warnings: tuple[str, ...] = ()
    problems: Problems = {}


class Accepted(Struct, frozen=True):
    """A draft, and what the reader of the file should know."""

    draft: ContactDraft
    warnings: tuple[str, ...]


def accept(found: FoundContact, phone_region: str) -> Result[Accepted, Problems]:
    """By the rules of the service, but for the last name, which is taken from whatever is there."""
    if found.problems:
        return Err(found.problems)
    email, other_emails, warnings = _choose_email(found.emails)
    first_name, last_name = _choose_name(found)
    if not (first_name or last_name):
        return Err({"last_name": ("nothing to name the contact by: no name, e-mail or phone",)})
    metadata, left_out = _fit(_with_others(found, other_emails))
    data = {
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "phone": join_lines(next(iter(found.phones), "")),
        "address": found.address,
        "labels": found.labels,
        "metadata": metadata,
    }
    policy = ContactPolicy(phone_region, needs_last_name=False, needs_possible_phone=False)
    notes = (*found.warnings, *warnings, *left_out)
    return parse_contact(data, policy).map(lambda draft: Accepted(draft, notes + _phone_notes(draft)))


def _choose_email(emails: tuple[str, ...]) -> tuple[str, list[str], tuple[str, ...]]:
    """The first valid address, the others, and what is wrong with those; without a valid one, the first."""
    if len(emails) < 2:  # noqa: PLR2004 - no choice, and checking it twice is a third of the work on a row
        return next(iter(emails), ""), [], ()
    valid = dict.fromkeys(email for email in emails if parse_email(email).is_ok())
    chosen = next(iter([*valid, *emails]))
    others = list(emails)
    others.remove(chosen)
    invalid = [email for email in others if email not in valid]
    return chosen, others, tuple(f"{email!r:.100} is not a valid e-mail address" for email in invalid)


def _choose_name(found: FoundContact) -> tuple[str, str]:
    """As written, else the first text that can stand for it; one word alone is a last name."""
    first_name, last_name = join_lines(found.first_name), join_lines(found.last_name)
    if first_name or last_name:
        return first_name, last_name
    stand_ins = (*found.names, *found.emails, *found.phones)
    return name_from(next(filter(None, map(join_lines, stand_ins)), ""))


def _with_others(found: FoundContact, other_emails: list[str]) -> dict[str, Any]:
    if found.keeps_others:
        return found.metadata
    others = {"emails": other_emails, "phones": list(found.phones[1:])}
    return found.metadata | {name: texts for name, texts in others.items() if texts}


def _fit(metadata: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The metadata without the vCard properties that are too large for a contact: photos, as a rule."""
    lines, excess = metadata.get("vcard"), encoded_size(metadata) - MAX_METADATA_BYTES
    if excess <= 0 or not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return metadata, ()
    left_out = set[int]()
    for position in sorted(range(len(lines)), key=lambda each: -len(lines[each])):
        if excess <= 0:
            break
        excess -= encoded_size(lines[position]) + len(",")
        left_out.add(position)
    kept = [line for position, line in enumerate(lines) if position not in left_out]
    others = {name: value for name, value in metadata.items() if name != "vcard"}
    names = sorted({re.split("[;:]", lines[position], maxsplit=1)[0] for position in left_out})
    note = f"left out, too large: {len(left_out)} properties ({', '.join(names):.100})"
    return (others | {"vcard": kept} if kept else others), (note,)


def _phone_notes(draft: ContactDraft) -> tuple[str, ...]:
    unknown = bool(draft.phone) and draft.phone_e164 is None
    return (f"{draft.phone!r:.60} is not a complete phone number; kept as written",) if unknown else ()
