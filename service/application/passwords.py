"""Changing the own password."""

from __future__ import annotations

from engine.result import Err
from service.application.accounts import find_active_tenant, read_profile
from service.application.sessions import forget_sessions
from service.application.world import World
from service.domain.errors import InvalidInput
from service.domain.identity import Actor
from service.domain.passwords import PasswordPolicy, password_rules


async def change_password(world: World, actor: Actor, current: str, new: str) -> None:
    """Another password, and the end of all sessions of the actor but this one.

    Raises:
        InvalidInput: `current` is wrong, or `new` is not strong enough.
        TokenInvalid: the account has been removed meanwhile.
    """
    checked = password_rules(PasswordPolicy()).check(new)
    if isinstance(checked, Err):
        raise InvalidInput.of({"new_password": tuple(issue.text for issue in checked.error)})
    tenant = await find_active_tenant(world, str(actor.tenant_id))
    async with world.databases.begin(tenant) as tx:
        user = await read_profile(tx, actor)
    # The hash is slow on purpose: no transaction is held meanwhile.
    if not await world.hasher.verify(current, user.password_hash):
        raise InvalidInput.of({"current_password": ("is wrong",)})
    new_hash = await world.hasher.hash(new)
    async with world.databases.begin(tenant) as tx:
        await tx.users.set_password(user.id, new_hash, now=tx.now)
        ended = await tx.sessions.end_all(user.id, now=tx.now, but=actor.session_id)
    await forget_sessions(world, tenant, ended)
