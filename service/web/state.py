"""What the application keeps for its handlers."""

from __future__ import annotations

from aiohttp import web

from service.application.world import World
from service.settings import Settings

WORLD = web.AppKey("world", World)
SETTINGS = web.AppKey("settings", Settings)
