"""Which media type the caller wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from aiohttp import web

from service.web.refusals import NotAcceptable


def require_json_accepted(request: web.Request) -> None:
    """Raises NotAcceptable when the Accept header leaves no room for JSON."""
    require_accepted(request, "application/json")


def require_accepted(request: web.Request, media_type: str) -> None:
    """Raises NotAcceptable when the Accept header leaves no room for `media_type`."""
    accept = request.headers.get("Accept", "*/*")
    if not any(_covers(part, media_type) for part in accept.split(",")):
        raise NotAcceptable(f"this route answers {media_type}, the Accept header allows {accept[:80]!r}")


def _covers(part: str, media_type: str) -> bool:
    pattern, *parameters = (text.strip().lower() for text in part.split(";"))
    if any(text.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for text in parameters):
        return False
    return pattern in {"*/*", media_type, f"{media_type.partition('/')[0]}/*"}
