"""Users: as the operator makes them, since the first administrator can come from nowhere else, and as the
administrators of a tenant administer them. Whoever changes roles or is deactivated loses all sessions: a
token says what its bearer was when it was signed.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from service.application.accounts import find_active_tenant
from service.application.password_checks import find_account_problems, find_password_faults
from service.application.ports import TenantTransaction, UserQuery
from service.application.sessions import forget_sessions
from service.application.world import World
from service.domain.access import (
    Decision,
    Permission,
    Subject,
    decide,
    owner_of_list,
    require_permission,
    visibility_for,
)
from service.domain.audit import Action, AuditSubject, Detail, Entry, done_by, done_without_token
from service.domain.errors import InvalidInput, UserNotFound
from service.domain.identity import NOWHERE, Actor, Editor, Operator, Role, SessionId, UserId, Visibility
from service.domain.passwords import PasswordPolicy, own_words
from service.domain.request_limits import LOGIN_FROM_ADDRESS, failed_logins
from service.domain.tenants import Tenant
from service.domain.users import (
    NewUser,
    User,
    UserChange,
    change_user,
    ends_sessions,
    require_administrator,
)

_BY_HAND = Operator()
_OPERATOR = Decision(allowed=True, reason="the operator may do anything", rule="allowed", scope="system")


class SeenUser(Struct, frozen=True):
    """A user, and what of them the one who asks may see."""

    user: User
    decision: Decision


class SeenUserPage(Struct, frozen=True):
    """`total` counts every match, not just this page."""

    items: tuple[SeenUser, ...]
    total: int


async def create_user(world: World, tenant_slug: str, new: NewUser, editor: Editor = _BY_HAND) -> User:
    """An active user of the tenant; `editor` is who the audit says made them.

    Raises:
        InvalidInput: with all that is wrong.
        TenantNotFound: no such tenant.
        UserExists: the name or the e-mail is taken.
    """
    tenant = await find_active_tenant(world, tenant_slug)
    problems = await find_account_problems(world, PasswordPolicy(), new, tenant.slug, tenant.name)
    if problems:
        raise InvalidInput.of(problems)
    # Before the transaction: it takes a good part of a second, and a connection is dear.
    password_hash = await world.hasher.hash(new.password)
    return await insert_user(world, tenant, new, password_hash, editor)


async def insert_user(
    world: World, tenant: Tenant, new: NewUser, password_hash: str, editor: Editor = _BY_HAND
) -> User:
    async with world.databases.begin(tenant) as tx:
        user = await store_user(tx, new, password_hash)
        tx.audit.record(_entry(editor, "users.created", user, {"role": user.role}))
    return user


async def store_user(
    tx: TenantTransaction, new: NewUser, password_hash: str, *, is_active: bool = True
) -> User:
    """Who made them is the caller's to record. Raises UserExists."""
    user = User(
        id=UserId(tx.new_id()),
        username=new.username,
        email=new.email,
        password_hash=password_hash,
        role=new.role,
        active=is_active,
        created_at=tx.now,
        updated_at=tx.now,
    )
    await tx.users.insert(user)
    return user


async def add_user(world: World, actor: Actor, new: NewUser) -> User:
    """As `create_user`, in the own tenant. Raises PermissionDenied, for a role above the own too."""
    require_permission(actor, "users:create", Subject(role=new.role))
    return await create_user(world, str(actor.tenant_id), new, actor)


async def list_users(world: World, editor: Editor, tenant: str, query: UserQuery) -> SeenUserPage:
    """By name; what the editor may not see can not be searched either. Raises PermissionDenied."""
    allowed = _require(editor, "users:read")
    only = owner_of_list(editor, allowed) if isinstance(editor, Actor) else None
    asked = replace(query, only=only, is_email_searched=_sees_all(editor))
    async with world.databases.begin(await find_active_tenant(world, tenant)) as tx:
        page = await tx.users.list_page(asked)
    return SeenUserPage(tuple(_seen_by(editor, user) for user in page.items), page.total)


async def get_user(world: World, editor: Editor, tenant: str, user_id: UserId) -> SeenUser:
    """Raises PermissionDenied, UserNotFound."""
    _require(editor, "users:read")
    async with world.databases.begin(await find_active_tenant(world, tenant)) as tx:
        user = await tx.users.find(user_id)
    if user is None or not _decide(editor, "users:read", Subject(user.id)).allowed:
        raise UserNotFound
    return _seen_by(editor, user)


async def find_user_named(world: World, editor: Operator, tenant: str, username: str) -> User:
    """For people who type names. Raises TenantNotFound, UserNotFound."""
    _require(editor, "users:read")
    async with world.databases.begin(await find_active_tenant(world, tenant)) as tx:
        user = await tx.users.find_by_login(username)
    if user is None:
        raise UserNotFound(f"no user of the tenant is called {username[:80]!r}")
    return user


async def explain(
    world: World, editor: Operator, tenant: str, username: str, permission: Permission
) -> Decision:
    """What would be answered to the user, and why. Raises TenantNotFound, UserNotFound."""
    user = await find_user_named(world, editor, tenant, username)
    if not user.active:
        return Decision(allowed=False, reason="the account is not active", rule="account")
    entered = await find_active_tenant(world, tenant)
    settings = await world.configurations.settings(entered)
    sees = visibility_for(user.role, settings.visibility)
    return decide(stand_for(entered, user, sees), permission)


