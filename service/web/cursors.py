"""The places of pages as texts, which callers carry on and can neither make nor change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web

from service.application.ports import ContactPage, ContactQuery, Cursor
from service.web.refusals import CursorInvalid
from service.web.responses import actor_of
from service.web.state import WORLD

# The longest has 200 + 200 + 254 + 50 characters of four bytes each, two times and a number, in base 64.
MAX_CURSOR_CHARACTERS = 4096
_UUID_CODE = 1


def parse_cursor(request: web.Request, query: ContactQuery) -> Cursor | None:
    """The place that the request names, of this list of this tenant.

    Raises:
        CursorInvalid: we did not give it out for this tenant, with this order and these conditions.
    """
    text = request.query.get("cursor")
    if text is None:
        return None
    sealed = text if len(text) <= MAX_CURSOR_CHARACTERS else ""
    contents = request.app[WORLD].cursors.open(sealed, _context(request, query))
    if contents is None:
        expected = "must be one that a page of this list had, with the same sort and search"
        raise CursorInvalid(f"cursor {expected}, got {text[:40]!r}", problems={"cursor": (expected,)})
    values, is_backward = _DECODER.decode(contents)
    return Cursor(values, is_backward)


def render_cursors(request: web.Request, query: ContactQuery, page: ContactPage) -> dict[str, str | None]:
    """How a list tells the ways on and back; None at the ends."""
    return {
        "next_cursor": _render_cursor(request, query, page.next),
        "prev_cursor": _render_cursor(request, query, page.previous),
    }


def _render_cursor(request: web.Request, query: ContactQuery, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    contents = _ENCODER.encode((tuple(map(_packed, cursor.values)), cursor.is_backward))
    return request.app[WORLD].cursors.close(contents, _context(request, query))


def _context(request: web.Request, query: ContactQuery) -> bytes:
    """All that makes another list of it, so that a place of one is none of another."""
    return _ENCODER.encode((actor_of(request).tenant_id, query.where, query.sort))


def _packed(value: object) -> object:
    return msgspec.msgpack.Ext(_UUID_CODE, value.bytes) if isinstance(value, UUID) else value


def _unpacked(_code: int, data: memoryview) -> UUID:
    return UUID(bytes=bytes(data))


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[tuple[Any, ...], bool], ext_hook=_unpacked)
