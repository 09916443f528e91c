"""What the application keeps for its handlers, and what travels with a request."""

from __future__ import annotations

from aiohttp import web

from service.application.world import World
from service.domain.identity import Actor
from service.settings import Settings
from service.web.routes import Route

WORLD = web.AppKey("world", World)
SETTINGS = web.AppKey("settings", Settings)

REQUEST_ID = web.RequestKey("request_id", str)
ROUTE = web.RequestKey("route", Route)
ACTOR = web.RequestKey("actor", Actor)
