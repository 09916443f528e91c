"""A contact as API v1 writes it: one name, and a gender and an age that v2 keeps in the metadata."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeGuard

from msgspec import UNSET, Struct, structs

from engine.result import Err, Ok, Result
from engine.validation import all_of, boolean, integer, parser, record, rule, text
from service.domain.contact_fields import MAX_NAME_LENGTH, ContactPolicy, parse_patch
from service.domain.contacts import Contact, ContactDraft, ContactPatch
from service.domain.names import full_name, split_name
from service.domain.problems import Problems, problems_of
from service.domain.texts import parse_line

# API v1 promises a 32-bit integer.
MAX_AGE = 2**31 - 1


class ContactV1(Struct, frozen=True):
    """The seven fields of API v1; gender and age of contacts that have none are false and 0."""

    id: int
    name: str
    gender: bool
    age: int
    address: str
    phone: str
    email: str


def render_contact_v1(contact: Contact) -> ContactV1:
    gender, age = contact.metadata.get("gender"), contact.metadata.get("age")
    return ContactV1(
        id=contact.number,
        name=full_name(contact.first_name, contact.last_name),
        gender=gender is True,
        age=age if _is_integer(age) and 0 <= age <= MAX_AGE else 0,
        address=contact.address,
        phone=contact.phone,
        email=contact.email,
    )


def parse_contact_v1(data: Mapping[str, Any], phone_region: str) -> Result[ContactDraft, Problems]:
    """A new contact; all six fields are required, and types are strict."""
    return parse_patch_v1(data, phone_region).map(_draft_from)


def parse_patch_v1(data: Mapping[str, Any], phone_region: str) -> Result[ContactPatch, Problems]:
    """What replaces a contact in v1: labels, and the metadata v1 does not know of, stay as they are."""
    policy = ContactPolicy(phone_region, needs_last_name=False, needs_possible_phone=False)
    parsed = parse_patch(_as_v2(data), policy)
    checked = _RULES.check(data)
    problems = {} if checked.is_ok() else problems_of(checked.error)
    problems |= parsed.error if isinstance(parsed, Err) else {}
    if problems or isinstance(parsed, Err):
        return Err(problems)
    kept_beside = {"gender": data["gender"], "age": data["age"]}
    return Ok(structs.replace(parsed.value, metadata_changes=kept_beside))


def _draft_from(patch: ContactPatch) -> ContactDraft:
    fields = {name: value for name, value in structs.asdict(patch).items() if value is not UNSET}
    return ContactDraft(metadata=fields.pop("metadata_changes"), **fields)


def _as_v2(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields whose types are right, under the names that v2 has for them."""
    fields = {name: data[name] for name in ("address", "phone", "email") if isinstance(data.get(name), str)}
    if _name.check(data.get("name")).is_ok():
        fields["first_name"], fields["last_name"] = split_name(data["name"])
    return fields


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


_name = all_of(
    parser(partial(parse_line, max_length=MAX_NAME_LENGTH), "line"),
    rule(bool, "empty", "must not be empty"),
)
_RULES = record(
    name=_name, gender=boolean(), age=integer(0, MAX_AGE), address=text(), phone=text(), email=text()
)
