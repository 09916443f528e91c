"""Routes as values, and how one path serves two API versions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from service.domain.access import Permission

_VERSION_IN_PATH = re.compile(r"/api/v([0-9])(?:/|$)")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `path` stands below the version's prefix; a token is needed unless `is_public`.

    `permission` is for readers and tests, the use case asks for it; "self" is of all with a live session.
    Requests are counted by address and tenant; those of `authentication` by address once more, `free` ones
    not at all. `successor` is the path in v2 of a v1 route: what has one is deprecated. `media_types` are
    those of its answers.
    """

    version: int
    method: str
    path: str
    handler: Handler
    is_public: bool = False
    permission: Permission | Literal["self"] | None = None
    counted: Literal["usual", "authentication", "free"] = "usual"
    successor: str | None = None
    media_types: tuple[str, ...] = ("application/json",)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The routes of one method and path, by API version; a header may choose between them.

    It is aiohttp's handler for the path, and called with the route that the middleware has chosen.
    """

    routes: tuple[Route, ...]

    def choose(self, request: web.Request) -> Route:
        """The route of the version that the path names, or the header, or the oldest version.

        Raises:
            web.HTTPNotFound: that version has no such route.
        """
        if not request.path.startswith("/api/"):
            return self.routes[0]
        named = _VERSION_IN_PATH.match(request.path)
        asked = named[1] if named else request.headers.get("Accept-Version", "v1").removeprefix("v")
        for route in self.routes:
            if asked == str(route.version):
                return route
        raise web.HTTPNotFound

    async def answer(self, request: web.Request) -> web.StreamResponse:
        return await self.choose(request).handler(request)


def endpoints(routes: Iterable[Route]) -> list[tuple[str, str, Endpoint]]:
    """(method, full path, endpoint) for every path a client can call.

    A route of v1 answers under /api/v1 and /api; one of v2 under /api/v2, and under /api when the header
    asks for it. Paths outside /api are given whole.
    """
    by_path: dict[tuple[str, str], list[Route]] = {}
    for route in routes:
        for path in _paths(route):
            by_path.setdefault((route.method, path), []).append(route)
    return [(method, path, Endpoint(tuple(found))) for (method, path), found in by_path.items()]


def _paths(route: Route) -> tuple[str, ...]:
    if route.path.startswith("!"):
        return (route.path[1:],)
    return (f"/api/v{route.version}{route.path}", f"/api{route.path}")
