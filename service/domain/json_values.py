"""JSON documents that callers bring: what may be stored, and how large."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

import msgspec

from engine.result import Err, Ok, Result
from engine.validation import name_of_type
from service.domain.texts import is_storable

MAX_DEPTH = 32
# What JSON readers agree on: a signed 64-bit integer.
_INTEGERS = range(-(2**63), 2**63)


def parse_json_object(value: object, max_bytes: int) -> Result[dict[str, Any], str]:
    """The object itself when every part can be stored, or what is wrong with the first that can not."""
    if not isinstance(value, dict):
        return Err(f"must be an object, got {name_of_type(value)}")
    problem = _find_problem(value, MAX_DEPTH)
    if problem is not None:
        return Err(problem)
    size = encoded_size(value)
    if size > max_bytes:
        return Err(f"must have at most {max_bytes} bytes as JSON, got {size}")
    return Ok(value)


def read_json_object(text: str) -> dict[str, Any] | None:
    """The object that the text is, None when it is none."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def encoded_size(value: object) -> int:
    """Bytes as JSON."""
    return len(msgspec.json.encode(value))


def _find_problem(value: object, depth: int) -> str | None:
    match value:
        case dict() | list() | tuple() if depth == 0:
            return f"must not be nested deeper than {MAX_DEPTH}"
        case dict():
            return _find_key_problem(value) or _first_problem(value.values(), depth)
        case list() | tuple():
            return _first_problem(value, depth)
        case _:
            return _find_scalar_problem(value)


def _first_problem(parts: Iterable[object], depth: int) -> str | None:
    return next(filter(None, (_find_problem(part, depth - 1) for part in parts)), None)


def _find_key_problem(value: dict[Any, object]) -> str | None:
    if not all(isinstance(key, str) for key in value):
        return "must have text for keys"
    return next(filter(None, map(_find_scalar_problem, value)), None)


def _find_scalar_problem(value: object) -> str | None:
    match value:
        case str() if not is_storable(value):
            return "must not hold NUL characters or lone surrogates"
        case int() if value not in _INTEGERS:
            return "must not hold integers beyond 64 bits"
        case float() if not isfinite(value):
            return "must not hold numbers that are not finite"
        case None | str() | int() | float():
            return None
        case _:
            return f"must hold JSON values only, got {name_of_type(value)}"
