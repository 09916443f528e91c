"""Serving the application on a port until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

# aiohttp's own default is an hour, and its only limit on a connection that sends nothing.
KEEPALIVE_TIMEOUT_S = 60.0
SHUTDOWN_TIMEOUT_S = 10.0


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, is_shared: bool) -> AsyncIterator[int]:
    """Accepts requests inside the block, on the port it yields; leaving it lets those under way finish.

    `is_shared` lets several processes accept on one port (SO_REUSEPORT).
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        keepalive_timeout=KEEPALIVE_TIMEOUT_S,
        shutdown_timeout=SHUTDOWN_TIMEOUT_S,
        # Encoded bodies are refused; while they drain they must not be unpacked either.
        auto_decompress=False,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, reuse_port=is_shared or None)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def serve(
    app: web.Application, host: str, port: int, stop: asyncio.Event, *, is_shared: bool = False
) -> None:
    """Serves until `stop` is set."""
    async with listening(app, host, port, is_shared=is_shared):
        await stop.wait()
