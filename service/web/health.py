"""Is it there, and is it well: for people, load balancers and container engines. No token needed."""

from __future__ import annotations

from aiohttp import web

from service.application.health import check_health
from service.web.responses import json_response
from service.web.routes import Route
from service.web.state import WORLD


async def ping(_request: web.Request) -> web.Response:
    return json_response({"message": "pong", "status": "ok"})


async def show_health(request: web.Request) -> web.Response:
    """200, 200 with warnings, or 503 when something essential is down; the body in v1's form."""
    world = request.app[WORLD]
    health = await check_health(world)
    words = {True: "healthy", False: "unhealthy"}
    body = {
        "status": words[health.is_up],
        "timestamp": world.clock(),
        "components": {part.name: words[part.is_healthy] for part in health.components},
        "warnings": health.warnings,
        "tenants": None,
    }
    return json_response(body, 200 if health.is_up else 503, {} if health.is_up else {"Retry-After": "2"})


async def show_alive(_request: web.Request) -> web.Response:
    return json_response({"status": "alive"})


ROUTES = (
    *(Route(version, "GET", "/ping", ping, is_public=True, counted="free") for version in (1, 2)),
    *(
        Route(version, "GET", path, show_health, is_public=True, counted="free")
        for version in (1, 2)
        for path in ("/health", "/health/status")
    ),
    Route(1, "GET", "!/health", show_health, is_public=True, counted="free"),
    Route(1, "GET", "!/readyz", show_health, is_public=True, counted="free"),
    Route(1, "GET", "!/livez", show_alive, is_public=True, counted="free"),
)
