"""Requests as checked values: bodies within their size and time, fields that must be there."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from engine.validation import name_of_type
from service.domain.errors import BodyMalformed, InvalidInput
from service.domain.identity import Origin
from service.domain.sessions import Device, parse_device
from service.web.addresses import address_of
from service.web.json_input import parse_json_object
from service.web.refusals import BodyTooLarge, BodyTooSlow, MediaTypeUnsupported
from service.web.responses import request_id_of, version_of

BODY_TIMEOUT_S = 30.0
MAX_JSON_BYTES = 1024 * 1024
# The worst 1 MiB, brackets only, takes 0.7 s: larger bodies are parsed beside the event loop.
MAX_INLINE_JSON_BYTES = 32 * 1024

Problems = dict[str, tuple[str, ...]]


def device_of(request: web.Request) -> Device:
    return parse_device(request.headers.get("User-Agent", ""), address_of(request))


def origin_of(request: web.Request) -> Origin:
    return Origin(address_of(request), request_id_of(request))


async def read_body(request: web.Request, limit_bytes: int, timeout_s: float) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge: it says it is, or turns out to be, larger than `limit_bytes`.
        BodyTooSlow: it did not arrive within `timeout_s`.
        BodyMalformed: it ended before its end.
    """
    too_large = BodyTooLarge(f"the body must be at most {limit_bytes} bytes")
    if (request.content_length or 0) > limit_bytes:
        raise too_large
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(timeout_s):
            async for part in request.content.iter_any():
                size += len(part)
                if size > limit_bytes:
                    raise too_large
                parts.append(part)
    except TimeoutError as error:
        raise BodyTooSlow(f"the body must arrive within {timeout_s:g} s") from error
    except (web.RequestPayloadError, HttpProcessingError) as error:
        raise BodyMalformed("the body ended early, or its transfer encoding is broken") from error
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
    body = await read_body(request, MAX_JSON_BYTES, BODY_TIMEOUT_S)
    if len(body) > MAX_INLINE_JSON_BYTES:
        return (await asyncio.to_thread(parse_json_object, body)).or_raise()
    return parse_json_object(body).or_raise()


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
    return InvalidInput.of(problems)


def _text_problem(body: dict[str, Any], name: str) -> str:
    if name not in body:
        return "is required"
    if not isinstance(body[name], str):
        return f"must be text, got {name_of_type(body[name])}"
    return "" if body[name].strip() else "must not be empty"
