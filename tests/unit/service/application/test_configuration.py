"""Who may configure which tenant, and what an undo does when others are at it too. In memory."""

from __future__ import annotations

from uuid import UUID

import pytest
from fakes import FakeConfigurationStore, fake_configurations, fake_world

from service.application.configuration import (
    change_configuration,
    get_configuration,
    get_settings_table,
    list_configuration_changes,
    undo_configuration,
)
from service.domain.errors import ConfigurationConflict, PermissionDenied, TenantNotFound
from service.domain.identity import Actor, Operator


@pytest.fixture
async def world():
    made = fake_world()
    for slug in ("red", "blue"):
        await made.catalogue.provision(slug, slug)
    return made


async def actor_in(world, slug, role="tenant_admin"):
    tenant = await world.catalogue.find(slug)
    return Actor(tenant.id, slug, UUID(int=2), "ada", role, UUID(int=3))


async def flag(world, editor, name, slug="red"):
    return await change_configuration(world, editor, slug, {"flags": {name: True}}, request_id="r")


async def use_all(world, editor, slug):
    await flag(world, editor, "a", slug)
    await undo_configuration(world, editor, slug, {}, request_id="r")
    await get_settings_table(world, editor, slug)
    await list_configuration_changes(world, editor, slug, offset=0, limit=9)
    return await get_configuration(world, editor, slug)


@pytest.mark.parametrize("role", ["tenant_admin", "system_admin"])
async def test_no_tenants_database_is_opened_for_it(world, role):
    world.databases.is_down = True
    assert (await use_all(world, await actor_in(world, "red", role), "red")).version == 2


async def test_the_operator_and_system_administrators_configure_every_tenant(world):
    for editor in (Operator(), await actor_in(world, "red", "system_admin")):
        assert (await use_all(world, editor, "blue")).flags == {}


@pytest.mark.parametrize("slug", ["red", "blue", "nobody"])
@pytest.mark.parametrize("role", ["user", "read_only", "janitor"])
async def test_others_are_refused_before_a_tenant_is_looked_for(world, role, slug):
    with pytest.raises(PermissionDenied):
        await get_configuration(world, await actor_in(world, "red", role), slug)


async def test_the_administrator_of_another_tenant_finds_none(world):
    with pytest.raises(TenantNotFound):
        await get_configuration(world, await actor_in(world, "red"), "blue")


class Overtaken(FakeConfigurationStore):
    """Lets another process be first when an undo is stored."""

    async def append(self, tenant, change, contents):
        if change.transition == "undo" and len(self.rows[tenant.id]) < change.version:
            self.rows[tenant.id].append((change, contents.set("flags.other", True)))
        return await super().append(tenant, change, contents)


async def test_an_undo_that_was_overtaken_takes_nothing_back_that_nobody_has_seen():
    store = Overtaken()
    base = fake_world()
    world = fake_world(configurations=fake_configurations(base.clock, store), catalogue=base.catalogue)
    await world.catalogue.provision("red", "Red")
    await flag(world, Operator(), "a")

    with pytest.raises(ConfigurationConflict):
        await undo_configuration(world, Operator(), "red", {}, request_id="r")

    assert (await get_configuration(world, Operator(), "red")).flags == {"other": True}
