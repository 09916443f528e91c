"""The servers from the wheels, run by our supervisor."""

from __future__ import annotations

import asyncpg
import pytest
import redis.asyncio

from service.adapters import embedded
from service.settings import Settings


async def test_postgres_answers_a_query(database_url):
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval("SELECT current_database()") == "chainbook"
    finally:
        await connection.close()


async def test_valkey_keeps_a_value(redis_url):
    async with redis.asyncio.from_url(redis_url) as client:
        await client.set("greeting", "hello")
        assert await client.get("greeting") == b"hello"


async def test_postgres_refuses_a_wrong_password(servers):
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(servers.database_url, password="wrong")


async def test_second_start_on_one_data_directory_is_refused(tmp_path):
    settings = Settings(data_dir=tmp_path, redis_url="redis://unused")
    async with embedded.start(settings, is_durable=False):
        with pytest.raises(embedded.DataDirInUse, match="in use by process"):
            async with embedded.start(settings, is_durable=False):
                pass


async def test_a_command_joins_the_servers_of_a_running_service(tmp_path):
    settings = Settings(data_dir=tmp_path)
    async with (
        embedded.start(settings, is_durable=False) as running,
        embedded.start_or_join(settings) as joined,
    ):
        assert (joined.database_url, joined.redis_url) == (running.database_url, running.redis_url)
        assert joined.running == ()


async def test_a_command_starts_servers_when_no_service_runs(tmp_path):
    async with embedded.start_or_join(Settings(data_dir=tmp_path)) as servers:
        assert len(servers.running) == 2
    assert not (tmp_path / "servers.json").exists()


async def test_no_server_is_started_when_both_are_named(tmp_path):
    settings = Settings(
        data_dir=tmp_path / "unused", database_url="postgresql://h/d", redis_url="redis://h"
    )
    async with embedded.start(settings) as servers:
        assert (servers.database_url, servers.redis_url) == ("postgresql://h/d", "redis://h")
    assert not settings.data_dir.exists()


async def test_what_the_data_directory_holds_is_closed_to_others(tmp_path):
    data_dir = tmp_path / "data"
    async with embedded.start(Settings(data_dir=data_dir), is_durable=False):
        secrets = [data_dir / "postgres-password", data_dir / "servers.json"]
        assert [path.stat().st_mode & 0o077 for path in (data_dir, *secrets)] == [0, 0, 0]
