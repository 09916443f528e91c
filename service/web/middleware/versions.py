"""Which version's route answers, decided once and kept with the request."""

from __future__ import annotations

from aiohttp import web

from service.web.routes import Endpoint, Handler
from service.web.state import ROUTE


@web.middleware
async def choose_version(request: web.Request, handler: Handler) -> web.StreamResponse:
    endpoint = getattr(request.match_info.handler, "__self__", None)
    if isinstance(endpoint, Endpoint):
        request[ROUTE] = endpoint.choose(request)
    return await handler(request)
