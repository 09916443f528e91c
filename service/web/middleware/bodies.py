"""No compressed requests: a small body that unpacks to a large one is refused before it is read."""

from __future__ import annotations

from aiohttp import web

from service.web.refusals import MediaTypeUnsupported
from service.web.routes import Handler


@web.middleware
async def guard_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    encoding = request.headers.get("Content-Encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise MediaTypeUnsupported(f"requests must not be encoded, got Content-Encoding {encoding[:40]!r}")
    return await handler(request)
