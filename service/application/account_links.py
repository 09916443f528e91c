"""Links in mails: made, mailed after the commit, and used up once."""

from __future__ import annotations

from engine.result import Err
from service.application.ports import TenantTransaction
from service.application.world import World
from service.domain.account_links import (
    AccountLink,
    LinkPurpose,
    check_link,
    join_token,
    new_link,
    split_token,
)
from service.domain.errors import LinkInvalid
from service.domain.mails import Message
from service.domain.refresh_families import hash_secret
from service.domain.tenants import Tenant
from service.domain.users import User


async def add_link(
    world: World,
    tx: TenantTransaction,
    tenant: Tenant,
    purpose: LinkPurpose,
    user: User,
    gives: tuple[str, str] = ("", ""),
) -> str:
    """The token of a new link, good once the transaction has committed.

    `gives` are the address and the role of an invitation.
    """
    email, role = gives
    secret = world.new_secret()
    await tx.links.insert(new_link(purpose, user, hash_secret(secret), tx.now, email=email, role=role))
    return join_token(tenant.id, secret)


def post(world: World, message: Message) -> None:
    """On its way after the answer; never inside a transaction, which could still fail."""
    world.errands.start("mail", world.mailer.send(message))


async def find_tenant_of(world: World, token: str) -> Tenant:
    """Raises LinkInvalid, for a tenant that is not active too."""
    tenant = await world.catalogue.find(split_token(token)[0])
    if tenant is None or tenant.status != "active":
        raise LinkInvalid("tenant_unknown")
    return tenant


async def peek(tx: TenantTransaction, token: str, purpose: LinkPurpose) -> tuple[AccountLink, User]:
    """The link and its user, while nothing is promised yet. Raises LinkInvalid."""
    link = await tx.links.find(_hash_of(token))
    return _require_good(link, purpose, None if link is None else await tx.users.find(link.user_id), tx)


async def use_up(tx: TenantTransaction, token: str, purpose: LinkPurpose) -> tuple[AccountLink, User]:
    """The link, used from now on, and its user, both held. Raises LinkInvalid."""
    link = await tx.links.lock(_hash_of(token))
    good = _require_good(link, purpose, None if link is None else await tx.users.lock(link.user_id), tx)
    await tx.links.mark_used(good[0].token_hash, now=tx.now)
    return good


def _hash_of(token: str) -> bytes:
    return hash_secret(split_token(token)[1])


def _require_good(
    link: AccountLink | None, purpose: LinkPurpose, user: User | None, tx: TenantTransaction
) -> tuple[AccountLink, User]:
    checked = check_link(link, purpose, user, tx.now)
    if isinstance(checked, Err):
        raise LinkInvalid(checked.error)
    return checked.value
