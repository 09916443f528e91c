"""Headers on every answer: no sniffing, no framing, no caching of personal data, and v1's farewell."""

from __future__ import annotations

import math

from aiohttp import web

from service.domain.limits import Standing
from service.web.state import ROUTE, STANDING

# RFC 9745 and RFC 8594. The date v1 was deprecated, and six months later.
_FAREWELL = {
    "Deprecation": "@1795478400",
    "Sunset": "Mon, 24 May 2027 00:00:00 GMT",
}
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Server": "chainbook",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_SECURITY)
    route = request.get(ROUTE)
    if route is not None and route.successor is not None:
        response.headers.update(_FAREWELL)
        response.headers.add("Link", f'</api/v2{route.successor}>; rel="successor-version"')
    standing = request.get(STANDING)
    if standing is not None:
        response.headers.update(_of_limit(standing))


def _of_limit(standing: Standing) -> dict[str, str]:
    """The limit that leaves the least (draft-ietf-httpapi-ratelimit-headers, as widely sent)."""
    limit = standing.limit
    return {
        "RateLimit-Limit": str(limit.count),
        "RateLimit-Remaining": str(standing.remaining),
        "RateLimit-Reset": str(math.ceil(standing.wait_s or standing.reset_s)),
        "RateLimit-Policy": f"{limit.count};w={limit.period_s}",
    }
