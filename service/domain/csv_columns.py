"""What the columns of a CSV file mean: our own headers, Google's old and new ones, Outlook's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Meaning = Literal[
    "first_name", "middle_name", "last_name", "name", "organisation", "email", "phone", "mobile",
    "address", "address_part", "labels", "metadata", "unknown",
]  # fmt: skip


class Column(Struct, frozen=True):
    """`group` tells the parts of one address from those of the next."""

    header: str
    meaning: Meaning
    group: str = ""


EXPECTED = (
    "first_name, last_name, name, email, phone, address, labels, metadata (or Google's, or Outlook's)"
)

_MEANINGS: dict[Meaning, str] = {
    "first_name": "first name|given name|firstname|forename",
    "middle_name": "middle name|additional name",
    "last_name": "last name|family name|lastname|surname",
    "name": "name|full name|display name|contact name|contact",
    "organisation": "organization name|organization 1 name|company|organization",
    "email": "email|e mail|email address|e mail address|mail",
    "mobile": "mobile phone|mobile|mobile number|cell|cell phone",
    "phone": "phone|telephone|phone number|telephone number|tel|primary phone|home phone|home phone 2"
    "|business phone|business phone 2|other phone|car phone|company main phone",
    "address": "address|full address|postal address",
    "labels": "labels|label|categories|category|group membership|groups|tags",
    "metadata": "metadata",
}
_BY_HEADER = {header: meaning for meaning, headers in _MEANINGS.items() for header in headers.split("|")}

_NUMBERED: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (re.compile(r"e ?mail \d+ (value|address)"), "email"),
    (re.compile(r"phone \d+ value"), "phone"),
    (re.compile(r"address \d+ formatted"), "address"),
    (
        re.compile(r"address \d+ (street|extended address|po box|city|region|postal code|country)"),
        "address_part",
    ),
    (
        re.compile(
            r"(home|business|other) (street( [23])?|po box|city|state|postal code|country( region)?)"
        ),
        "address_part",
    ),
)
_NOT_WORDS = re.compile(r"[\W_]+")


def read_columns(headers: Sequence[str]) -> list[Column]:
    """One column for each header; those with the same header are told apart by a number."""
    seen: dict[str, int] = {}
    columns = []
    for header in (text.strip() for text in headers):
        seen[header] = seen.get(header, 0) + 1
        columns.append(_read_column(header if seen[header] == 1 else f"{header} ({seen[header]})", header))
    return columns


def is_recognised(columns: Sequence[Column]) -> bool:
    """Whether the first record can be a header: some column names a person or a way to reach one."""
    return any(column.meaning not in ("unknown", "metadata", "labels") for column in columns)


def count_recognised(columns: Sequence[Column]) -> int:
    return sum(column.meaning != "unknown" for column in columns)


def _read_column(label: str, header: str) -> Column:
    words = _NOT_WORDS.sub(" ", header.casefold()).strip()
    if words in _BY_HEADER:
        return Column(label, _BY_HEADER[words])
    for pattern, meaning in _NUMBERED:
        if pattern.fullmatch(words):
            return Column(label, meaning, _group_of(words))
    return Column(label, "unknown")


def _group_of(words: str) -> str:
    """`home` of "home street", `address 1` of "address 1 street"."""
    found = re.match(r"address \d+|\w+", words)
    return found[0] if found else ""
