"""JSON from callers, read strictly: nothing that JSON does not have, nothing that can not be stored.

The interpreter's own parser with its hooks is used, not the faster msgspec, which does not see a name that
is there twice: two readers that take different ones of the two are a known hole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from engine.result import Err, Ok, Result
from engine.validation import name_of_type
from service.domain.errors import BodyMalformed

MAX_DEPTH = 64

_INTEGERS = range(-(2**63), 2**63)
# Of a signed 64-bit integer, sign included; longer ones are not even converted.
_LONGEST_INTEGER = 20

_TEXT_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class _Fault(Struct, frozen=True):
    """Stands in the parsed document for what JSON does not have, so that its place is known."""

    problem: str


def parse_json_object(body: bytes) -> Result[dict[str, Any], BodyMalformed]:
    """A JSON object (RFC 8259) without what breaks further in, or the problem and its place.

    >>> parse_json_object(b'{"age": 7}').value
    {'age': 7}
    >>> parse_json_object(b'{"people": [{"age": NaN}]}').error.detail
    'people[0].age is NaN, which JSON does not have'
    """
    return _decode(body).and_then(_parse).and_then(_require_object)


def _decode(body: bytes) -> Result[str, BodyMalformed]:
    if not body.strip():
        return _refuse("the body is empty, expected a JSON object")
    too_deep_at = _find_too_deep(body)
    if too_deep_at is not None:
        return _refuse(f"the JSON is nested deeper than {MAX_DEPTH} levels at byte {too_deep_at}")
    try:
        return Ok(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _refuse(f"the body is not UTF-8: byte {error.start} can not be read")


def _parse(text: str) -> Result[Any, BodyMalformed]:
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object_of,
            parse_int=_parse_int,
            parse_float=_parse_float,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return _refuse(f"the body is not valid JSON: {error.msg.lower()} at {place}")
    for path, problem in _iter_faults(document, ""):
        named = path or "the body"
        return Err(BodyMalformed(f"{named} {problem}", problems={named: (problem,)}))
    return Ok(document)


def _require_object(document: Any) -> Result[dict[str, Any], BodyMalformed]:
    if isinstance(document, dict):
        return Ok(document)
    return _refuse(f"the body must be a JSON object, got {name_of_type(document)}")


def _refuse(detail: str) -> Err[BodyMalformed]:
    return Err(BodyMalformed(detail))


def _find_too_deep(body: bytes) -> int | None:
    """Asked before parsing, because the parser goes one call deeper for each level."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return None
    depth = 0
    for token in _TEXT_OR_BRACKET.finditer(body):
        match token[0]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
        if depth > MAX_DEPTH:
            return token.start()
    return None


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = _Fault("is there twice") if name in found else value
    return found


def _parse_int(text: str) -> int | _Fault:
    if len(text) > _LONGEST_INTEGER or int(text) not in _INTEGERS:
        return _Fault("is an integer beyond 64 bits")
    return int(text)


def _parse_float(text: str) -> float | _Fault:
    value = float(text)
    return value if abs(value) < float("inf") else _Fault("is a number beyond what computers hold")


def _refuse_constant(text: str) -> _Fault:
    return _Fault(f"is {text}, which JSON does not have")


def _iter_faults(value: Any, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case _Fault():
            yield path, value.problem
        case str() if _UNSTORABLE.search(value):
            yield path, "holds U+0000 or half a surrogate pair, which no field can store"
        case dict():
            for name, part in value.items():
                inside = _join(path, name)
                yield from _iter_faults(name, inside)
                yield from _iter_faults(part, inside)
        case list():
            for index, part in enumerate(value):
                yield from _iter_faults(part, f"{path}[{index}]")


def _join(path: str, name: str) -> str:
    # A name that can not be stored can not be shown either.
    shown = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", name)[:100]
    return f"{path}.{shown}" if path else shown
