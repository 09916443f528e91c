"""New ids: UUIDv7, which sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from uuid import UUID

_COUNTER_BITS = 42
_TAIL_BITS = 32


def _unix_ms() -> int:
    return time.time_ns() // 1_000_000


class Uuid7Source:
    """Makes UUIDv7s, each greater than the one before, also when the clock stands still or steps back.

    Safety: may be called from any thread.
    Source: RFC 9562, sections 5.7 and 6.2 (method 1: a 42-bit counter, seeded at random each millisecond
    with its highest bit clear, before 32 random bits).
    """

    def __init__(
        self,
        *,
        unix_ms: Callable[[], int] = _unix_ms,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._unix_ms = unix_ms
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._last_ms = -1
        self._counter = 0

    def __call__(self) -> UUID:
        with self._lock:
            self._advance()
            return self._compose()

    def _advance(self) -> None:
        now_ms = self._unix_ms()
        if now_ms > self._last_ms:
            self._last_ms, self._counter = now_ms, self._seed()
            return
        self._counter += 1
        if self._counter >> _COUNTER_BITS:
            self._last_ms, self._counter = self._last_ms + 1, self._seed()

    def _seed(self) -> int:
        return self._random_bits(_COUNTER_BITS - 1)

    def _compose(self) -> UUID:
        return UUID(
            int=(
                (self._last_ms & 0xFFFF_FFFF_FFFF) << 80
                | 0x7 << 76
                | (self._counter >> 30) << 64
                | 0b10 << 62
                | (self._counter & 0x3FFF_FFFF) << _TAIL_BITS
                | self._random_bits(_TAIL_BITS)
            )
        )
