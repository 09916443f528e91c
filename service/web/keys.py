"""The public halves of the keys that sign tokens, for whoever wants to verify them. No token needed."""

from __future__ import annotations

from aiohttp import web

from service.web.responses import json_response
from service.web.routes import Route
from service.web.state import WORLD


async def show_keys(request: web.Request) -> web.Response:
    """RFC 7517, section 5."""
    keys = request.app[WORLD].tokens.public_keys()
    return json_response({"keys": keys}, media_type="application/jwk-set+json")


ROUTES = (Route(1, "GET", "!/.well-known/jwks.json", show_keys, is_public=True),)
