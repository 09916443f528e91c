"""Users, as the operator makes them: the first administrator of a tenant can come from nowhere else."""

from __future__ import annotations

from msgspec import Struct

from service.application.accounts import find_active_tenant
from service.application.world import World
from service.domain.errors import InvalidInput
from service.domain.identity import Role, UserId
from service.domain.tenants import Tenant
from service.domain.users import User, find_user_problems


class NewUser(Struct, frozen=True):
    """What the operator gives; never shown, because it holds the password."""

    username: str
    email: str
    role: Role
    password: str

    def __repr__(self) -> str:
        return f"NewUser({self.username!r})"


async def create_user(world: World, tenant_slug: str, new: NewUser) -> User:
    """An active user of the tenant.

    Raises:
        InvalidInput: with all that is wrong.
        TenantNotFound: no such tenant.
        UserExists: the name or the e-mail is taken.
    """
    problems = find_user_problems(new.username, new.email, new.password)
    if problems:
        raise InvalidInput(problems=problems)
    tenant = await find_active_tenant(world, tenant_slug)
    # Before the transaction: it takes a good part of a second, and a connection is dear.
    password_hash = await world.hasher.hash(new.password)
    return await insert_user(world, tenant, new, password_hash)


async def insert_user(world: World, tenant: Tenant, new: NewUser, password_hash: str) -> User:
    async with world.databases.begin(tenant) as transaction:
        user = User(
            id=UserId(transaction.new_id()),
            username=new.username,
            email=new.email,
            password_hash=password_hash,
            role=new.role,
            active=True,
            created_at=transaction.now,
            updated_at=transaction.now,
        )
        await transaction.users.insert(user)
    return user
