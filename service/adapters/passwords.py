"""Passwords through bcrypt, in threads of their own: one hash takes a quarter of a second of a core."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from service.domain.errors import Busy

COST = 12

# A hash takes about 0.25 s of a core (research/measurements): a queue of 8 a core is two seconds long.
_QUEUED_PER_WORKER = 8
_RETRY_AFTER_S = 2

T = TypeVar("T")


class BcryptHasher:
    """Safety: for the tasks of one event loop. bcrypt releases the interpreter lock while it works."""

    def __init__(
        self, *, cost: int = COST, workers: int | None = None, queue_size: int | None = None
    ) -> None:
        workers = workers or os.cpu_count() or 1
        self._cost = cost
        queue_size = _QUEUED_PER_WORKER * workers if queue_size is None else queue_size
        self._room = threading.Semaphore(workers + queue_size)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="bcrypt")
        # Of a password nobody can type: verifying against it is work that always fails.
        self._nobody = bcrypt.hashpw(_prepare(os.urandom(32).hex()), bcrypt.gensalt(cost))

    async def hash(self, password: str) -> str:
        hashed = await self._run(lambda: bcrypt.hashpw(_prepare(password), bcrypt.gensalt(self._cost)))
        return hashed.decode("ascii")

    async def verify(self, password: str, password_hash: str | None) -> bool:
        expected = self._nobody if password_hash is None else password_hash.encode()
        is_same = await self._run(lambda: _check(_prepare(password), expected))
        return is_same and password_hash is not None

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            raise Busy("too many passwords are being checked", retry_after_s=_RETRY_AFTER_S)
        try:
            future = self._threads.submit(work)
        except BaseException:
            self._room.release()
            raise
        # A cancelled caller does not stop a running hash: its room is free when its thread is.
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)


def _prepare(password: str) -> bytes:
    """44 characters from any password: bcrypt reads 72 bytes and stops at a NUL, which base64 never holds.

    Lone surrogates, which JSON can carry, have a UTF-8 form here, so no text is refused.
    """
    digest = hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(digest)


def _check(prepared: bytes, password_hash: bytes) -> bool:
    try:
        return bcrypt.checkpw(prepared, password_hash)
    except ValueError:
        # Not a bcrypt hash: an account without a password, or a damaged row.
        return False
