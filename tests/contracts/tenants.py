"""What every TenantCatalogue and TenantDatabases promises.

Fixtures: catalogue, databases, tenant, other_tenant and new_slug, a function.
"""

from __future__ import annotations

import msgspec
import pytest
from contracts.builders import a_contact

from service.application.ports import ContactQuery
from service.domain.errors import InvalidInput, TenantExists, TenantNotFound


class TenantCatalogueContract:
    async def test_a_new_tenant_is_found_by_slug_in_any_case_and_by_id(self, catalogue, new_slug):
        slug = new_slug()
        tenant = await catalogue.provision(slug, "Näme")

        assert (tenant.slug, tenant.name, tenant.status) == (slug, "Näme", "active")
        for name in (slug, slug.upper(), str(tenant.id), str(tenant.id).upper()):
            assert await catalogue.find(name) == tenant
        assert tenant in await catalogue.list_all()

    @pytest.mark.parametrize(
        "name", ["", "nobody", "018cc251-f400-7000-8000-00000000ffff", "a b", "x" * 37, "\0"]
    )
    async def test_who_is_not_there_is_none(self, catalogue, name):
        assert await catalogue.find(name) is None

    async def test_a_slug_is_taken_once_in_any_case(self, catalogue, new_slug):
        slug = new_slug()
        await catalogue.provision(slug, "first")

        with pytest.raises(TenantExists):
            await catalogue.provision(slug.upper(), "second")

    @pytest.mark.parametrize("slug", ["", "a b", "ä", "x" * 37, "a/b", "a\n", "a\0"])
    async def test_what_is_no_slug_is_refused(self, catalogue, slug):
        with pytest.raises(InvalidInput):
            await catalogue.provision(slug, "name")

    async def test_the_id_of_a_tenant_can_not_be_taken_over_as_a_slug(self, catalogue, new_slug):
        tenant = await catalogue.provision(new_slug(), "first")
        await catalogue.provision(str(tenant.id), "second")

        assert await catalogue.find(str(tenant.id)) == tenant

    async def test_one_in_any_state_is_found_when_asked_so(self, catalogue, new_slug):
        tenant = await catalogue.provision(new_slug(), "One")
        suspended = msgspec.structs.replace(tenant, status="suspended", name="Two")

        assert await catalogue.update(suspended, expected="active")

        assert await catalogue.find(tenant.slug) is None
        assert await catalogue.find_any(tenant.slug.upper()) == suspended
        assert await catalogue.find_any(str(tenant.id)) == suspended
        assert await catalogue.find_any("no slug!") is None

    async def test_a_change_to_a_state_that_was_left_stores_nothing(self, catalogue, new_slug):
        tenant = await catalogue.provision(new_slug(), "One")
        suspended = msgspec.structs.replace(tenant, status="suspended")

        assert not await catalogue.update(suspended, expected="deleting")
        assert await catalogue.find(tenant.slug) == tenant

    async def test_pages_hold_the_tenants_of_one_state_and_count_them_all(self, catalogue, new_slug):
        made = [await catalogue.provision(new_slug(), "One") for _ in range(3)]
        for tenant in made:
            await catalogue.update(msgspec.structs.replace(tenant, status="suspended"), expected="active")

        everyone = await catalogue.list_page("suspended", offset=0, limit=500)
        page = await catalogue.list_page("suspended", offset=everyone.total - 2, limit=1)

        assert [tenant.id for tenant in everyone.items[-3:]] == [tenant.id for tenant in made]
        assert (page.items, page.total) == ((everyone.items[-2],), everyone.total)
        assert (await catalogue.list_page(None, offset=0, limit=1)).total > everyone.total - 3

    async def test_a_removed_tenant_stays_as_deleted_and_keeps_its_slug(self, catalogue, new_slug):
        tenant = await catalogue.provision(new_slug(), "One")
        deleting = msgspec.structs.replace(tenant, status="deleting")
        await catalogue.update(deleting, expected="active")

        await catalogue.remove(deleting)
        await catalogue.remove(deleting)

        assert await catalogue.find_any(tenant.slug) == msgspec.structs.replace(tenant, status="deleted")
        with pytest.raises(TenantExists):
            await catalogue.provision(tenant.slug, "Again")


class TenantDatabasesContract:
    async def test_leaving_by_an_exception_leaves_no_trace(self, databases, tenant):
        with pytest.raises(ZeroDivisionError):
            async with databases.begin(tenant) as tx:
                await tx.contacts.insert(a_contact())
                raise ZeroDivisionError

        async with databases.begin(tenant) as tx:
            assert (await tx.contacts.list_page(ContactQuery())).total == 0

    async def test_now_is_fixed_aware_and_in_utc(self, databases, tenant):
        async with databases.begin(tenant) as tx:
            assert tx.now is tx.now
            assert tx.now.utcoffset().total_seconds() == 0

    async def test_ids_are_version_7_and_ascend(self, databases, tenant):
        async with databases.begin(tenant) as tx:
            first, second = tx.new_id(), tx.new_id()

        assert first.version == 7
        assert first < second

    @pytest.mark.parametrize("status", ["provisioning", "suspended", "deleting", "deleted"])
    async def test_a_tenant_that_is_not_active_can_not_be_entered(self, databases, tenant, status):
        with pytest.raises(TenantNotFound):
            async with databases.begin(msgspec.structs.replace(tenant, status=status)):
                pass
