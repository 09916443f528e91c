"""What the application keeps for its handlers, and what travels with a request."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from service.application.world import World
from service.domain.identity import Actor
from service.domain.limits import Standing
from service.settings import Settings
from service.web.routes import Route

WORLD = web.AppKey("world", World)
SETTINGS = web.AppKey("settings", Settings)

TRUSTED_PROXIES: web.AppKey[tuple[IPv4Network | IPv6Network, ...]] = web.AppKey("trusted_proxies", tuple)

REQUEST_ID = web.RequestKey("request_id", str)
ROUTE = web.RequestKey("route", Route)
ACTOR = web.RequestKey("actor", Actor)
STANDING = web.RequestKey("standing", Standing)
