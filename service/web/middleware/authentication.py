"""Who asks, and in which tenant: from the verified token alone; a header may only agree with it."""

from __future__ import annotations

from aiohttp import web
from msgspec import structs

from service.application.admission import admit, admit_anybody
from service.domain.errors import InvalidInput, TenantMismatch, TokenInvalid, TooManyRequests
from service.domain.identity import Actor
from service.domain.limits import Standing
from service.domain.request_limits import Caller
from service.web.addresses import address_of, limit_subject
from service.web.requests import origin_of
from service.web.routes import Handler
from service.web.state import ACTOR, ROUTE, STANDING, WORLD


@web.middleware
async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Counts the request, too: that and the session are one question to Redis."""
    route = request.get(ROUTE)
    if route is None or route.counted == "free":
        return await handler(request)
    caller = Caller(limit_subject(address_of(request)), route.counted == "authentication")
    try:
        await _let_in(request, caller, is_public=route.is_public)
    except TooManyRequests as error:
        request[STANDING] = error.standing
        raise
    return await handler(request)


async def _let_in(request: web.Request, caller: Caller, *, is_public: bool) -> None:
    world = request.app[WORLD]
    if is_public:
        standing = await admit_anybody(world, caller)
    else:
        admitted = await admit(world, caller, await _bearer_token(request, caller))
        require_same_tenant(request, admitted.actor)
        request[ACTOR] = structs.replace(admitted.actor, origin=origin_of(request))
        standing = admitted.standing
    _note(request, standing)


async def _bearer_token(request: web.Request, caller: Caller) -> str:
    """Who brings none is counted, too."""
    try:
        return bearer_token(request)
    except TokenInvalid:
        _note(request, await admit_anybody(request.app[WORLD], caller))
        raise


def _note(request: web.Request, standing: Standing | None) -> None:
    if standing is not None:
        request[STANDING] = standing


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
