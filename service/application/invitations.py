"""Accounts by invitation: an administrator gives an address and a role, the invited the rest."""

from __future__ import annotations

from typing import cast

from engine.result import Err
from service.application.account_links import add_link, find_tenant_of, peek, post, use_up
from service.application.accounts import find_active_tenant, read_profile
from service.application.admission import require_admitted
from service.application.password_checks import find_account_problems
from service.application.users import stand_for, store_user
from service.application.world import World
from service.domain.access import Subject, decide, require_permission
from service.domain.audit import AuditSubject, done_by, done_to_self
from service.domain.emails import parse_email
from service.domain.errors import InvalidInput, LinkInvalid, UserExists
from service.domain.identity import NOWHERE, Actor, Origin, Role
from service.domain.mails import invitation_mail
from service.domain.passwords import PasswordPolicy
from service.domain.request_limits import mail_charge
from service.domain.users import NewUser, User


async def invite(world: World, actor: Actor, email: str, role: Role) -> str:
    """The address to which the invitation goes.

    Raises:
        PermissionDenied: the actor makes no users, or none with a role above the own.
        InvalidInput: the address is none.
        UserExists: somebody of the tenant has the address.
        TooManyRequests: enough mails have gone there.
    """
    require_permission(actor, "users:create", Subject(role=role))
    parsed = parse_email(email)
    if isinstance(parsed, Err) or not parsed.value:
        raise InvalidInput.of({"email": ("is not a valid e-mail address",)})
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    require_admitted((await world.limiter.charge((mail_charge(tenant.id, parsed.value),)))[0])
    async with world.databases.begin(tenant) as tx:
        inviter = await read_profile(tx, actor)
        if await tx.users.find_by_login(parsed.value) is not None:
            raise UserExists
        token = await add_link(world, tx, tenant, "invitation", inviter, (parsed.value, role))
        tx.audit.record(done_by(actor, "users.invited", AuditSubject("user"), {"role": role}))
    post(world, invitation_mail(parsed.value, tenant.name, world.pages, token))
    return parsed.value


async def accept_invitation(
    world: World, token: str, username: str, password: str, origin: Origin = NOWHERE
) -> User:
    """An active user with the invitation's address and role.

    Raises:
        LinkInvalid: the token is not good for this, or who invited could not invite any more.
        InvalidInput: with all that is wrong; the link can be used again.
        UserExists: the name or, meanwhile, the e-mail is taken.
    """
    tenant = await find_tenant_of(world, token)
    async with world.databases.begin(tenant) as tx:
        link, _ = await peek(tx, token, "invitation")
    new = NewUser(username, link.email, cast("Role", link.role), password)
    problems = await find_account_problems(world, PasswordPolicy(), new, tenant.slug, tenant.name)
    if problems:
        raise InvalidInput.of(problems)
    password_hash = await world.hasher.hash(password)
    async with world.databases.begin(tenant) as tx:
        _, inviter = await use_up(tx, token, "invitation")
        inviting = decide(stand_for(tenant, inviter), "users:create", Subject(role=new.role))
        if not inviter.active or not inviting.allowed:
            raise LinkInvalid("inviter_changed")
        user = await store_user(tx, new, password_hash)
        made = {"role": user.role, "invited_by": str(inviter.id)}
        tx.audit.record(done_to_self(user, origin, "users.created", made))
    return user
