"""Demonstration data: two tenants and their users, made once and found again afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from service.application.users import insert_user
from service.application.world import World
from service.domain.identity import Role
from service.domain.tenants import Tenant
from service.domain.users import NewUser, User

EVERYWHERE: dict[str, Role] = {
    "admin": "tenant_admin",
    "user": "user",
    "user2": "user",
    "reader": "read_only",
}
DEMO: dict[str, dict[str, Role]] = {
    "tenant1": EVERYWHERE | {"root": "system_admin"},
    "tenant2": EVERYWHERE,
}

Passwords: TypeAlias = Mapping[str, Mapping[str, str]]


class DemoUser(Struct, frozen=True):
    """`password` is the one in effect; None when the user was made elsewhere and it is not known here."""

    username: str
    role: Role
    password: str | None
    is_new: bool

    def __repr__(self) -> str:
        return f"DemoUser({self.username!r}, {self.role!r})"


class DemoTenant(Struct, frozen=True):
    """A tenant and its demonstration users."""

    tenant: Tenant
    users: tuple[DemoUser, ...]


class PasswordChoice(Struct, frozen=True):
    """`known` are those of an earlier seeding. A new user gets `chosen`, else the known, else a new one."""

    known: Passwords
    chosen: str | None
    make: Callable[[], str]

    def __repr__(self) -> str:
        return "PasswordChoice(***)"


def plan_passwords(choice: PasswordChoice) -> Passwords:
    """A password for every demonstration user, in case it has to be made."""
    return {
        slug: {name: choice.chosen or _known(choice, slug, name) or choice.make() for name in names}
        for slug, names in DEMO.items()
    }


async def seed_demo(world: World, choice: PasswordChoice, planned: Passwords) -> tuple[DemoTenant, ...]:
    """Make what is missing; what is there stays as it is, its passwords too."""
    return tuple([await _seed_tenant(world, slug, choice, planned[slug]) for slug in DEMO])


async def _seed_tenant(
    world: World, slug: str, choice: PasswordChoice, planned: Mapping[str, str]
) -> DemoTenant:
    tenant = await world.catalogue.find(slug) or await world.catalogue.provision(slug, slug)
    async with world.databases.begin(tenant) as transaction:
        found = {name: await transaction.users.find_by_login(name) for name in DEMO[slug]}
    hashes = await _hash_each(world, {planned[name] for name, user in found.items() if user is None})
    users = []
    for name, user in found.items():
        if user is None:
            new = NewUser(name, f"{name}@{slug}.example.com", DEMO[slug][name], planned[name])
            user = await insert_user(world, tenant, new, hashes[planned[name]])  # noqa: PLW2901  now it is found
            users.append(DemoUser(name, user.role, planned[name], is_new=True))
        else:
            password = await _find_password(world, user, _known(choice, slug, name), choice.chosen)
            users.append(DemoUser(name, user.role, password, is_new=False))
    return DemoTenant(tenant, tuple(users))


async def _hash_each(world: World, passwords: set[str]) -> dict[str, str]:
    """Each once: one chosen password for all costs one hash."""
    ordered = sorted(passwords)
    return dict(zip(ordered, await asyncio.gather(*map(world.hasher.hash, ordered)), strict=True))


async def _find_password(world: World, user: User, known: str | None, chosen: str | None) -> str | None:
    if known is None and chosen is not None and await world.hasher.verify(chosen, user.password_hash):
        return chosen
    return known


def _known(choice: PasswordChoice, slug: str, name: str) -> str | None:
    return choice.known.get(slug, {}).get(name)
