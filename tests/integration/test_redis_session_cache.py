"""The cache kept by a real Valkey, and what is left of it when that is gone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import structlog
from contracts.builders import NOW, a_session, a_user
from contracts.session_cache import SessionCacheContract
from fakes import FakeClock, FakeTenantCatalogue
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.adapters.ids import Uuid7Source
from service.adapters.redis import CacheClient, RedisSessionCache


@pytest.fixture
def catalogue():
    return FakeTenantCatalogue(new_id=Uuid7Source())


@pytest.fixture
async def tenant(catalogue):
    return await catalogue.provision("one", "One")


@pytest.fixture
async def other_tenant(catalogue):
    return await catalogue.provision("two", "Two")


@pytest.fixture
async def client(redis_url):
    client = CacheClient.open(redis_url)
    yield client
    await client.close()


@pytest.fixture
def cache(client):
    return RedisSessionCache(client, clock=FakeClock(NOW))


@pytest.fixture
async def redis(redis_url):
    redis = Redis.from_url(redis_url)
    yield redis
    await redis.aclose()


class TestRedisSessionCache(SessionCacheContract): ...


def key(tenant, session):
    return f"chainbook:{tenant.id}:session:{session.id}"


async def test_a_session_is_believed_for_a_minute_at_most(cache, redis, tenant):
    session = a_session(a_user())
    await cache.put(tenant, session)

    assert 55_000 < await redis.pttl(key(tenant, session)) <= 60_000


async def test_a_session_is_not_kept_beyond_its_own_end(cache, redis, tenant):
    session = a_session(a_user(), expires_at=NOW + timedelta(seconds=9))
    await cache.put(tenant, session)

    assert 0 < await redis.pttl(key(tenant, session)) <= 9_000


async def test_the_mark_of_an_ended_session_goes_away_by_itself(cache, redis, tenant):
    session = a_session(a_user())
    await cache.remove(tenant, session.id)

    assert 0 < await redis.pttl(key(tenant, session)) <= 60_000


@pytest.mark.parametrize("stored", [b"", b"garbage", b"\xc1", b"\x80", b"ended"])
async def test_what_can_not_be_read_is_a_miss(client, cache, redis, tenant, stored):
    session = a_session(a_user())
    await redis.set(key(tenant, session), stored)

    assert await cache.find(tenant, session.id) is None
    assert client.failure_count == 0


async def use(cache, tenant):
    session = a_session(a_user())
    await cache.put(tenant, session)
    await cache.remove(tenant, session.id)
    return await cache.find(tenant, session.id)


async def test_a_server_that_is_not_there_is_a_miss_counted_and_told_once(tenant, tmp_path):
    client = CacheClient.open(f"unix://{tmp_path}/nothing.sock")
    with structlog.testing.capture_logs() as logs:
        assert await use(RedisSessionCache(client, clock=FakeClock(NOW)), tenant) is None
    await client.close()

    assert client.failure_count == 3
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("cache.down", "warning")]


async def test_a_server_that_comes_back_is_used_and_told_once(redis_url, tenant, tmp_path):
    path = tmp_path / "redis.sock"
    client = CacheClient.open(f"unix://{path}")
    cache = RedisSessionCache(client, clock=FakeClock(NOW))
    session = a_session(a_user())
    with structlog.testing.capture_logs() as logs:
        await cache.put(tenant, session)
        async with await asyncio.start_unix_server(answer_ok, path):
            await cache.put(tenant, session)
            await cache.put(tenant, session)
            await client.close()

    assert [entry["event"] for entry in logs] == ["cache.down", "cache.up"]


async def test_an_end_that_could_not_be_told_is_told_once_there_is_somebody_to_tell(tenant, tmp_path):
    heard = []

    async def listen(reader, writer):
        while data := await reader.read(65536):
            heard.append(data)
            writer.write(b"+OK\r\n" * data.count(b"\r\n*") + b"+OK\r\n")
        writer.close()

    path = tmp_path / "redis.sock"
    client = CacheClient.open(f"unix://{path}")
    cache = RedisSessionCache(client, clock=FakeClock(NOW))
    ended, asked = a_session(a_user()), a_session(a_user())
    await cache.remove(tenant, ended.id)
    async with await asyncio.start_unix_server(listen, path):
        for _ in range(2):
            await cache.find(tenant, asked.id)
        await client.close()

    assert b"".join(heard).count(key(tenant, ended).encode()) == 1


async def answer_ok(reader, writer):
    """As little of a server as the client needs: every command is answered with OK."""
    while data := await reader.read(65536):
        writer.write(b"+OK\r\n" * sum(data.count(b"*%d\r\n" % size) for size in range(1, 10)))
    writer.close()


async def test_a_server_that_stays_silent_is_a_miss(tenant, tmp_path):
    async def stay_silent(reader, writer):
        await reader.read()
        writer.close()

    path = tmp_path / "redis.sock"
    async with await asyncio.start_unix_server(stay_silent, path):
        client = CacheClient.open(f"unix://{path}")
        cache = RedisSessionCache(client, clock=FakeClock(NOW))
        assert await cache.find(tenant, a_session(a_user()).id) is None
        await client.close()

    assert client.failure_count == 1


async def test_a_cancelled_look_up_stays_cancelled_and_the_cache_usable(cache, tenant):
    task = asyncio.create_task(cache.find(tenant, a_session(a_user()).id))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    session = a_session(a_user())
    await cache.put(tenant, session)
    assert await cache.find(tenant, session.id) == session


async def test_the_health_check_tells_an_answering_server_from_a_missing_one(client, tmp_path):
    await client.health_check.check()
    missing = CacheClient.open(f"unix://{tmp_path}/nothing.sock")

    with pytest.raises(RedisError):
        await missing.health_check.check()

    assert (missing.health_check.name, missing.health_check.is_essential) == ("cache", False)
    await missing.close()
