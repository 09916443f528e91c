"""A new password for who has forgotten the old one."""

from __future__ import annotations

from service.application.account_links import add_link, find_tenant_of, peek, use_up
from service.application.password_checks import find_password_faults
from service.application.ports import TenantTransaction
from service.application.sessions import forget_sessions
from service.application.world import World
from service.domain.account_links import LinkPurpose, binding_of
from service.domain.audit import done_to_self
from service.domain.errors import InvalidInput
from service.domain.identity import NOWHERE, Origin
from service.domain.limits import is_refused
from service.domain.mails import reset_mail, verification_mail
from service.domain.passwords import PasswordPolicy, own_words
from service.domain.request_limits import mail_charge
from service.domain.users import User


def ask_for_reset(world: World, tenant_slug: str, email: str) -> None:
    """A mail, if anybody has the address. Looking for them is already done after the answer, so that
    neither its time nor its words say whether there is such an account.
    """
    world.errands.start("password reset", _mail_link(world, tenant_slug, email))


async def reset_password(world: World, token: str, new_password: str, origin: Origin = NOWHERE) -> None:
    """Another password, and the end of all sessions of the user.

    Raises:
        LinkInvalid: the token is not good for this, any more or at all.
        InvalidInput: the password will not do; the link can be used again.
    """
    tenant = await find_tenant_of(world, token)
    async with world.databases.begin(tenant) as tx:
        _, user = await peek(tx, token, "reset")
    words = own_words(user.username, user.email, tenant.slug, tenant.name)
    faults = await find_password_faults(world, PasswordPolicy(), new_password, words)
    if faults:
        raise InvalidInput.of({"new_password": faults})
    # The hash is slow on purpose: no transaction is held meanwhile.
    password_hash = await world.hasher.hash(new_password)
    async with world.databases.begin(tenant) as tx:
        await use_up(tx, token, "reset")
        await tx.users.set_password(user.id, password_hash, now=tx.now)
        ended = await tx.sessions.end_all(user.id, now=tx.now)
        counted = {"sessions_ended": len(ended)}
        tx.audit.record(done_to_self(user, origin, "password.changed", counted))
    await forget_sessions(world, tenant, ended)


async def _mail_link(world: World, tenant_slug: str, email: str) -> None:
    tenant = await world.catalogue.find(tenant_slug)
    if tenant is None or tenant.status != "active":
        return
    if is_refused((await world.limiter.charge((mail_charge(tenant.id, email),)))[0]):
        return
    async with world.databases.begin(tenant) as tx:
        user = await tx.users.find_by_login(email)
        if user is None or user.email.lower() != email.lower():
            return
        purpose = await _purpose_for(tx, user)
        if purpose is None:
            return
        token = await add_link(world, tx, tenant, purpose, user)
    write = reset_mail if purpose == "reset" else verification_mail
    await world.mailer.send(write(user.email, tenant.name, world.pages, token))


async def _purpose_for(tx: TenantTransaction, user: User) -> LinkPurpose | None:
    """Who has not confirmed the address yet does so first; who was shut out stays so."""
    if user.active:
        return "reset"
    is_waiting = await tx.links.has_unused(user.id, "verify", binding_of("verify", user))
    return "verify" if is_waiting else None
