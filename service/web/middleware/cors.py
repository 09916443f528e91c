"""Which browser pages may call: the CORS protocol of the Fetch standard."""

from __future__ import annotations

from aiohttp import web

from service.settings import Settings
from service.web.errors import error_response
from service.web.refusals import OriginNotAllowed
from service.web.routes import Handler
from service.web.state import SETTINGS

_DEVELOPMENT_ORIGINS = tuple(
    f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (3000, 5173)
)
_PREFLIGHT_ANSWER = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, accept, accept-version, content-type, if-match, "
    "if-none-match, x-request-id, x-tenant-id",
    "Access-Control-Max-Age": "3600",
}
_EXPOSED = (
    "Allow, Content-Disposition, Deprecation, ETag, Link, Location, Retry-After, Sunset, WWW-Authenticate, "
    "X-Request-ID"
)


@web.middleware
async def answer_preflights(request: web.Request, handler: Handler) -> web.StreamResponse:
    """On every path, before anything is asked: browsers send neither token nor body with these."""
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return await handler(request)
    if not _is_allowed(request):
        return error_response(request, OriginNotAllowed("this origin may not call the service"))
    return web.Response(status=200, headers=_PREFLIGHT_ANSWER)


async def grant_origin(request: web.Request, response: web.StreamResponse) -> None:
    # Also when there is no Origin: what a cache keeps for one page is not for another.
    response.headers.add("Vary", "Origin")
    if not _is_allowed(request):
        return
    response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    # A page is trusted with credentials by its name only: `*` would trust every page there is.
    if request.app[SETTINGS].cors_allow_credentials and _is_named(request):
        response.headers["Access-Control-Allow-Credentials"] = "true"


def allowed_origins(settings: Settings) -> tuple[str, ...]:
    """Those that are named; in development, when none is, the usual ports of front ends."""
    if settings.cors_allowed_origins or settings.app_env == "production":
        return settings.cors_allowed_origins
    return _DEVELOPMENT_ORIGINS


def _is_allowed(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is not None and (_is_named(request) or "*" in allowed_origins(request.app[SETTINGS]))


def _is_named(request: web.Request) -> bool:
    return request.headers.get("Origin") in allowed_origins(request.app[SETTINGS])
