"""Which properties of a card say what a field of a contact says, read and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from service.domain.contacts import Contact, ContactDraft
from service.domain.emails import parse_email
from service.domain.names import full_name, name_from
from service.domain.texts import compose, join_lines
from service.domain.vcard_lines import Property, escape_text, split_value, unescape_text

Properties = Sequence[Property]
Values = tuple[str, ...]


class FieldRule(NamedTuple):
    """`choose` picks, among the properties with these names, those that the field stands for."""

    names: frozenset[str]
    choose: Callable[[Properties], Properties]
    read: Callable[[Properties], Values]
    take: Callable[[Contact | ContactDraft], Values]
    write: Callable[[Values], list[Property]]


def sort_preferred(properties: Properties) -> list[Property]:
    """The preferred one first."""
    return sorted(properties, key=lambda item: "PREF" not in item.types())


def sort_phones(properties: Properties) -> list[Property]:
    """Mobile before preferred before others, those that no one can speak into last."""
    return sorted(properties, key=_phone_rank)


def text_of(item: Property) -> str:
    """The value on one line; version 4.0 writes phones as `tel:+1-…` and e-mails as `mailto:…`."""
    text = join_lines(unescape_text(item.value))
    return text.removeprefix("tel:") if item.name == "TEL" else text.removeprefix("mailto:")


def _phone_rank(item: Property) -> tuple[bool, bool, bool]:
    types = item.types()
    return not types.isdisjoint(("FAX", "PAGER")), "CELL" not in types, "PREF" not in types


def _choose_all(properties: Properties) -> Properties:
    return properties


def _choose_email(properties: Properties) -> Properties:
    ordered = sort_preferred(properties)
    return list(islice(filter(_has_valid_email, ordered), 1)) or ordered[:1]


def _has_valid_email(item: Property) -> bool:
    return parse_email(text_of(item)).is_ok()


def _choose_phone(properties: Properties) -> Properties:
    return [item for item in sort_phones(properties) if text_of(item)][:1]


def _choose_address(properties: Properties) -> Properties:
    return sort_preferred(properties)[:1]


def _read_name(properties: Properties) -> Values:
    by_name = {item.name: item for item in reversed(properties)}
    parts = [*split_value(by_name["N"].value, ";"), "", ""] if "N" in by_name else ["", "", ""]
    last_name, first_name = (
        join_lines(parts[0]),
        join_lines(" ".join(filter(None, map(str.strip, parts[1:3])))),
    )
    if last_name or first_name:
        return first_name, last_name
    return name_from(text_of(by_name["FN"])) if "FN" in by_name else ("", "")


def _write_name(values: Values) -> list[Property]:
    first_name, last_name = values
    structured = f"{escape_text(last_name)};{escape_text(first_name)};;;"
    return [Property("N", structured), Property("FN", escape_text(full_name(first_name, last_name)))]


def _read_email(properties: Properties) -> Values:
    return tuple(parse_email(text_of(item)).unwrap_or(text_of(item)) for item in properties)


def _read_phone(properties: Properties) -> Values:
    return tuple(text_of(item) for item in properties)


def _read_address(properties: Properties) -> Values:
    return tuple(filter(None, map(_address_text, properties)))


def _address_text(item: Property) -> str:
    """One line each for box, building and street, then the town with region and code, then the country."""
    parts = [part.strip() for part in split_value(item.value, ";")] + [""] * 7
    town = " ".join(filter(None, parts[3:6]))
    return compose("\n".join(filter(None, [*parts[:3], town, parts[6]])))


def _read_labels(properties: Properties) -> Values:
    labels = [join_lines(label) for item in properties for label in split_value(item.value, ",")]
    return tuple(dict.fromkeys(filter(None, labels)))


def _write_labels(values: Values) -> list[Property]:
    return [Property("CATEGORIES", ",".join(map(escape_text, values)))] if values else []


def _one(text: str) -> Values:
    return (text,) if text else ()


RULES: dict[str, FieldRule] = {
    "name": FieldRule(
        frozenset({"N", "FN"}),
        _choose_all,
        _read_name,
        lambda contact: (contact.first_name, contact.last_name),
        _write_name,
    ),
    "email": FieldRule(
        frozenset({"EMAIL"}),
        _choose_email,
        _read_email,
        lambda contact: _one(contact.email),
        lambda values: [
            Property("EMAIL", escape_text(text), (("TYPE", ("INTERNET",)),)) for text in values
        ],
    ),
    "phone": FieldRule(
        frozenset({"TEL"}),
        _choose_phone,
        _read_phone,
        lambda contact: _one(contact.phone),
        lambda values: [Property("TEL", escape_text(text), (("TYPE", ("VOICE",)),)) for text in values],
    ),
    "address": FieldRule(
        frozenset({"ADR"}),
        _choose_address,
        _read_address,
        lambda contact: _one(contact.address),
        lambda values: [Property("ADR", f";;{escape_text(text)};;;;") for text in values],
    ),
    "labels": FieldRule(
        frozenset({"CATEGORIES"}), _choose_all, _read_labels, lambda contact: contact.labels, _write_labels
    ),
}
