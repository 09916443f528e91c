"""Changing the own password."""

from __future__ import annotations

from service.application.accounts import find_active_tenant, read_profile
from service.application.password_checks import find_password_faults
from service.application.sessions import forget_sessions
from service.application.world import World
from service.domain.audit import AuditSubject, done_by
from service.domain.errors import InvalidInput
from service.domain.identity import Actor
from service.domain.passwords import PasswordPolicy, own_words


async def change_password(world: World, actor: Actor, current: str, new: str) -> None:
    """Another password, and the end of all sessions of the actor but this one.

    Raises:
        InvalidInput: `current` is wrong, or `new` is not strong enough.
        TokenInvalid: the account has been removed meanwhile.
    """
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    async with world.databases.begin(tenant) as tx:
        user = await read_profile(tx, actor)
    words = own_words(user.username, user.email, tenant.slug, tenant.name)
    faults = await find_password_faults(world, PasswordPolicy(), new, words)
    if faults:
        raise InvalidInput.of({"new_password": faults})
    # The hash is slow on purpose: no transaction is held meanwhile.
    if not await world.hasher.verify(current, user.password_hash):
        raise InvalidInput.of({"current_password": ("is wrong",)})
    new_hash = await world.hasher.hash(new)
    async with world.databases.begin(tenant) as tx:
        await tx.users.set_password(user.id, new_hash, now=tx.now)
        ended = await tx.sessions.end_all(user.id, now=tx.now, but=actor.session_id)
        tx.audit.record(
            done_by(
                actor,
                "password.changed",
                AuditSubject("user", str(user.id)),
                {"sessions_ended": len(ended)},
            )
        )
    await forget_sessions(world, tenant, ended)
