"""What every ConfigurationStore and ConfigurationCache promises.

Fixtures: configurations (the store), configuration_cache, tenant, other_tenant.
"""

from __future__ import annotations

import asyncio

import pytest
from contracts.builders import NOW, new_id

from engine import PMap, Versioned
from service.domain.configuration_history import (
    SNAPSHOT_EVERY,
    Author,
    ConfigurationChange,
    Difference,
)
from service.domain.identity import TenantId, UserId

SIZE = "settings.contacts.page_size"


def a_change(version, **fields):
    given = {
        "version": version,
        "transition": "change",
        "differences": (Difference(SIZE, None if version == 1 else version - 1, version),),
        "author": Author("request", TenantId(new_id()), UserId(new_id()), "ada"),
        "changed_at": NOW,
    }
    return ConfigurationChange(**(given | fields))


async def appended(configurations, tenant, count):
    changes = [a_change(version) for version in range(1, count + 1)]
    for change in changes:
        assert await configurations.append(tenant, change, PMap({SIZE: change.version}))
    return changes


class ConfigurationStoreContract:
    async def test_what_was_never_changed_is_version_0_with_nothing_set(self, configurations, tenant):
        assert await configurations.find(tenant) == Versioned(PMap(), 0)
        assert await configurations.get_contents(tenant, 0) == PMap()
        assert (await configurations.list_changes(tenant, offset=0, limit=9)).total == 0

    async def test_a_change_is_kept_with_what_it_led_to(self, configurations, tenant):
        contents = PMap({SIZE: 20, "settings.contacts.phone_region": "DE", "flags.beta": True})
        change = a_change(
            1, differences=(Difference(SIZE, None, 20), Difference("flags.beta", False, True))
        )

        assert await configurations.append(tenant, change, contents)

        assert await configurations.find(tenant) == Versioned(contents, 1)
        assert (await configurations.list_changes(tenant, offset=0, limit=9)).items == (change,)

    async def test_the_operator_is_an_author_without_ids(self, configurations, tenant):
        change = a_change(1, author=Author("request"))

        await configurations.append(tenant, change, PMap())

        assert (await configurations.list_changes(tenant, offset=0, limit=9)).items == (change,)

    async def test_a_version_that_is_not_the_next_is_refused_without_a_trace(self, configurations, tenant):
        changes = await appended(configurations, tenant, 2)

        for version in (1, 2, 4):
            assert not await configurations.append(tenant, a_change(version), PMap())

        assert await configurations.find(tenant) == Versioned(PMap({SIZE: 2}), 2)
        page = await configurations.list_changes(tenant, offset=0, limit=9)
        assert page.items == tuple(reversed(changes))

    async def test_the_first_version_can_not_be_left_out(self, configurations, tenant):
        assert not await configurations.append(tenant, a_change(2), PMap())

    async def test_of_many_at_once_one_wins(self, configurations, tenant):
        for version in (1, 2):
            wins = await asyncio.gather(
                *(configurations.append(tenant, a_change(version), PMap({SIZE: size})) for size in range(5))
            )
            assert sorted(wins) == [False] * 4 + [True]

    async def test_changes_are_listed_newest_first_in_pages(self, configurations, tenant):
        await appended(configurations, tenant, 5)

        pages = [
            await configurations.list_changes(tenant, offset=offset, limit=2) for offset in (0, 2, 4, 6)
        ]

        assert [[change.version for change in page.items] for page in pages] == [[5, 4], [3, 2], [1], []]
        assert {page.total for page in pages} == {5}

    async def test_every_earlier_version_can_be_read(self, configurations, tenant):
        count = SNAPSHOT_EVERY + 2
        await appended(configurations, tenant, count)

        for version in (1, 2, SNAPSHOT_EVERY - 1, SNAPSHOT_EVERY, SNAPSHOT_EVERY + 1, count):
            assert await configurations.get_contents(tenant, version) == PMap({SIZE: version})

    async def test_a_version_that_never_was_can_not_be_read(self, configurations, tenant):
        await appended(configurations, tenant, 1)

        with pytest.raises(LookupError):
            await configurations.get_contents(tenant, 2)

    async def test_another_tenant_has_its_own(self, configurations, tenant, other_tenant):
        await appended(configurations, tenant, 3)

        assert await configurations.find(other_tenant) == Versioned(PMap(), 0)
        assert (await configurations.list_changes(other_tenant, offset=0, limit=9)).total == 0
        await appended(configurations, other_tenant, 1)
        assert (await configurations.find(tenant)).version == 3


class ConfigurationCacheContract:
    async def test_what_was_put_is_found(self, configuration_cache, tenant):
        configuration = Versioned(PMap({SIZE: 20, "flags.beta": False}), 3)

        await configuration_cache.put(tenant, configuration)

        assert await configuration_cache.find(tenant) == configuration

    async def test_what_was_not_put_is_none(self, configuration_cache, tenant):
        assert await configuration_cache.find(tenant) is None

    async def test_a_newer_version_is_never_replaced(self, configuration_cache, tenant):
        newer = Versioned(PMap({SIZE: 20}), 10)
        await configuration_cache.put(tenant, newer)

        await configuration_cache.put(tenant, Versioned(PMap(), 9))

        assert await configuration_cache.find(tenant) == newer

    async def test_an_older_version_is(self, configuration_cache, tenant):
        await configuration_cache.put(tenant, Versioned(PMap(), 9))
        newer = Versioned(PMap({SIZE: 20}), 10)

        await configuration_cache.put(tenant, newer)

        assert await configuration_cache.find(tenant) == newer

    async def test_another_tenant_does_not_find_it(self, configuration_cache, tenant, other_tenant):
        await configuration_cache.put(tenant, Versioned(PMap(), 1))

        assert await configuration_cache.find(other_tenant) is None
