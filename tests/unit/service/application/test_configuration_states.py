"""What one process knows of the configurations, beside others that change them. Time is ours to move."""

from __future__ import annotations

import pytest
from fakes import (
    FakeClock,
    FakeConfigurationCache,
    FakeConfigurationStore,
    FakeTenantCatalogue,
    fake_configurations,
)
from fakes.configuration import LIFE_S

from engine import PMap, transition
from service.application.configuration_states import CHECK_AFTER_S
from service.domain.configuration import MAX_FLAGS, change
from service.domain.configuration_history import Author
from service.domain.errors import (
    ConfigurationConflict,
    ConfigurationVersionConflict,
    DatabaseUnavailable,
    InvalidInput,
)

OPERATOR = Author("request")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store():
    return FakeConfigurationStore()


@pytest.fixture
def cache(clock):
    return FakeConfigurationCache(clock)


@pytest.fixture
def here(clock, store, cache):
    return fake_configurations(clock, store, cache)


@pytest.fixture
def elsewhere(clock, store, cache):
    """Another process before the same servers."""
    return fake_configurations(clock, store, cache)


@pytest.fixture
async def tenant():
    return await FakeTenantCatalogue().provision("red", "Red")


async def flag(configurations, tenant, name, **options):
    step = transition("change", change({"flags": {name: True}}, configurations.table))
    return await configurations.apply(tenant, step, OPERATOR, **options)


def flags(*names):
    return PMap({f"flags.{name}": True for name in names})


async def test_a_change_is_seen_at_once_where_it_was_made(here, tenant):
    await here.current(tenant)
    assert (await flag(here, tenant, "a")).version == 1
    assert (await here.current(tenant)).state == flags("a")


async def test_a_change_is_seen_elsewhere_in_less_than_a_second(here, elsewhere, tenant, clock):
    await elsewhere.current(tenant)
    await flag(here, tenant, "a")
    clock.advance(CHECK_AFTER_S)
    assert (await elsewhere.current(tenant)).state == flags("a")
    assert CHECK_AFTER_S + LIFE_S < 1


async def test_a_change_that_the_cache_was_not_told_of_is_seen_when_the_cache_forgets(
    here, elsewhere, tenant, clock, cache
):
    await elsewhere.current(tenant)
    cache.is_down = True
    await flag(here, tenant, "a")
    cache.is_down = False
    clock.advance(max(CHECK_AFTER_S, LIFE_S))
    assert (await elsewhere.current(tenant)).state == flags("a")


async def test_without_the_cache_a_change_is_seen_too(here, elsewhere, tenant, clock, cache):
    cache.is_down = True
    await elsewhere.current(tenant)
    await flag(here, tenant, "a")
    clock.advance(CHECK_AFTER_S)
    assert (await elsewhere.current(tenant)).state == flags("a")


async def test_for_a_moment_nobody_is_asked(here, tenant, store, clock):
    for _ in range(9):
        await here.current(tenant)
        clock.advance(CHECK_AFTER_S / 10)
    assert store.find_count == 1


async def test_what_another_process_has_asked_for_is_taken_from_the_cache(here, elsewhere, tenant, store):
    await here.current(tenant)
    await elsewhere.current(tenant)
    assert store.find_count == 1


async def test_a_version_never_goes_back(here, tenant, cache, clock):
    await flag(here, tenant, "a")
    cache.rows.clear()
    await cache.put(tenant, await fake_configurations(clock).current(tenant))
    clock.advance(CHECK_AFTER_S / 2)
    here._checked_at_s.clear()
    assert (await here.current(tenant)).version == 1


async def test_what_can_not_be_known_is_not_claimed(here, tenant, store, clock):
    await here.current(tenant)
    clock.advance(1)
    store.is_down = True
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await here.current(tenant)
    store.is_down = False
    assert (await here.current(tenant)).version == 0


async def test_what_could_not_be_stored_is_not_seen(here, tenant, store, clock):
    await flag(here, tenant, "a")

    class Full(FakeConfigurationStore):
        async def append(self, tenant, change, contents):
            raise DatabaseUnavailable

    here.store = Full()
    here.store.rows = store.rows
    with pytest.raises(DatabaseUnavailable):
        await flag(here, tenant, "b")
    assert (await here.current(tenant)).state == flags("a")


async def test_a_refused_change_keeps_what_was(here, tenant):
    await flag(here, tenant, "a")
    with pytest.raises(InvalidInput) as caught:
        await flag(here, tenant, "NO")
    assert set(caught.value.problems) == {"flags.NO"}
    assert (await here.current(tenant)).state == flags("a")


async def test_a_change_of_nothing_makes_no_version(here, tenant, store):
    await flag(here, tenant, "a")
    assert (await flag(here, tenant, "a")).version == 1
    assert len(store.rows[tenant.id]) == 1


async def test_a_version_that_is_expected_must_be_the_newest_anywhere(here, elsewhere, tenant):
    await here.current(tenant)
    await flag(elsewhere, tenant, "a")
    with pytest.raises(ConfigurationVersionConflict):
        await flag(here, tenant, "b", expected_version=0)
    assert (await flag(here, tenant, "b", expected_version=1)).version == 2


class Overtaken(FakeConfigurationStore):
    """Lets another process be first, `times` times."""

    def __init__(self, times):
        super().__init__()
        self.times = times

    async def append(self, tenant, change, contents):
        if self.times:
            self.times -= 1
            name = f"flags.other{self.times}"
            newest = await self.find(tenant)
            await super().append(tenant, change, newest.state.set(name, True))
        return await super().append(tenant, change, contents)


async def test_a_change_that_was_overtaken_is_made_on_top_of_the_other(clock, cache, tenant):
    here = fake_configurations(clock, Overtaken(times=2), cache)
    changed = await flag(here, tenant, "a")
    assert (changed.version, changed.state) == (3, flags("a", "other0", "other1"))


async def test_a_change_that_is_always_overtaken_is_given_up(clock, cache, tenant):
    here = fake_configurations(clock, Overtaken(times=10), cache)
    with pytest.raises(ConfigurationConflict):
        await flag(here, tenant, "a")


async def test_what_a_newer_version_of_the_service_allowed_is_taken_as_it_is(here, tenant, store):
    many = flags(*(f"f{number}" for number in range(MAX_FLAGS + 1))).set("settings.new", "x")
    store.rows[tenant.id].append((None, many))
    assert (await here.current(tenant)).state == many
    assert (await here.settings(tenant)).page_size == 50


async def test_tenants_share_nothing(here, tenant):
    other = await FakeTenantCatalogue(new_id=lambda: tenant.id.__class__(int=7)).provision("blue", "Blue")
    await flag(here, tenant, "a")
    assert (await here.current(other)).version == 0
    assert (await here.settings(other)).page_size == 50
