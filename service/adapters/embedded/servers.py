"""The servers that the settings do not name, started for as long as they are needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from service.adapters.embedded.account import find_server_account
from service.adapters.embedded.data_dir import Home, exclusive, runtime_directory
from service.adapters.embedded.errors import DataDirInUse
from service.adapters.embedded.postgres import ensure_database, prepare_postgres
from service.adapters.embedded.supervisor import ServerProgram, SupervisedServer
from service.adapters.embedded.valkey import prepare_valkey
from service.adapters.secret_files import write_secret
from service.settings import Settings

NOTE = "servers.json"


class Note(msgspec.Struct, frozen=True):
    """Where the running servers are, for commands that run beside the service."""

    database_url: str
    redis_url: str


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
        _leave_note(data_dir / NOTE, Note(database_url, redis_url))
        stack.callback((data_dir / NOTE).unlink)
        yield Servers(database_url, redis_url, tuple(running))


@asynccontextmanager
async def start_or_join(settings: Settings) -> AsyncIterator[Servers]:
    """As `start`, or the servers of the service that runs on this data directory: for the command line.

    Raises:
        EmbeddedError: a server can not be started, or that service is just starting.
    """
    async with AsyncExitStack() as stack:
        try:
            servers = await stack.enter_async_context(start(settings))
        except DataDirInUse:
            note = _find_note(settings.data_dir / NOTE)
            if note is None:
                raise
            servers = Servers(
                settings.database_url or note.database_url, settings.redis_url or note.redis_url
            )
        yield servers


def _leave_note(path: Path, note: Note) -> None:
    write_secret(path, msgspec.json.encode(note).decode())


def _find_note(path: Path) -> Note | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except FileNotFoundError:
        return None
