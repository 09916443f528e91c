"""The rules for what a caller sends as a contact: every field is checked, every problem is told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from msgspec import Struct

from engine.result import Err, Ok, Result
from engine.validation import Field, Validator, all_of, field, list_of, parser, record, rule
from service.domain.contacts import ContactDraft, ContactPatch
from service.domain.emails import MAX_EMAIL_LENGTH, parse_email
from service.domain.json_values import parse_json_object
from service.domain.phones import Phone, read_phone
from service.domain.problems import Problems, problems_of
from service.domain.texts import parse_line, parse_lines

MAX_NAME_LENGTH = 200
MAX_PHONE_LENGTH = 50
MAX_ADDRESS_LENGTH = 1000
MAX_LABELS = 50
MAX_LABEL_LENGTH = 100
MAX_METADATA_BYTES = 256 * 1024


class ContactPolicy(Struct, frozen=True):
    """How strict the rules are: those of API v2; v1 and imports take what people have."""

    phone_region: str = "US"
    needs_last_name: bool = True
    needs_possible_phone: bool = True


def parse_contact(data: Mapping[str, Any], policy: ContactPolicy) -> Result[ContactDraft, Problems]:
    """A whole contact. Fields that are unknown, or not a person's to set, are passed over.

    >>> parse_contact({"last_name": " Lovelace ", "email": "ada@"}, ContactPolicy()).error
    {'email': ('is not a valid e-mail address',)}
    """
    return contact_rules(policy).check(data).map_err(problems_of)


def parse_patch(data: Mapping[str, Any], policy: ContactPolicy) -> Result[ContactPatch, Problems]:
    """The fields that are there, by the same rules; metadata is replaced as a whole."""
    return patch_rules(policy).check(data).map_err(problems_of)


@lru_cache(maxsize=64)
def contact_rules(policy: ContactPolicy) -> Validator[ContactDraft]:
    """The rules of a whole contact; a last name that is not needed may be absent."""
    fields = [
        _with_last_name(each, policy) if each.name == "last_name" else each for each in _fields(policy)
    ]
    return record(*fields).map(_with_dialled_phone).map(_draft)


@lru_cache(maxsize=64)
def patch_rules(policy: ContactPolicy) -> Validator[ContactPatch]:
    """The rules of the fields that are there."""
    return record(*_fields(policy)).map(_with_dialled_phone).map(_patch)


def _with_last_name(last_name: Field, policy: ContactPolicy) -> Field:
    rules = last_name.validator
    return field("last_name", rules) if policy.needs_last_name else field("last_name", rules, default="")


def _fields(policy: ContactPolicy) -> tuple[Field, ...]:
    return (
        field("first_name", _line(MAX_NAME_LENGTH), optional=True),
        field("last_name", _last_name(policy), optional=True),
        field("email", _email, optional=True),
        field("phone", _phone(policy), optional=True),
        field("address", _address, optional=True),
        field("labels", _labels, optional=True),
        field("metadata", _metadata, optional=True),
    )


def _last_name(policy: ContactPolicy) -> Validator[str]:
    name = _line(MAX_NAME_LENGTH)
    return all_of(name, rule(bool, "required", "is required")) if policy.needs_last_name else name


def _phone(policy: ContactPolicy) -> Validator[Phone]:
    parse = parser(partial(_parse_phone, policy), "phone")
    return parse.described(type=["string", "null"], maxLength=MAX_PHONE_LENGTH)


def _line(max_length: int) -> Validator[str]:
    parse = parser(partial(_parse_optional_line, max_length), "line")
    return parse.described(type=["string", "null"], maxLength=max_length)


def _parse_optional_line(max_length: int, value: object) -> Result[str, str]:
    return parse_line("" if value is None else value, max_length)


def _parse_optional_email(value: object) -> Result[str, str]:
    return parse_email("" if value is None else value)


def _parse_phone(policy: ContactPolicy, value: object) -> Result[Phone, str]:
    def check(typed: str) -> Result[Phone, str]:
        if not typed:
            return Ok(Phone("", None, is_possible=True))
        phone = read_phone(typed, policy.phone_region)
        if policy.needs_possible_phone and not phone.is_possible:
            return Err("is not a possible phone number")
        return Ok(phone)

    return _parse_optional_line(MAX_PHONE_LENGTH, value).and_then(check)


def _parse_optional_lines(value: object) -> Result[str, str]:
    return parse_lines("" if value is None else value, MAX_ADDRESS_LENGTH)


def _parse_metadata(value: object) -> Result[dict[str, Any], str]:
    return parse_json_object({} if value is None else value, MAX_METADATA_BYTES)


def _empty_for_none(value: object) -> Result[object, str]:
    return Ok(() if value is None else value)


def _each_once(labels: list[str]) -> tuple[str, ...]:
    """In the order given."""
    return tuple(dict.fromkeys(labels))


def _with_dialled_phone(fields: dict[str, Any]) -> dict[str, Any]:
    phone = fields.pop("phone", None)
    return fields if phone is None else fields | {"phone": phone.typed, "phone_e164": phone.e164}


def _draft(fields: dict[str, Any]) -> ContactDraft:
    return ContactDraft(**fields)


def _patch(fields: dict[str, Any]) -> ContactPatch:
    return ContactPatch(**fields)


_label = all_of(
    parser(partial(parse_line, max_length=MAX_LABEL_LENGTH), "line").described(
        type="string", minLength=1, maxLength=MAX_LABEL_LENGTH
    ),
    rule(bool, "empty", "must not be empty"),
)
_labels = all_of(_empty_for_none, list_of(_label, at_most=MAX_LABELS, noun="labels")).map(_each_once)
_email = parser(_parse_optional_email, "email").described(
    type=["string", "null"], format="email", maxLength=MAX_EMAIL_LENGTH
)
_address = parser(_parse_optional_lines, "lines").described(
    type=["string", "null"], maxLength=MAX_ADDRESS_LENGTH
)
_metadata = parser(_parse_metadata, "json").described(type=["object", "null"])
