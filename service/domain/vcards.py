"""Contacts in vCard: found in versions 2.1, 3.0 and 4.0, rendered in 3.0, which every phone reads.

Properties that the fields of a contact do not say in full are kept in its metadata as `vcard`, content
lines of version 3.0; rendering gives them back, brought up to date where the contact has changed since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from engine.result import Err, Result
from service.domain.contacts import Contact, ContactDraft
from service.domain.errors import ServiceError
from service.domain.found_contacts import FoundContact
from service.domain.json_values import read_json_object
from service.domain.texts import join_lines
from service.domain.vcard_fields import RULES, Properties, Values, sort_phones, sort_preferred, text_of
from service.domain.vcard_files import Card, read_cards
from service.domain.vcard_lines import (
    Property,
    escape_text,
    fold_line,
    parse_property,
    render_property,
    split_value,
    unescape_text,
)

VCARD_MEDIA_TYPES = frozenset({"text/vcard", "text/x-vcard", "text/directory"})

_METADATA = "X-CHAINBOOK-METADATA"
_FRAME = ("VERSION", "BEGIN", "END")


def find_vcard_contacts(lines: Sequence[bytes]) -> Result[Iterator[FoundContact], ServiceError]:
    """The contacts of a file, one for each card that is not inside another."""
    return read_cards(lines).map(lambda cards: map(_find, cards))


def render_vcard(contact: Contact | ContactDraft) -> str:
    """One card of version 3.0 with its line ends."""
    kept, metadata = _read_kept(contact.metadata)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        *(render_property(item) for item in _iter_current(contact, kept)),
        *([f"{_METADATA}:{_render_metadata(metadata)}"] if metadata else []),
        "END:VCARD",
    ]
    return "".join(map(fold_line, lines))


def _find(card: Card) -> FoundContact:
    properties, metadata = _split_metadata(card.properties)
    values = {name: rule.read(rule.choose(_named(properties, rule.names))) for name, rule in RULES.items()}
    kept = list(map(render_property, _iter_unsaid(properties, values)))
    first_name, last_name = values["name"]
    return FoundContact(
        line=card.line,
        first_name=first_name,
        last_name=last_name,
        names=tuple(_iter_names(properties)),
        emails=_texts(sort_preferred(_named(properties, {"EMAIL"}))),
        phones=_texts(sort_phones(_named(properties, {"TEL"}))),
        address="".join(values["address"]),
        labels=values["labels"],
        metadata=metadata | {"vcard": kept} if kept else metadata,
        keeps_others=True,
        warnings=card.warnings,
    )


def _iter_unsaid(properties: Properties, values: dict[str, Values]) -> Iterator[Property]:
    """The properties that rendering the fields would not bring back as they are."""
    said = set[str]()
    for name, rule in RULES.items():
        written = rule.write(values[name])
        if all(item in written for item in _named(properties, rule.names)):
            said |= rule.names
    return (item for item in properties if item.name not in said)


def _iter_current(contact: Contact | ContactDraft, kept: Properties) -> Iterator[Property]:
    """The kept properties, and those of the fields; where the two differ, the field is right."""
    replaced: dict[int, list[Property]] = {}
    for rule in RULES.values():
        own, values = _named(kept, rule.names), rule.take(contact)
        chosen = rule.choose(own)
        if own and rule.read(chosen) == values:
            continue
        replaced |= {id(item): [] for item in chosen}
        if chosen:
            replaced[id(chosen[0])] = rule.write(values)
        else:
            yield from rule.write(values)
    for item in kept:
        yield from replaced.get(id(item), [item])


def _split_metadata(properties: Properties) -> tuple[list[Property], dict[str, Any]]:
    """The properties of the card itself, and the metadata that an export of ours put beside them."""
    metadata: dict[str, Any] = {}
    own = list[Property]()
    for item in properties:
        found = read_json_object(unescape_text(item.value)) if item.name == _METADATA else None
        if found is not None:
            metadata = found
        elif item.name not in _FRAME:
            own.append(item)
    return own, metadata


def _read_kept(metadata: dict[str, Any]) -> tuple[list[Property], dict[str, Any]]:
    """The kept properties and the other metadata; lines that no import made stay metadata."""
    lines = metadata.get("vcard")
    if not isinstance(lines, list) or not all(map(_is_kept_line, lines)):
        return [], metadata
    others = {name: value for name, value in metadata.items() if name != "vcard"}
    return [parse_property(line.encode()).or_raise() for line in lines], others


def _is_kept_line(line: object) -> bool:
    if not isinstance(line, str) or "\n" in line or "\r" in line:
        return False
    parsed = parse_property(line.encode())
    if isinstance(parsed, Err):
        return False
    return render_property(parsed.value) == line and parsed.value.name not in (*_FRAME, _METADATA)


def _render_metadata(metadata: dict[str, Any]) -> str:
    return escape_text(msgspec.json.encode(metadata).decode())


def _iter_names(properties: Properties) -> Iterator[str]:
    """What can stand for a missing name, best first."""
    for name in ("FN", "ORG", "NICKNAME"):
        for item in _named(properties, {name}):
            yield ", ".join(filter(None, map(join_lines, split_value(item.value, ";"))))


def _named(properties: Properties, names: Collection[str]) -> list[Property]:
    return [item for item in properties if item.name in names]


def _texts(properties: Properties) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(text_of, properties))))
