"""The promises of the configuration's ports, kept by PostgreSQL and Valkey."""

from __future__ import annotations

import asyncpg
import pytest
from contracts.configuration import (
    ConfigurationCacheContract,
    ConfigurationStoreContract,
    appended,
)

from engine import PMap, Versioned
from service import bootstrap
from service.adapters.redis import CacheClient, RedisConfigurationCache
from service.domain.configuration_history import NEVER_CHANGED
from service.settings import Settings


@pytest.fixture
def configurations(postgres):
    return postgres.configurations


@pytest.fixture
async def client(redis_url):
    client = CacheClient.open(redis_url)
    yield client
    await client.close()


@pytest.fixture
def configuration_cache(client):
    return RedisConfigurationCache(client)


class TestPostgresConfigurationStore(ConfigurationStoreContract): ...


class TestRedisConfigurationCache(ConfigurationCacheContract): ...


@pytest.fixture
async def control(postgres):
    connection = await postgres.connections.connect(postgres.health_check.control)
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "sql", ["UPDATE tenant_config_changes SET transition = 'lie'", "DELETE FROM tenant_config_changes"]
)
async def test_history_can_not_be_rewritten(control, configurations, tenant, sql):
    await appended(configurations, tenant, 1)

    with pytest.raises(asyncpg.RaiseError, match="only ever added"):
        await control.execute(f"{sql} WHERE tenant_id = $1", tenant.id)


async def test_tenants_start_from_the_settings_of_the_service(servers, postgres, tenant):
    settings = Settings(
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        jwt_keys=(("test", "a secret of more than thirty-two bytes"),),
        default_phone_region="FR",
        import_max_bytes=5000,
    )

    async with bootstrap.open_world(settings) as world:
        in_effect = await world.configurations.settings(tenant)

    assert (in_effect.phone_region, in_effect.import_max_bytes) == ("FR", 5000)


async def test_history_goes_with_its_tenant(control, configurations, tenant):
    await appended(configurations, tenant, 2)

    await control.execute("DELETE FROM tenants WHERE id = $1", tenant.id)

    assert (await configurations.list_changes(tenant, offset=0, limit=9)).total == 0
    assert await configurations.find(tenant) == NEVER_CHANGED


async def test_a_configuration_is_held_for_less_than_half_a_second(client, configuration_cache, tenant):
    await configuration_cache.put(tenant, Versioned(PMap(), 1))

    left_ms = await client.ask(lambda redis: redis.pttl(f"chainbook:{tenant.id}:configuration"))

    assert 0 < left_ms <= 400


@pytest.mark.parametrize("stored", [b"", b"garbage", b"7", b"7 {", b"7 [1]", b'x {"a": 1}'])
async def test_what_can_not_be_read_is_a_miss_and_can_be_replaced(
    client, configuration_cache, tenant, stored
):
    await client.ask(lambda redis: redis.set(f"chainbook:{tenant.id}:configuration", stored))

    assert await configuration_cache.find(tenant) is None
    await configuration_cache.put(tenant, Versioned(PMap(), 8))

    assert await configuration_cache.find(tenant) == Versioned(PMap(), 8)
    assert client.failure_count == 0


async def test_a_server_that_is_not_there_is_a_miss(tenant, tmp_path):
    client = CacheClient.open(f"unix://{tmp_path}/nothing.sock")
    cache = RedisConfigurationCache(client)

    await cache.put(tenant, Versioned(PMap(), 1))

    assert await cache.find(tenant) is None
    assert client.failure_count == 2
    await client.close()
