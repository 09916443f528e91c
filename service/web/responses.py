"""Values as HTTP answers: the envelope, and what every answer carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from service.web.paging import Page
from service.web.routes import Route
from service.web.state import ACTOR, REQUEST_ID, ROUTE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from service.domain.identity import Actor

_ENCODER = msgspec.json.Encoder()


def json_response(
    body: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> web.Response:
    return web.Response(
        body=_ENCODER.encode(body), status=status, headers=headers, content_type=media_type, charset="utf-8"
    )


def success(
    data: object,
    *,
    status: int = 200,
    message: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """The envelope of both versions: v1 reads `message` and `data`, v2 `success` and `data`."""
    body: dict[str, Any] = {"success": True, "data": data}
    if message is not None:
        body["message"] = message
    if metadata is not None:
        body["metadata"] = metadata
    return json_response(body, status, headers)


async def stream(
    request: web.Request, headers: Mapping[str, str], pieces: AsyncIterator[bytes]
) -> web.StreamResponse:
    """Sends the pieces as they come. A failure before the first is raised, one after cuts the connection.

    The caller must see that the rest is missing: an answer that began can not become an error any more.
    """
    response = web.StreamResponse(headers=headers)
    try:
        async for piece in pieces:
            if not response.prepared:
                await response.prepare(request)
            await response.write(piece)
        await response.write_eof()
    except ConnectionError:
        return response  # the caller hung up: there is nobody to tell
    except Exception:
        if response.prepared and request.transport is not None:
            request.transport.abort()
        raise
    return response


def page_response(items: list[Any], page: Page, total: int, **marks: object) -> web.Response:
    """A list with its place in the whole, as API v2 shows it, and what else marks that place."""
    pagination = {
        "current_page": page.number,
        "per_page": page.size,
        "total": total,
        "total_pages": -(-total // page.size),
    }
    return json_response({"success": True, "data": items, "pagination": pagination | marks})


def version_of(request: web.Request) -> int:
    """The API version that answers: the route's, else what the path says."""
    route: Route | None = request.get(ROUTE)
    if route is not None:
        return route.version
    asked = request.headers.get("Accept-Version", "").removeprefix("v")
    return 2 if request.path.startswith("/api/v2") or asked == "2" else 1


def request_id_of(request: web.Request) -> str:
    request_id: str = request.get(REQUEST_ID, "")
    return request_id


def actor_of(request: web.Request) -> Actor:
    """Who asks. Only on routes that are not public: the middleware put it there."""
    return request[ACTOR]
