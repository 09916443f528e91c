"""The use cases of tenants: for system administrators, and for the operator."""

from __future__ import annotations

from msgspec import structs

from service.application.ports import TenantPage
from service.application.world import World
from service.domain.access import require_permission
from service.domain.errors import InvalidInput, TenantIsOwn, TenantNotFound, TenantStatusConflict
from service.domain.identity import Actor, Editor
from service.domain.tenants import Tenant, TenantChange, TenantStatus, find_tenant_problems, next_status


async def create_tenant(world: World, editor: Editor, slug: str, name: str = "") -> Tenant:
    """An active tenant with a database of its own.

    Raises:
        PermissionDenied: the editor does not manage tenants.
        InvalidInput: with all that is wrong.
        TenantExists: another tenant has the slug.
    """
    _require_manager(editor)
    chosen = name.strip() or slug
    _require_none(find_tenant_problems(slug, chosen))
    return await world.catalogue.provision(slug, chosen)


async def get_tenant(world: World, editor: Editor, slug_or_id: str) -> Tenant:
    """In whatever state it is. Raises PermissionDenied, TenantNotFound."""
    _require_manager(editor)
    tenant = await world.catalogue.find_any(slug_or_id)
    if tenant is None:
        raise TenantNotFound(f"no tenant is called {slug_or_id[:80]!r}")
    return tenant


async def list_tenants(world: World, editor: Editor) -> tuple[Tenant, ...]:
    """All, in the order they were made. Raises PermissionDenied."""
    _require_manager(editor)
    return await world.catalogue.list_all()


async def list_tenant_page(
    world: World, editor: Editor, status: TenantStatus | None, *, offset: int, limit: int
) -> TenantPage:
    """Raises PermissionDenied."""
    _require_manager(editor)
    return await world.catalogue.list_page(status, offset=offset, limit=limit)


async def rename_tenant(world: World, editor: Editor, slug_or_id: str, name: str) -> Tenant:
    """Raises PermissionDenied, TenantNotFound, InvalidInput, TenantStatusConflict."""
    tenant = await get_tenant(world, editor, slug_or_id)
    _require_none(find_tenant_problems(tenant.slug, name))
    return await _store(world, tenant, name=name.strip())


async def change_tenant(world: World, editor: Editor, slug_or_id: str, change: TenantChange) -> Tenant:
    """Suspend: nobody gets in, within a second in every process, and nothing is lost; resume is the way
    back. Delete: its database is gone, for good.

    Raises:
        PermissionDenied: the editor does not manage tenants.
        TenantNotFound: there is none.
        TenantIsOwn: it is the tenant that the editor is logged in to.
        TenantStatusConflict: its state does not allow it, or is being changed by others.
    """
    tenant = await get_tenant(world, editor, slug_or_id)
    if isinstance(editor, Actor) and editor.tenant_id == tenant.id:
        raise TenantIsOwn(f"somebody who is logged in to another tenant may {change} this one")
    status = next_status(tenant, change).or_raise()
    changed = await _store(world, tenant, status=status)
    if status == "deleting":
        await world.catalogue.remove(changed)
        return structs.replace(changed, status="deleted")
    return changed


async def _store(world: World, tenant: Tenant, **changes: str) -> Tenant:
    changed = structs.replace(tenant, updated_at=world.clock(), **changes)
    if not await world.catalogue.update(changed, expected=tenant.status):
        raise TenantStatusConflict("the state of the tenant was changed at the same moment")
    return changed


def _require_manager(editor: Editor) -> None:
    if isinstance(editor, Actor):
        require_permission(editor, "tenants:manage")


def _require_none(problems: dict[str, tuple[str, ...]]) -> None:
    if problems:
        raise InvalidInput.of(problems)
