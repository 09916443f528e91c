"""Tenants and plain connections, for tests of migrations."""

from __future__ import annotations

from contextlib import asynccontextmanager


@asynccontextmanager
async def connected(server, database):
    connection = await server.connections.connect(database)
    try:
        yield connection
    finally:
        await connection.close()


async def with_tenants(server, *slugs):
    await server.migrator.up()
    return [await server.catalogue.provision(slug, slug) for slug in slugs]
