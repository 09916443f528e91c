"""Several processes on one port: started, watched and stopped like the embedded servers."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from service.adapters.embedded.supervisor import ServerProgram, SupervisedServer
from service.settings import Settings

LEAST_CONNECTIONS = 2


@asynccontextmanager
async def run_shares(settings: Settings) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """Yields the port, and what is set when one of the processes could not be kept running."""
    async with AsyncExitStack() as stack:
        port = stack.enter_context(reserve_port(settings.app_host, settings.app_port))
        shares = [
            SupervisedServer(_share(settings, port, number), None) for number in range(settings.workers)
        ]
        for share in shares:
            stack.push_async_callback(share.stop)
        await asyncio.gather(*(share.start() for share in shares))
        failed = asyncio.Event()
        watch = asyncio.create_task(_set_on_failure(failed, shares))
        stack.callback(watch.cancel)
        yield port, failed


async def wait_for_first(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _set_on_failure(failed: asyncio.Event, shares: list[SupervisedServer]) -> None:
    await wait_for_first(*(share.failed for share in shares))
    failed.set()


@contextmanager
def reserve_port(host: str, port: int) -> Iterator[int]:
    """Hold a port for our processes alone: bound and not listening, it takes no calls itself.

    Raises:
        OSError: another program listens there. SO_REUSEPORT alone would share the port with it in silence.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
    with socket.socket(family) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(address)
        yield holder.getsockname()[1]


def _share(settings: Settings, port: int, number: int) -> ServerProgram:
    async def is_ready(_pid: int) -> bool:
        return await _answers(settings.app_host, port)

    async def nothing_left_over() -> None:
        pass

    return ServerProgram(
        name=f"process {number + 1}",
        command=(sys.executable, "-m", "service", "serve-share"),
        directory=Path.cwd(),
        log_file=None,
        stop_signal=signal.SIGTERM,
        clear_left_over=nothing_left_over,
        is_ready=is_ready,
        environment=_environment(settings, port),
    )


def _environment(settings: Settings, port: int) -> dict[str, str]:
    """Ours, with what was completed at the start, and this process's share of the connections."""
    budget = max(LEAST_CONNECTIONS, settings.db_connection_budget // settings.workers)
    return os.environ | {
        "APP_PORT": str(port),
        "WORKERS": "1",
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "DB_CONNECTION_BUDGET": str(budget),
        "DATA_DIR": str(settings.data_dir.absolute()),
    }


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
