"""One line for each request: what was asked and how it ended; never tokens, bodies or addresses."""

from __future__ import annotations

import time

import structlog
from aiohttp import web

from service.web.routes import Handler
from service.web.state import ACTOR

_LOG = structlog.get_logger("access")


@web.middleware
async def log_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    began_at = time.perf_counter()
    status = 499  # the caller went away: nginx's word for it, there is no standard one
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        resource = request.match_info.route.resource
        actor = request.get(ACTOR)
        _LOG.info(
            "request",
            method=request.method,
            route=resource.canonical if resource else "unknown",
            status=status,
            duration_ms=round((time.perf_counter() - began_at) * 1000, 2),
            tenant=actor.tenant_slug if actor else None,
            user=str(actor.user_id) if actor else None,
        )
