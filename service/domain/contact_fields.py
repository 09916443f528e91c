"""The rules for what a caller sends as a contact: every field is checked, every problem is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from engine.result import Err, Ok, Result
from service.domain.contacts import ContactDraft, ContactPatch
from service.domain.emails import parse_email
from service.domain.json_values import parse_json_object
from service.domain.phones import Phone, read_phone
from service.domain.texts import name_of_type, parse_line, parse_lines

MAX_NAME_LENGTH = 200
MAX_PHONE_LENGTH = 50
MAX_ADDRESS_LENGTH = 1000
MAX_LABELS = 50
MAX_LABEL_LENGTH = 100
MAX_METADATA_BYTES = 256 * 1024

Problems: TypeAlias = dict[str, tuple[str, ...]]


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
    return _parse_fields({"last_name": "", **data}, policy).map(lambda fields: ContactDraft(**fields))


def parse_patch(data: Mapping[str, Any], policy: ContactPolicy) -> Result[ContactPatch, Problems]:
    """The fields that are there, by the same rules; metadata is replaced as a whole."""
    return _parse_fields(data, policy).map(lambda fields: ContactPatch(**fields))


def _parse_fields(data: Mapping[str, Any], policy: ContactPolicy) -> Result[dict[str, Any], Problems]:
    parsed = {name: parse(data[name], policy) for name, parse in _PARSERS.items() if name in data}
    problems = _gather({name: result.error for name, result in parsed.items() if not result.is_ok()})
    if problems:
        return Err(problems)
    fields = {name: result.value for name, result in parsed.items()}
    phone = fields.pop("phone", None)
    return Ok(fields if phone is None else fields | {"phone": phone.typed, "phone_e164": phone.e164})


def _gather(errors: dict[str, Any]) -> Problems:
    """One text for a field, or a text for each path inside it, becomes a tuple of texts by path."""
    problems: Problems = {}
    for name, error in errors.items():
        problems |= {name: (error,)} if isinstance(error, str) else error
    return problems


def _parse_first_name(value: object, _policy: ContactPolicy) -> Result[str, str]:
    return parse_line("" if value is None else value, MAX_NAME_LENGTH)


def _parse_last_name(value: object, policy: ContactPolicy) -> Result[str, str]:
    result = _parse_first_name(value, policy)
    return Err("is required") if policy.needs_last_name and result == Ok("") else result


def _parse_email(value: object, _policy: ContactPolicy) -> Result[str, str]:
    return parse_email("" if value is None else value)


def _parse_phone(value: object, policy: ContactPolicy) -> Result[Phone, str]:
    def check(typed: str) -> Result[Phone, str]:
        if not typed:
            return Ok(Phone("", None, is_possible=True))
        phone = read_phone(typed, policy.phone_region)
        if policy.needs_possible_phone and not phone.is_possible:
            return Err("is not a possible phone number")
        return Ok(phone)

    return parse_line("" if value is None else value, MAX_PHONE_LENGTH).and_then(check)


def _parse_address(value: object, _policy: ContactPolicy) -> Result[str, str]:
    return parse_lines("" if value is None else value, MAX_ADDRESS_LENGTH)


def _parse_labels(value: object, _policy: ContactPolicy) -> Result[tuple[str, ...], Problems | str]:
    """Each label once, in the order given."""
    if value is None:
        return Ok(())
    if not isinstance(value, list | tuple):
        return Err(f"must be a list, got {name_of_type(value)}")
    if len(value) > MAX_LABELS:
        return Err(f"must have at most {MAX_LABELS} labels, got {len(value)}")
    parsed = [parse_line(label, MAX_LABEL_LENGTH) for label in value]
    parsed = [Err("must not be empty") if result == Ok("") else result for result in parsed]
    problems: Problems = {
        f"labels[{i}]": (result.error,) for i, result in enumerate(parsed) if not result.is_ok()
    }
    return Err(problems) if problems else Ok(tuple(dict.fromkeys(result.value for result in parsed)))


def _parse_metadata(value: object, _policy: ContactPolicy) -> Result[dict[str, Any], str]:
    return parse_json_object({} if value is None else value, MAX_METADATA_BYTES)


_PARSERS: dict[str, Callable[[object, ContactPolicy], Result[Any, Any]]] = {
    "first_name": _parse_first_name,
    "last_name": _parse_last_name,
    "email": _parse_email,
    "phone": _parse_phone,
    "address": _parse_address,
    "labels": _parse_labels,
    "metadata": _parse_metadata,
}
