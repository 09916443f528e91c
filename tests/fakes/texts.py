"""What PostgreSQL refuses in a text, refused here too."""

from __future__ import annotations

import msgspec

from service.domain.errors import InvalidInput


def require_storable(value: msgspec.Struct | str) -> None:
    if not _is_storable(msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else value):
        raise InvalidInput


def _is_storable(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return all(_is_storable(k) and _is_storable(v) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_storable, value))
    return True
