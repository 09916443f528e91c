"""Requests as checked values: bodies within their limits, JSON without its traps."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import msgspec

from engine.result import Err, Ok, Result
from service.domain.errors import BodyMalformed, InvalidInput
from service.web.refusals import BodyTooLarge, BodyTooSlow, MediaTypeUnsupported
from service.web.responses import version_of

if TYPE_CHECKING:
    from aiohttp import web

BODY_TIMEOUT_S = 30.0
MAX_JSON_BYTES = 1024 * 1024
MAX_JSON_DEPTH = 64

Problems = dict[str, tuple[str, ...]]

_DECODER = msgspec.json.Decoder()
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_OPENING = b"[{"


async def read_body(request: web.Request, limit_bytes: int) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge: it says it is, or turns out to be, larger than `limit_bytes`.
        BodyTooSlow: it did not arrive within BODY_TIMEOUT_S.
    """
    too_large = BodyTooLarge(f"the body must be at most {limit_bytes} bytes")
    if (request.content_length or 0) > limit_bytes:
        raise too_large
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for part in request.content.iter_any():
                size += len(part)
                if size > limit_bytes:
                    raise too_large
                parts.append(part)
    except TimeoutError as error:
        raise BodyTooSlow(f"the body must arrive within {BODY_TIMEOUT_S:.0f} s") from error
    return b"".join(parts)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        BodyMalformed: it is not one, or holds what no field can: NaN, NUL, unpaired surrogates.
        MediaTypeUnsupported: API v2, and the body is not declared as JSON.
    """
    if request.content_type != "application/json":
        refused = f"the content type must be application/json, got {request.content_type[:80]}"
        raise BodyMalformed(refused) if version_of(request) == 1 else MediaTypeUnsupported(refused)
    return parse_json_object(await read_body(request, MAX_JSON_BYTES)).or_raise()


def parse_json_object(body: bytes) -> Result[dict[str, Any], BodyMalformed]:
    """A JSON object (RFC 8259) without what breaks further in.

    Of a name that is there twice the last one counts, as in browsers.

    >>> parse_json_object(b'{"age": 7}').value
    {'age': 7}
    """
    if not body.strip():
        return Err(BodyMalformed("the body is empty, expected a JSON object"))
    if _is_too_deep(body):
        return Err(BodyMalformed(f"the JSON is nested deeper than {MAX_JSON_DEPTH} levels"))
    try:
        value = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError) as error:
        return Err(BodyMalformed(f"the body is not valid JSON: {str(error)[:200]}"))
    if not isinstance(value, dict):
        return Err(BodyMalformed(f"the body must be a JSON object, got {_json_type(value)}"))
    if b"\\u0000" in body and _holds_nul(value):
        return Err(BodyMalformed("the JSON holds the character U+0000, which no field can store"))
    return Ok(value)


def required_texts(body: dict[str, Any], *names: str) -> tuple[str, ...]:
    """The named members, all of them texts that are not empty.

    Raises:
        InvalidInput: with each that is missing, empty or of another type.
    """
    problems: Problems = {name: (text,) for name in names if (text := _text_problem(body, name))}
    require_none(problems)
    return tuple(body[name] for name in names)


def require_none(problems: Problems) -> None:
    """Nothing, when there are no problems.

    Raises:
        InvalidInput: with all of them.
    """
    if problems:
        raise invalid_input(problems)


def invalid_input(problems: Problems) -> InvalidInput:
    """One error that tells all problems, in one sentence and by field."""
    return InvalidInput(
        "; ".join(f"{name} {texts[0]}" for name, texts in problems.items()), problems=problems
    )


def _text_problem(body: dict[str, Any], name: str) -> str:
    if name not in body:
        return "is required"
    if not isinstance(body[name], str):
        return f"must be a string, got {_json_type(body[name])}"
    return "" if body[name].strip() else "must not be empty"


def _is_too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_JSON_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", body)):
        depth += 1 if bracket[0] in _OPENING else -1
        if depth > MAX_JSON_DEPTH:
            return True
    return False


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_holds_nul, value))


def _json_type(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
