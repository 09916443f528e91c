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
async def allow_origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    origin = request.headers.get("Origin")
    settings = request.app[SETTINGS]
    is_allowed = origin is not None and origin in allowed_origins(settings)
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response = _preflight(request, is_allowed=is_allowed)
    else:
        response = await handler(request)
    if response.prepared:
        return response
    # Also when there is no Origin: what a cache keeps for one page is not for another.
    response.headers.add("Vary", "Origin")
    if is_allowed and origin:
        response.headers.update(_grant(origin, settings))
    return response


def allowed_origins(settings: Settings) -> tuple[str, ...]:
    """Those that are named; in development, when none is, the usual ports of front ends."""
    if settings.cors_allowed_origins or settings.app_env == "production":
        return settings.cors_allowed_origins
    return _DEVELOPMENT_ORIGINS


def _preflight(request: web.Request, *, is_allowed: bool) -> web.StreamResponse:
    if not is_allowed:
        return error_response(request, OriginNotAllowed("this origin may not call the service"))
    return web.Response(status=200, headers=_PREFLIGHT_ANSWER)


def _grant(origin: str, settings: Settings) -> dict[str, str]:
    granted = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
    }
    if settings.cors_allow_credentials:
        granted["Access-Control-Allow-Credentials"] = "true"
    return granted
