"""Who asks, and in which tenant: from the verified token alone; a header may only agree with it."""

from __future__ import annotations

from aiohttp import web

from service.application.accounts import identify
from service.domain.errors import InvalidInput, TenantMismatch, TokenInvalid
from service.domain.identity import Actor
from service.web.routes import Handler
from service.web.state import ACTOR, ROUTE, WORLD


@web.middleware
async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
    route = request.get(ROUTE)
    if route is None or route.is_public:
        return await handler(request)
    actor = await identify(request.app[WORLD], bearer_token(request))
    require_same_tenant(request, actor)
    request[ACTOR] = actor
    return await handler(request)


def bearer_token(request: web.Request) -> str:
    """The token of the Authorization header; the scheme in any case (RFC 7235).

    Raises:
        TokenInvalid: no such header, more than one, or another scheme.
    """
    sent = request.headers.getall("Authorization", [])
    if len(sent) > 1:
        raise TokenInvalid("header_repeated")
    scheme, _, token = "".join(sent).partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenInvalid
    return token.strip()


def require_same_tenant(request: web.Request, actor: Actor) -> None:
    named = request.headers.getall("X-Tenant-ID", [])
    if len(named) > 1:
        raise InvalidInput("X-Tenant-ID must be sent once", problems={"X-Tenant-ID": ("was sent twice",)})
    if named and named[0].strip().lower() not in {actor.tenant_slug.lower(), str(actor.tenant_id)}:
        raise TenantMismatch