def stand_for(tenant: Tenant, user: User, sees: Visibility = "tenant") -> Actor:
    """The actor that the user would be, for questions asked while they are not there."""
    return Actor(
        tenant_id=tenant.id,
        tenant_slug=tenant.slug,
        user_id=user.id,
        username=user.username,
        role=user.role,
        session_id=SessionId(UUID(int=0)),
        sees=sees,
    )


async def update_user(
    world: World, editor: Editor, tenant: str, user_id: UserId, change: UserChange
) -> User:
    """The user as stored.

    Raises:
        PermissionDenied: the editor may not change users, or not this one.
        UserNotFound: there is none.
        UserExists: the e-mail is taken.
        LastAdministrator: nobody would be left to administer the tenant.
    """
    return await _change(
        world, editor, tenant, ("users:update", user_id), lambda user: change_user(user, change)
    )


async def deactivate_user(world: World, editor: Editor, tenant: str, user_id: UserId) -> User:
    """They can not log in any more; what they made stays theirs. Raises as `update_user` does."""
    return await _change(
        world, editor, tenant, ("users:delete", user_id), lambda user: replace(user, active=False)
    )


async def set_role(world: World, editor: Editor, tenant: str, user_id: UserId, role: Role) -> User:
    """Raises as `update_user` does; PermissionDenied also for a role above the editor's own."""
    _require(editor, "users:manage", Subject(role=role))
    return await _change(
        world, editor, tenant, ("users:manage", user_id), lambda user: replace(user, role=role)
    )


async def reset_password(
    world: World, editor: Operator, tenant: str, user_id: UserId, password: str
) -> User:
    """By hand, for one who has no other way back in. Raises InvalidInput, UserNotFound."""
    user = (await get_user(world, editor, tenant, user_id)).user
    words = own_words(user.username, user.email, tenant)
    faults = await find_password_faults(world, PasswordPolicy(), password, words)
    if faults:
        raise InvalidInput.of({"password": faults})
    password_hash = await world.hasher.hash(password)
    return await _change(
        world,
        editor,
        tenant,
        ("users:manage", user_id),
        lambda user: replace(user, password_hash=password_hash),
    )


async def unlock_user(world: World, editor: Editor, tenant: str, user_id: UserId) -> None:
    """Wrong passwords count no more, from wherever they came. Raises PermissionDenied, UserNotFound."""
    _require(editor, "users:manage")
    entered = await find_active_tenant(world, tenant)
    async with world.databases.begin(entered) as tx:
        user = await _lock_subject(tx, editor, "users:manage", user_id)
        tx.audit.record(_entry(editor, "users.unlocked", user))
    for name in filter(None, (user.username, user.email)):
        account = failed_logins(entered.id, name)
        await world.limiter.forgive(account)
        await world.limiter.forgive_all(LOGIN_FROM_ADDRESS, f"{account.subject}:")


async def _change(
    world: World,
    editor: Editor,
    tenant: str,
    asked: tuple[Permission, UserId],
    alter: Callable[[User], User],
) -> User:
    _require(editor, asked[0])
    entered = await find_active_tenant(world, tenant)
    async with world.databases.begin(entered) as tx:
        # First, and always: of two who demote each other, the second sees what the first has done.
        administrators = await tx.users.lock_administrators()
        before = await _lock_subject(tx, editor, *asked)
        after = alter(before)
        # One who is not active may have a link to become so: whoever shuts them out again makes it void.
        if after == before and before.active:
            return before
        require_administrator(administrators, after)
        after = replace(after, updated_at=tx.now)
        await tx.users.update(after)
        ended: frozenset[SessionId] = frozenset()
        if ends_sessions(before, after):
            ended = await tx.sessions.end_all(after.id, now=tx.now)
        tx.audit.record(_entry(editor, "users.updated", after, _describe(before, after)))
    await forget_sessions(world, entered, ended)
    return after


async def _lock_subject(
    tx: TenantTransaction, editor: Editor, permission: Permission, user_id: UserId
) -> User:
    user = await tx.users.lock(user_id)
    if user is None:
        raise UserNotFound
    _require(editor, permission, Subject(user.id, role=user.role))
    return user


def _entry(editor: Editor, action: Action, user: User, details: dict[str, Detail] | None = None) -> Entry:
    subject = AuditSubject("user", str(user.id))
    if isinstance(editor, Actor):
        return done_by(editor, action, subject, details)
    return done_without_token(NOWHERE, action, subject, details)


def _describe(before: User, after: User) -> dict[str, Detail]:
    """Names of fields, but for what decides who may do what: never an address or a hash."""
    names = ("email", "password_hash", "role", "active")
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    return {"fields": changed, "role": after.role, "active": after.active}


def _seen_by(editor: Editor, user: User) -> SeenUser:
    return SeenUser(user, _decide(editor, "users:read", Subject(user.id)))


def _sees_all(editor: Editor) -> bool:
    """Whether also of somebody whom they do not know."""
    return _decide(editor, "users:read", Subject()).is_shown("email")


def _decide(editor: Editor, permission: Permission, subject: Subject | None = None) -> Decision:
    return decide(editor, permission, subject) if isinstance(editor, Actor) else _OPERATOR


def _require(editor: Editor, permission: Permission, subject: Subject | None = None) -> Decision:
    return require_permission(editor, permission, subject) if isinstance(editor, Actor) else _OPERATOR
