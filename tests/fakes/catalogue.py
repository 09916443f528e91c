"""A control database in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec import structs

from fakes.time_and_ids import FakeClock, FakeIds
from service.application.ports import TenantPage
from service.domain.errors import InvalidInput, TenantExists
from service.domain.identity import TenantId
from service.domain.tenants import Tenant, TenantStatus, is_slug


class FakeTenantCatalogue:
    def __init__(
        self, clock: Callable[[], datetime] | None = None, new_id: Callable[[], UUID] | None = None
    ) -> None:
        self.clock = clock or FakeClock()
        self.new_id = new_id or FakeIds()
        self.rows: dict[TenantId, Tenant] = {}

    async def find(self, slug_or_id: str) -> Tenant | None:
        wanted = slug_or_id.lower()
        active = [tenant for tenant in self.rows.values() if tenant.status == "active"]
        by_id = (tenant for tenant in active if str(tenant.id) == wanted)
        by_slug = (tenant for tenant in active if tenant.slug.lower() == wanted)
        return next(by_id, None) or next(by_slug, None)

    async def find_any(self, slug_or_id: str) -> Tenant | None:
        wanted = slug_or_id.lower()
        by_id = (tenant for tenant in self.rows.values() if str(tenant.id) == wanted)
        by_slug = (tenant for tenant in self.rows.values() if tenant.slug.lower() == wanted)
        return next(by_id, None) or next(by_slug, None)

    async def list_page(self, status: TenantStatus | None, *, offset: int, limit: int) -> TenantPage:
        found = [tenant for tenant in await self.list_all() if status in {None, tenant.status}]
        return TenantPage(tuple(found[offset : offset + limit]), len(found))

    async def update(self, tenant: Tenant, *, expected: TenantStatus) -> bool:
        if tenant.id not in self.rows or self.rows[tenant.id].status != expected:
            return False
        self.rows[tenant.id] = tenant
        return True

    async def remove(self, tenant: Tenant) -> None:
        self.rows[tenant.id] = structs.replace(tenant, status="deleted")

    async def list_all(self) -> tuple[Tenant, ...]:
        return tuple(sorted(self.rows.values(), key=lambda tenant: tenant.id))

    async def provision(self, slug: str, name: str) -> Tenant:
        if not is_slug(slug):
            raise InvalidInput
        if any(tenant.slug.lower() == slug.lower() for tenant in self.rows.values()):
            raise TenantExists
        tenant_id, now = TenantId(self.new_id()), self.clock()
        tenant = Tenant(
            id=tenant_id,
            slug=slug,
            name=name,
            status="active",
            database=f"chainbook_t_{tenant_id.hex}",
            created_at=now,
            updated_at=now,
        )
        self.rows[tenant_id] = tenant
        return tenant
