"""Logging in and out, and who a token stands for."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from service.application.admission import require_admitted
from service.application.ports import TenantTransaction
from service.application.world import World
from service.domain.audit import AuditSubject, Doer, Entry, done_by, done_without_token
from service.domain.errors import BadCredentials, TenantNotFound, TokenInvalid
from service.domain.identity import NOWHERE, Actor, Origin, SessionId
from service.domain.refresh_families import DEFAULT_RULES, FamilyRules, hash_secret, new_token
from service.domain.request_limits import login_charges
from service.domain.sessions import UNKNOWN_DEVICE, Device, Session
from service.domain.tenants import Tenant
from service.domain.tokens import Claims
from service.domain.users import User

# A token can be refreshed within its session and no longer: then the password is asked for again.
# Four times the default life of a token.
SESSION_LIFE_S = DEFAULT_RULES.session_s


class Login(Struct, frozen=True):
    """What a person types. Never shown: it holds the password."""

    username_or_email: str
    password: str
    tenant: str

    def __repr__(self) -> str:
        return "Login(***)"


class Ticket(Struct, frozen=True):
    """A signed token and what a client wants to know about it. Never shown.

    `refresh_token` is None where none was asked for.
    """

    token: str
    expires_in_s: int
    tenant_slug: str
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return "Ticket(***)"


async def log_in(
    world: World,
    login: Login,
    *,
    life_s: int,
    rules: FamilyRules = DEFAULT_RULES,
    device: Device = UNKNOWN_DEVICE,
    origin: Origin = NOWHERE,
) -> Ticket:
    """A new session, a token that points to it, and one to refresh it. Other sessions of the user go on.

    Raises:
        TenantNotFound: no such tenant, or it is not active.
        TooManyRequests: too many wrong passwords for the account.
        BadCredentials: anything wrong with user or password, all alike, in the same time.
    """
    tenant = await find_active_tenant(world, login.tenant)
    from_address, to_account = login_charges(tenant.id, login.username_or_email, device.address)
    require_admitted((await world.limiter.charge((from_address, to_account)))[0])
    async with world.databases.begin(tenant) as tx:
        found = await tx.users.find_by_login(login.username_or_email)
    # The hash is slow on purpose: no transaction is held meanwhile.
    is_right = await world.hasher.verify(login.password, found.password_hash if found else None)
    if found is None or not is_right:
        async with world.databases.begin(tenant) as tx:
            tx.audit.record(_failure(found, "wrong_password" if found else "unknown_user", origin))
        raise BadCredentials
    async with world.databases.begin(tenant) as tx:
        user = await _hold_unchanged(tx, found)
        if user is None:
            tx.audit.record(_failure(found, "inactive", origin))
        else:
            session = await open_session(tx, user, max(life_s, rules.session_s), device)
            await tx.sessions.remove_expired(user.id, now=tx.now)
            secret = world.new_secret()
            await tx.refresh_tokens.insert(new_token(session, hash_secret(secret), tx.now, rules))
            tx.audit.record(_success(user, session, origin))
    # Only now: the entry of a refusal is to be committed, not rolled back.
    if user is None:
        raise BadCredentials
    await world.limiter.forgive(from_address)
    await world.session_cache.put(tenant, session)
    return issue_ticket(world, tenant, user, session, life_s, refresh_token=secret)


async def find_active_tenant(world: World, slug_or_id: str) -> Tenant:
    """Raises TenantNotFound, for one that is suspended too."""
    tenant = await world.catalogue.find(slug_or_id)
    if tenant is None or tenant.status != "active":
        raise TenantNotFound
    return tenant


async def open_session(
    tx: TenantTransaction, user: User, life_s: int, device: Device = UNKNOWN_DEVICE
) -> Session:
    session = Session(
        id=SessionId(tx.new_id()),
        user_id=user.id,
        created_at=tx.now,
        expires_at=tx.now + timedelta(seconds=life_s),
        user_agent=device.user_agent,
        address=device.address,
        last_used_at=tx.now,
    )
    await tx.sessions.insert(session)
    return session


def issue_ticket(
    world: World,
    tenant: Tenant,
    user: User,
    session: Session,
    life_s: int,
    *,
    refresh_token: str | None = None,
) -> Ticket:
    """A token for a session, valid for `life_s` but not longer than the session."""
    now = world.clock()
    expires_at = min(now + timedelta(seconds=life_s), session.expires_at)
    claims = Claims(
        tenant_id=tenant.slug,
        user_id=session.user_id,
        username=user.username,
        role=user.role,
        session_id=session.id,
        issued_at=now,
        expires_at=expires_at,
    )
    expires_in_s = int((expires_at - now).total_seconds())
    return Ticket(world.tokens.sign(claims), expires_in_s, tenant.slug, refresh_token)


async def log_out(world: World, actor: Actor) -> None:
    """Ends the actor's session, everywhere and at once; ending it twice is no error."""
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    async with world.databases.begin(tenant) as tx:
        if await tx.sessions.end(actor.session_id, now=tx.now):
            tx.audit.record(done_by(actor, "logout", AuditSubject("session", str(actor.session_id))))
    await world.session_cache.remove(tenant, actor.session_id)


async def refresh(world: World, actor: Actor, *, life_s: int) -> Ticket:
    """Another token for the same session (API v1), with the user's role of today; the old one stays valid.

    Raises:
        TokenInvalid: the session has ended, or the user is not active any more.
    """
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    async with world.databases.begin(tenant) as tx:
        user = await read_profile(tx, actor)
        session = await tx.sessions.find(actor.session_id)
        if session is None or not session.is_live(world.clock()):
            raise TokenInvalid("session_ended")
        tx.audit.record(done_by(actor, "session.refreshed", AuditSubject("session", str(session.id))))
    return issue_ticket(world, tenant, user, session, life_s)


async def _hold_unchanged(tx: TenantTransaction, found: User) -> User | None:
    """None when changed while we were hashing: a new password ends all sessions, and this one would come
    after.
    """
    user = await tx.users.hold(found.id)
    if user is None or not user.active or user.password_hash != found.password_hash:
        return None
    return user


def _success(user: User, session: Session, origin: Origin) -> Entry:
    doer = Doer(user.id, user.username, user.role, session.id)
    return done_without_token(
        origin, "login.succeeded", AuditSubject("session", str(session.id)), doer=doer
    )


def _failure(user: User | None, reason: str, origin: Origin) -> Entry:
    """Never with what was typed as the name: it may be a password in the wrong field."""
    doer = Doer() if user is None else Doer(user.id, user.username, user.role)
    subject = AuditSubject("user", "" if user is None else str(user.id))
    return done_without_token(origin, "login.failed", subject, {"reason": reason}, doer)


async def read_profile(tx: TenantTransaction, actor: Actor) -> User:
    """The actor's own account.

    Raises:
        TokenInvalid: it has been removed since the token was signed.
    """
    user = await tx.users.find(actor.user_id)
    if user is None or not user.active:
        raise TokenInvalid("user_inactive")
    return user
