"""Tenants, as the operator handles them: whoever runs these has the database in hand already."""

from __future__ import annotations

from service.application.world import World
from service.domain.errors import InvalidInput, TenantNotFound
from service.domain.tenants import Tenant, find_tenant_problems


async def create_tenant(world: World, slug: str, name: str = "") -> Tenant:
    """An active tenant with a database of its own.

    Raises:
        InvalidInput: the slug is not one.
        TenantExists: another tenant has it.
    """
    problems = find_tenant_problems(slug)
    if problems:
        raise InvalidInput(problems=problems)
    return await world.catalogue.provision(slug, name.strip() or slug)


async def get_tenant(world: World, slug_or_id: str) -> Tenant:
    tenant = await world.catalogue.find(slug_or_id)
    if tenant is None:
        raise TenantNotFound(f"no active tenant is called {slug_or_id!r}")
    return tenant


async def list_tenants(world: World) -> tuple[Tenant, ...]:
    return await world.catalogue.list_all()
