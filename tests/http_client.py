"""A client of the service over a real port, and the service itself before real servers."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp

from service.adapters.clock import utc_now
from service.adapters.errands import Errands
from service.adapters.ids import Uuid7Source
from service.adapters.mail import FolderMailer
from service.adapters.password_meter import ZxcvbnMeter
from service.adapters.passwords import BcryptHasher
from service.adapters.postgres import PostgresServer
from service.adapters.redis import CacheClient, RedisConfigurationCache, RedisLimiter, RedisSessionCache
from service.adapters.seals import HmacSeal
from service.adapters.tokens import JwtSigner, secret_keys
from service.application.configuration_states import TenantConfigurations
from service.application.world import World
from service.domain.tenant_settings import settings_table
from service.settings import Settings
from service.web.app import create_app
from service.web.server import listening

PASSWORD = "correct horse battery staple"
SECRET = "a secret of more than thirty-two bytes"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    raw: bytes

    @property
    def body(self):
        return json.loads(self.raw)


@dataclass(frozen=True)
class Client:
    """Sends as it is told, and nothing of its own but the token."""

    session: aiohttp.ClientSession
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method, path, body=None, **headers):
        """`body` is JSON unless it is bytes; underscores in header names are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            named = {"Content-Type": "application/json"} | named
        async with self.session.request(
            method,
            self.url + path,
            data=None if body is None else io.BytesIO(body),
            headers=self.headers | named,
            skip_auto_headers=["Content-Type"],
        ) as response:
            return Answer(response.status, response.headers, await response.read())

    def bearing(self, token):
        return Client(self.session, self.url, self.headers | {"Authorization": f"Bearer {token}"})

    async def log_in(self, tenant, username="user", password=PASSWORD, version=2):
        typed = {"username_or_email": username, "password": password, "tenant_id": tenant}
        answer = await self.ask("POST", f"/api/v{version}/auth/login", typed)
        assert answer.status == 200, answer.raw
        return self.bearing(answer.body["data"]["token"])


@asynccontextmanager
async def open_world(database_url, redis_url, *, keys=None, mail_folder=Path("/nowhere"), **options):
    new_id, hasher, meter, errands = Uuid7Source(), BcryptHasher(cost=4), ZxcvbnMeter(), Errands()
    postgres = PostgresServer.open(database_url, new_id=new_id, **options)
    cache = CacheClient.open(redis_url)
    sessions = RedisSessionCache(cache)
    try:
        await postgres.migrator.up()
        yield World(
            catalogue=postgres.catalogue,
            databases=postgres.databases,
            configurations=TenantConfigurations(
                postgres.configurations,
                RedisConfigurationCache(cache),
                settings_table(),
                clock=utc_now,
                elapsed_s=monotonic,
            ),
            session_cache=sessions,
            limiter=RedisLimiter(cache, sessions),
            hasher=hasher,
            meter=meter,
            mailer=FolderMailer(mail_folder, "chainbook <book@example.com>"),
            errands=errands,
            tokens=JwtSigner(keys or secret_keys([("test", SECRET)])),
            cursors=HmacSeal(lambda: [SECRET], "cursors"),
            clock=utc_now,
            new_id=new_id,
            health_checks=(postgres.health_check, cache.health_check),
        )
    finally:
        await errands.close()
        await postgres.close()
        await cache.close()
        hasher.close()
        meter.close()


@asynccontextmanager
async def serve(world, settings=None, address=None):
    """With a client; behind a proxy, its address is `address`."""
    app = create_app(world, settings or Settings())
    async with listening(app, "127.0.0.1", 0, is_shared=False) as port, aiohttp.ClientSession() as session:
        headers = {"X-Forwarded-For": address} if address else {}
        yield Client(session, f"http://127.0.0.1:{port}", headers)


@asynccontextmanager
async def raw_connection(client):
    host, port = client.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()
