"""What is done after the answer, in this process: lost with it, and a failure reaches the log alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_LOG = structlog.get_logger("errands")
_MOST = 1000
_CLOSE_TIMEOUT_S = 5.0


class Errands:
    """Safety: for the tasks of one event loop."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._running: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        if len(self._running) >= self._most:
            work.close()
            _LOG.warning("errand.refused", errand=name, running=self._most)
            return
        task = asyncio.create_task(_run(name, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """When all that was started has ended."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def close(self) -> None:
        """Within a few seconds; what is still running then is given up."""
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=_CLOSE_TIMEOUT_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _run(name: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - nobody waits for it: the log is the one place left
        # The class alone: texts of mail servers name addresses.
        _LOG.warning("errand.failed", errand=name, cause=type(error).__name__)
