"""Which version's route answers, decided once and kept with the request; and whether it can."""

from __future__ import annotations

from aiohttp import web

from service.web.negotiation import require_accepted
from service.web.routes import Endpoint, Handler
from service.web.state import ROUTE


@web.middleware
async def choose_version(request: web.Request, handler: Handler) -> web.StreamResponse:
    endpoint = getattr(request.match_info.handler, "__self__", None)
    if isinstance(endpoint, Endpoint):
        request[ROUTE] = route = endpoint.choose(request)
        # API v1 never looked at the header, and its clients may send anything.
        if route.version > 1:
            require_accepted(request, route.media_types)
    return await handler(request)
