"""Which media type the caller wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re

from aiohttp import web

from service.web.refusals import NotAcceptable

_WEIGHT = re.compile(r"[01](?:\.[0-9]{0,3})?", re.ASCII)


def require_accepted(request: web.Request, media_types: tuple[str, ...]) -> None:
    """Raises NotAcceptable when the Accept header leaves no room for any of `media_types`."""
    accept = request.headers.get("Accept", "*/*")
    if not accepts(accept, media_types):
        offered = " or ".join(media_types)
        raise NotAcceptable(f"this route answers {offered}, the Accept header allows {accept[:80]!r}")


def accepts(accept: str, media_types: tuple[str, ...]) -> bool:
    """Whether one of `media_types` has a weight above zero; the most exact range decides.

    >>> accepts("text/*;q=0.5, text/csv;q=0", ("text/csv",))
    False
    """
    weights = dict(map(_parse_range, accept.split(",")))
    return any(_weight(weights, media_type) > 0 for media_type in media_types)


def _parse_range(text: str) -> tuple[str, float]:
    media_range, *parameters = (part.replace(" ", "").lower() for part in text.split(";"))
    weight = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    return media_range, float(weight) if _WEIGHT.fullmatch(weight) else 0.0


def _weight(weights: dict[str, float], media_type: str) -> float:
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((weights[media_range] for media_range in ranges if media_range in weights), 0.0)
