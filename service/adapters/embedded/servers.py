"""The servers that the settings do not name, started for as long as they are needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from service.adapters.embedded.account import find_server_account
from service.adapters.embedded.data_dir import Home, exclusive, runtime_directory
from service.adapters.embedded.postgres import ensure_database, prepare_postgres
from service.adapters.embedded.supervisor import ServerProgram, SupervisedServer
from service.adapters.embedded.valkey import prepare_valkey
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are, embedded or not; `running` are those we keep."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    running: tuple[SupervisedServer, ...] = ()

    async def wait_failed(self) -> None:
        """Return when one of ours could not be kept running; never, when we keep none."""
        waits = [asyncio.ensure_future(server.failed.wait()) for server in self.running]
        try:
            await asyncio.wait(
                waits or [asyncio.get_running_loop().create_future()], return_when="FIRST_COMPLETED"
            )
        finally:
            for wait in waits:
                wait.cancel()


@asynccontextmanager
async def start(settings: Settings, *, is_durable: bool = True) -> AsyncIterator[Servers]:
    """Start what DATABASE_URL and REDIS_URL do not name; stop it in the end, PostgreSQL last.

    Raises:
        EmbeddedError: a server can not be started, or another service holds the data directory.
    """
    if settings.database_url and settings.redis_url:
        yield Servers(settings.database_url, settings.redis_url)
        return
    account = find_server_account()
    data_dir = settings.data_dir.absolute()
    async with AsyncExitStack() as stack:
        stack.enter_context(exclusive(data_dir))
        runtime = stack.enter_context(runtime_directory(data_dir, account))
        home = Home(data_dir, runtime, account, is_durable)
        running: list[SupervisedServer] = []

        async def run(program: ServerProgram) -> None:
            running.append(SupervisedServer(program, account))
            stack.push_async_callback(running[-1].stop)
            await running[-1].start()

        database_url, redis_url = settings.database_url, settings.redis_url
        if not database_url:
            program, database_url = await prepare_postgres(
                home, connection_budget=settings.db_connection_budget
            )
            await run(program)
            await ensure_database(database_url)
        if not redis_url:
            program, redis_url = prepare_valkey(home)
            await run(program)
        yield Servers(database_url, redis_url, tuple(running))
