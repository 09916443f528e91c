"""A server beside us goes away and comes back."""

import asyncio
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from http_client import PASSWORD, open_world, serve

LOGIN = {"username_or_email": "user", "password": PASSWORD}


class Wire:
    """A unix socket that leads to another one, and can be cut."""

    def __init__(self, target):
        self.target, self.is_cut, self.ends = target, False, set()

    async def carry(self, reader, writer):
        if self.is_cut:
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self.target)
        self.ends |= {writer, far_writer}
        with suppress(ConnectionError):
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        self.ends -= {writer, far_writer}

    def cut(self):
        self.is_cut = True
        for end in self.ends:
            end.transport.abort()

    def mend(self):
        self.is_cut = False


async def pump(reader, writer):
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def wire_to(target, path):
    wire = Wire(target)
    server = await asyncio.start_unix_server(wire.carry, path)
    try:
        yield wire
    finally:
        wire.cut()
        server.close()


@pytest.fixture
async def database(servers, tmp_path):
    folder = parse_qs(urlsplit(servers.database_url).query)["host"][0]
    async with wire_to(f"{folder}/.s.PGSQL.5432", tmp_path / ".s.PGSQL.5432") as wire:
        yield wire, servers.database_url.replace(urlsplit(servers.database_url).query, f"host={tmp_path}")


@pytest.fixture
async def cache(servers, tmp_path):
    path = tmp_path / "cache"
    async with wire_to(urlsplit(servers.redis_url).path, path) as wire:
        yield wire, f"unix://{path}?db=0"


async def test_without_the_cache_people_log_in_read_and_write(servers, cache, tenant):
    wire, redis_url = cache
    async with open_world(servers.database_url, redis_url) as world, serve(world) as anonymous:
        before = await anonymous.log_in(tenant)
        wire.cut()
        for client in (before, await anonymous.log_in(tenant)):
            assert (await client.ask("GET", "/api/v2/contacts")).status == 200
        assert (await before.ask("POST", "/api/v2/contacts", {"last_name": "King"})).status == 201
        health = await anonymous.ask("GET", "/api/health")
        assert (health.status, health.body["warnings"]) == (200, ["cache does not answer"])


async def test_without_the_cache_a_logout_still_counts(servers, cache, tenant):
    wire, redis_url = cache
    async with open_world(servers.database_url, redis_url) as world, serve(world) as anonymous:
        wire.cut()
        client = await anonymous.log_in(tenant)
        assert (await client.ask("POST", "/api/v2/auth/logout")).status == 200
        assert (await client.ask("GET", "/api/v2/contacts")).status == 401


async def test_without_the_database_callers_are_told_to_come_back(servers, database, tenant):
    wire, database_url = database
    async with open_world(database_url, servers.redis_url) as world, serve(world) as anonymous:
        client = await anonymous.log_in(tenant)
        wire.cut()
        calls = [
            ("GET", "/api/v2/contacts", None),
            ("GET", "/api/address-book", None),
            ("POST", "/api/v2/contacts", {"last_name": "King"}),
            ("POST", "/api/auth/login", LOGIN | {"tenant_id": tenant}),
        ]
        for method, path, body in calls:
            answer = await client.ask(method, path, body)
            assert (answer.status, answer.body["code"]) == (503, "database.unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        assert (await anonymous.ask("GET", "/api/health")).status == 503
        assert (await anonymous.ask("GET", "/livez")).status == 200


async def test_a_configuration_that_can_not_be_stored_is_not_in_effect(servers, database, tenant):
    wire, database_url = database
    async with open_world(database_url, servers.redis_url) as world, serve(world) as anonymous:
        admin = await anonymous.log_in(tenant, "admin")
        path = f"/api/v2/tenants/{tenant}/config"
        assert (await admin.ask("PATCH", path, {"flags": {"kept": True}})).status == 200
        wire.cut()
        refused = await admin.ask("PATCH", path, {"flags": {"lost": True}})
        assert (refused.status, refused.body["code"]) == (503, "database.unavailable")
        wire.mend()
        async with asyncio.timeout(10):
            while (shown := await admin.ask("GET", path)).status == 503:  # noqa: ASYNC110  over HTTP nothing tells when
                await asyncio.sleep(0.1)
        assert shown.body["data"]["flags"] == {"kept": True}


async def test_when_the_database_is_back_so_is_the_service(servers, database, tenant):
    wire, database_url = database
    async with open_world(database_url, servers.redis_url) as world, serve(world) as anonymous:
        client = await anonymous.log_in(tenant)
        wire.cut()
        assert (await client.ask("GET", "/api/v2/contacts")).status == 503
        wire.mend()
        async with asyncio.timeout(10):
            while (await client.ask("GET", "/api/v2/contacts")).status == 503:  # noqa: ASYNC110  # over HTTP nothing tells when
                await asyncio.sleep(0.1)
        assert (await client.ask("POST", "/api/v2/contacts", {"last_name": "King"})).status == 201
        assert (await anonymous.ask("GET", "/api/health")).status == 200


async def test_who_hangs_up_leaves_the_service_well(servers, tenant, anonymous):
    client = await anonymous.log_in(tenant)
    for _ in range(5):
        call = asyncio.create_task(client.ask("GET", "/api/v2/contacts"))
        await asyncio.sleep(0.002)
        call.cancel()
        with suppress(asyncio.CancelledError):
            await call
    assert (await client.ask("GET", "/api/v2/contacts")).status == 200


async def test_who_hangs_up_in_an_export_holds_no_connection(servers, tenant):
    async with (
        open_world(servers.database_url, servers.redis_url, budget=4) as world,
        serve(world) as anonymous,
    ):
        client = await anonymous.log_in(tenant)
        rows = b"".join(b"Person %d,p%d@example.com\n" % (n, n) for n in range(20_000))
        sent = await client.ask(
            "POST", "/api/v2/contacts/import", b"last_name,email\n" + rows, Content_Type="text/csv"
        )
        assert sent.status == 200
        for _ in range(10):
            url = f"{client.url}/api/v2/contacts/export"
            async with client.session.get(url, headers=client.headers) as answer:
                assert answer.status == 200
                await answer.content.readany()
                answer.close()
        assert (await client.ask("GET", "/api/v2/contacts")).status == 200
