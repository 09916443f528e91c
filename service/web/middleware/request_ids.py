"""A request has one id: the caller's when it is a sane one, else ours; the answer and the logs carry it."""

from __future__ import annotations

import re

import structlog
from aiohttp import web

from service.web.routes import Handler
from service.web.state import REQUEST_ID, WORLD

_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@web.middleware
async def give_request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    given = request.headers.get("X-Request-ID", "")
    request_id = given if _SANE.fullmatch(given) else str(request.app[WORLD].new_id())
    request[REQUEST_ID] = request_id
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        return await handler(request)


async def show_request_id(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Request-ID"] = request[REQUEST_ID]
