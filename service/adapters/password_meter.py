"""How easily a password is guessed, by zxcvbn and its lists of leaked passwords and of names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from zxcvbn import zxcvbn

from service.domain.errors import Busy
from service.domain.passwords import Strength

# It refuses more. What is good in its first 72 characters is good.
_LONGEST_READ = 72
_QUEUE = 32
_RETRY_AFTER_S = 2


class ZxcvbnMeter:
    """Safety: for the tasks of one event loop. One thread: it holds the interpreter lock while it works."""

    def __init__(self, *, queue_size: int = _QUEUE) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="zxcvbn")
        self._room = asyncio.Semaphore(queue_size)

    async def measure(self, password: str, own_words: Sequence[str]) -> Strength:
        if self._room.locked():
            raise Busy("too many passwords are being checked", retry_after_s=_RETRY_AFTER_S)
        async with self._room:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, _measure, password, tuple(own_words))

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)


def _measure(password: str, own_words: Sequence[str]) -> Strength:
    if not password:
        return Strength(0, is_common=True)
    read = password[:_LONGEST_READ]
    found = zxcvbn(read, user_inputs=[word[:_LONGEST_READ] for word in own_words if word])
    parts = found["sequence"]
    is_listed = len(parts) == 1 and parts[0].get("dictionary_name") == "passwords"
    return Strength(int(found["score"]), is_common=is_listed)
