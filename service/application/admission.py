"""Who is let in: every request is counted, and a token must belong to a live session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from msgspec import Struct

from engine.result import Err
from service.application.world import World
from service.domain.access import visibility_for
from service.domain.errors import TokenInvalid, TooManyRequests
from service.domain.identity import Actor, Role, SessionId
from service.domain.limits import Standing, is_refused, tightest
from service.domain.request_limits import Caller, charges_for
from service.domain.sessions import Session
from service.domain.tenants import Tenant
from service.domain.tokens import Claims


class Admission(Struct, frozen=True):
    """Who was let in, and what their tightest limit leaves them; None where there is none."""

    actor: Actor
    standing: Standing | None


async def admit_anybody(world: World, caller: Caller) -> Standing | None:
    """Raises TooManyRequests."""
    standings, _ = await world.limiter.charge(charges_for(world.limits, caller))
    return require_admitted(standings)


async def admit(world: World, caller: Caller, token: str) -> Admission:
    """The person behind a token whose session is live, by the cache or else by the database.

    Raises:
        TooManyRequests: too many of the address, or of the tenant.
        TokenInvalid: not ours, expired, or its session has ended.
    """
    verdict = world.tokens.verify(token)
    if isinstance(verdict, Err):
        await admit_anybody(world, caller)
        raise TokenInvalid(verdict.error)
    claims = verdict.value
    tenant = await world.catalogue.find(claims.tenant_id)
    if tenant is None or tenant.status != "active":
        await admit_anybody(world, caller)
        raise TokenInvalid("tenant_unknown", **_facts(claims))
    charges = charges_for(world.limits, caller, tenant.id)
    standings, cached = await world.limiter.charge(charges, (tenant, claims.session_id))
    standing = require_admitted(standings)
    session = cached or await _find_session(world, tenant, claims.session_id)
    return Admission(await _actor(world, tenant, claims, session), standing)


def require_admitted(standings: Sequence[Standing]) -> Standing | None:
    """The tightest, if there is any. Raises TooManyRequests when one of them has to wait."""
    if not standings:
        return None
    standing = tightest(standings)
    if is_refused(standings):
        raise TooManyRequests(standing)
    return standing


async def _actor(world: World, tenant: Tenant, claims: Claims, session: Session | None) -> Actor:
    if session is None or session.user_id != claims.user_id:
        raise TokenInvalid("session_unknown", **_facts(claims))
    if not session.is_live(world.clock()):
        raise TokenInvalid("session_ended", **_facts(claims))
    role = cast("Role", claims.role)
    settings = await world.configurations.settings(tenant)
    return Actor(
        tenant_id=tenant.id,
        tenant_slug=tenant.slug,
        user_id=claims.user_id,
        username=claims.username,
        role=role,
        session_id=claims.session_id,
        sees=visibility_for(role, settings.visibility),
    )


async def _find_session(world: World, tenant: Tenant, session_id: SessionId) -> Session | None:
    async with world.databases.begin(tenant) as tx:
        session = await tx.sessions.find(session_id)
        if session is not None and session.is_live(tx.now) and session.is_use_to_be_noted(tx.now):
            await tx.sessions.note_use(session_id, now=tx.now)
    if session is not None and session.is_live(world.clock()):
        await world.session_cache.put(tenant, session)
    return session


def _facts(claims: Claims) -> dict[str, str]:
    return {"tenant": claims.tenant_id, "session": str(claims.session_id)}
