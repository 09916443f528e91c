"""A person's sessions: refreshed by their tokens, listed, and ended one by one or all."""

from __future__ import annotations

from collections.abc import Iterable

from engine.result import Err, Result
from service.application.accounts import Ticket, find_active_tenant, issue_ticket
from service.application.ports import TenantTransaction
from service.application.world import World
from service.domain.access import Subject, decide, require_permission
from service.domain.audit import AuditSubject, Doer, done_by, done_without_token
from service.domain.errors import SessionNotFound, TokenInvalid
from service.domain.identity import NOWHERE, Actor, Origin, SessionId
from service.domain.refresh_families import (
    DEFAULT_RULES,
    Family,
    FamilyFault,
    FamilyRules,
    Presented,
    Rotation,
    advance,
    hash_secret,
)
from service.domain.sessions import Session
from service.domain.tenants import Tenant
from service.domain.users import User


async def refresh_by_token(
    world: World,
    secret: str,
    tenant_slug: str,
    *,
    life_s: int,
    rules: FamilyRules = DEFAULT_RULES,
    origin: Origin = NOWHERE,
) -> Ticket:
    """Another token for the session, and another to refresh it; `secret` is used up.

    Raises:
        TokenInvalid: unknown in this tenant, expired, or its session has ended; or it was used before, and
            with that its session ends.
    """
    tenant = await world.catalogue.find(tenant_slug)
    if tenant is None or tenant.status != "active":
        raise TokenInvalid("tenant_unknown")
    successor = world.new_secret()
    async with world.databases.begin(tenant) as tx:
        family = await tx.refresh_tokens.lock_family(hash_secret(secret))
        if family is None:
            raise TokenInvalid("refresh_unknown", tenant=tenant.slug)
        session = family.session
        user = await _get_active_user(tx, tenant, session)
        verdict = advance(family, Presented(hash_secret(successor)), tx.now, rules)
        await _store(tx, family, verdict)
        _record(tx, user, session, verdict, origin)
    # Raised only now: the end of a family is to be committed, not rolled back.
    if isinstance(verdict, Err):
        if verdict.error == "refresh_reused":
            await forget_sessions(world, tenant, [session.id])
        raise TokenInvalid(verdict.error, **_facts(tenant, session))
    return issue_ticket(world, tenant, user, session, life_s, refresh_token=successor)


async def list_sessions(world: World, actor: Actor) -> tuple[Session, ...]:
    """The actor's own that are live, newest first. Raises PermissionDenied."""
    require_permission(actor, "sessions:read", Subject(actor.user_id))
    async with world.databases.begin(await find_active_tenant(world, str(actor.tenant_id))) as tx:
        return await tx.sessions.list_live(actor.user_id, now=tx.now)


async def end_session(world: World, actor: Actor, session_id: SessionId) -> None:
    """Ends one of the actor's own, everywhere and at once.

    Raises:
        PermissionDenied: the role does not allow it.
        SessionNotFound: none of theirs that is live has this id.
    """
    require_permission(actor, "sessions:delete")
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    async with world.databases.begin(tenant) as tx:
        session = await tx.sessions.find(session_id)
        if session is None or not decide(actor, "sessions:delete", Subject(session.user_id)).allowed:
            raise SessionNotFound
        if not await tx.sessions.end(session_id, now=tx.now):
            raise SessionNotFound
        tx.audit.record(done_by(actor, "session.ended", _subject(session_id)))
    await forget_sessions(world, tenant, [session_id])


async def log_out_everywhere(world: World, actor: Actor) -> int:
    """Ends all of the actor's sessions, this one too; how many they were."""
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    async with world.databases.begin(tenant) as tx:
        ended = await tx.sessions.end_all(actor.user_id, now=tx.now)
        tx.audit.record(done_by(actor, "sessions.ended", AuditSubject("session"), {"count": len(ended)}))
    await forget_sessions(world, tenant, ended)
    return len(ended)


async def forget_sessions(world: World, tenant: Tenant, ended: Iterable[SessionId]) -> None:
    """To be called once their end is committed: from then on no process believes them."""
    for session_id in ended:
        await world.session_cache.remove(tenant, session_id)


async def _get_active_user(tx: TenantTransaction, tenant: Tenant, session: Session) -> User:
    user = await tx.users.find(session.user_id)
    if user is None or not user.active:
        raise TokenInvalid("user_inactive", **_facts(tenant, session))
    return user


async def _store(tx: TenantTransaction, family: Family, verdict: Result[Rotation, FamilyFault]) -> None:
    if not isinstance(verdict, Err):
        await tx.refresh_tokens.rotate(verdict.value)
    elif verdict.error == "refresh_reused":
        await tx.sessions.end(family.session.id, now=tx.now)


def _record(
    tx: TenantTransaction,
    user: User,
    session: Session,
    verdict: Result[Rotation, FamilyFault],
    origin: Origin,
) -> None:
    doer = Doer(user.id, user.username, user.role, session.id)
    if not isinstance(verdict, Err):
        refreshed = done_without_token(origin, "session.refreshed", _subject(session.id), doer=doer)
        tx.audit.record(refreshed)
    elif verdict.error == "refresh_reused":
        tx.audit.record(
            done_without_token(origin, "session.reuse_detected", _subject(session.id), doer=doer)
        )


def _subject(session_id: SessionId) -> AuditSubject:
    return AuditSubject("session", str(session_id))


def _facts(tenant: Tenant, session: Session) -> dict[str, str]:
    return {"tenant": tenant.slug, "session": str(session.id), "user": str(session.user_id)}
