"""Real servers for the tests: one PostgreSQL and one Valkey for each pytest process."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from service.adapters import embedded
from service.adapters.postgres import PostgresServer
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


@pytest.fixture(scope="session")
async def postgres(database_url):
    """A migrated server, for tests that do not break it."""
    server = PostgresServer.open(database_url)
    await server.migrator.up()
    yield server
    await server.close()


@pytest.fixture
def new_slug():
    return lambda: f"t-{uuid4().hex[:12]}"


@pytest.fixture
async def tenant(postgres, new_slug):
    return await postgres.catalogue.provision(new_slug(), "One")


@pytest.fixture
async def other_tenant(postgres, new_slug):
    return await postgres.catalogue.provision(new_slug(), "Two")


@pytest.fixture
def fresh_url(database_url):
    """A control database that is not there yet."""
    return urlunsplit(urlsplit(database_url)._replace(path=f"/m{uuid4().hex[:10]}"))


@pytest.fixture
async def fresh(fresh_url):
    server = PostgresServer.open(fresh_url)
    yield server
    await server.close()
