"""A contact as API v1 writes it: one name, and a gender and an age that v2 keeps in the metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from msgspec import UNSET, Struct, structs

from engine.result import Err, Ok, Result
from service.domain.contact_fields import MAX_NAME_LENGTH, ContactPolicy, Problems, parse_patch
from service.domain.contacts import Contact, ContactDraft, ContactPatch
from service.domain.names import full_name, split_name
from service.domain.texts import name_of_type, parse_line

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
    problems = _find_problems(data) | (parsed.error if isinstance(parsed, Err) else {})
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
    if _find_name_problem(data.get("name")) is None:
        fields["first_name"], fields["last_name"] = split_name(data["name"])
    return fields


def _find_problems(data: Mapping[str, Any]) -> Problems:
    found = {name: check(data[name]) if name in data else "is required" for name, check in _CHECKS.items()}
    return {name: (problem,) for name, problem in found.items() if problem is not None}


def _find_name_problem(value: object) -> str | None:
    parsed = parse_line(value, MAX_NAME_LENGTH)
    if isinstance(parsed, Err):
        return parsed.error
    return None if parsed.value else "must not be empty"


def _find_text_problem(value: object) -> str | None:
    return None if isinstance(value, str) else f"must be text, got {name_of_type(value)}"


def _find_gender_problem(value: object) -> str | None:
    return None if isinstance(value, bool) else f"must be a boolean, got {name_of_type(value)}"


def _find_age_problem(value: object) -> str | None:
    if not _is_integer(value):
        return f"must be an integer, got {name_of_type(value)}"
    return None if 0 <= value <= MAX_AGE else f"must be from 0 to {MAX_AGE}, got {value}"


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS: dict[str, Callable[[object], str | None]] = {
    "name": _find_name_problem,
    "gender": _find_gender_problem,
    "age": _find_age_problem,
    "address": _find_text_problem,
    "phone": _find_text_problem,
    "email": _find_text_problem,
}
