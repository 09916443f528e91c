"""The application: middleware, routes, and the values they share."""

from __future__ import annotations

from ipaddress import ip_network

from aiohttp import web

from service.application.world import World
from service.settings import Settings
from service.web import health, keys, v1, v2
from service.web.middleware import MIDDLEWARE, ON_ANSWER
from service.web.requests import MAX_JSON_BYTES
from service.web.routes import Route, endpoints
from service.web.state import SETTINGS, TRUSTED_PROXIES, WORLD

ROUTES: tuple[Route, ...] = (*health.ROUTES, *keys.ROUTES, *v1.ROUTES, *v2.ROUTES)


def create_app(world: World, settings: Settings) -> web.Application:
    """An application that owns nothing: closing the world's connections is its maker's task."""
    app = web.Application(middlewares=MIDDLEWARE, client_max_size=MAX_JSON_BYTES)
    app.on_response_prepare.extend(ON_ANSWER)
    app[WORLD] = world
    app[SETTINGS] = settings
    app[TRUSTED_PROXIES] = tuple(ip_network(proxy) for proxy in settings.trusted_proxies)
    for method, path, endpoint in endpoints(ROUTES):
        app.router.add_route(method, path, endpoint.answer)
        if method == "GET":
            app.router.add_route("HEAD", path, endpoint.answer)
    return app
