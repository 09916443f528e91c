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
