"""Phone numbers: what was typed, and the same number in E.164 when it is one."""

from __future__ import annotations

import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneNumberFormat, ValidationResult


class Phone(Struct, frozen=True):
    """`is_possible` says whether it can be dialled; a local number can be, and has no E.164 form."""

    typed: str
    e164: str | None
    is_possible: bool


def read_phone(typed: str, region: str) -> Phone:
    """The number behind a text; `region` (ISO 3166) is where a number without country code is from."""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return Phone(typed, None, is_possible=False)
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE:
            return Phone(
                typed, phonenumbers.format_number(number, PhoneNumberFormat.E164), is_possible=True
            )
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return Phone(typed, None, is_possible=True)
        case _:
            return Phone(typed, None, is_possible=False)


def digits_of(typed: str) -> str:
    """The ASCII digits of a text: how numbers without E.164 form are compared."""
    return "".join(character for character in typed if "0" <= character <= "9")
