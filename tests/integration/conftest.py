"""Real servers for the tests: one PostgreSQL and one Valkey for each pytest process."""

from __future__ import annotations

import pytest

from service.adapters import embedded
from service.settings import Settings


@pytest.fixture(scope="session")
async def servers(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("servers"))
    async with embedded.start(settings, is_durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def database_url(servers):
    return servers.database_url


@pytest.fixture(scope="session")
def redis_url(servers):
    return servers.redis_url
