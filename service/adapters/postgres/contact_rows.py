"""A contact as a row and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from service.adapters.postgres.columns import render_json
from service.domain.contacts import Contact

COLUMNS = tuple(field for field in Contact.__struct_fields__)
"""The columns are the fields, in their order, so that a row is the arguments of Contact."""

_LABELS = COLUMNS.index("labels")
_METADATA = COLUMNS.index("metadata")

_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def from_row(row: Iterable[Any]) -> Contact:
    """From a row of COLUMNS."""
    values = list(row)
    values[_LABELS] = tuple(values[_LABELS])
    values[_METADATA] = _decode_object(values[_METADATA])
    return Contact(*values)


def to_row(contact: Contact) -> list[Any]:
    values = list(msgspec.structs.astuple(contact))
    values[_METADATA] = render_json(contact.metadata)
    return values
