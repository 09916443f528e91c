"""A clock that only tests move, and ids that are the same in every run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID


class FakeClock:
    def __init__(self, start: datetime = datetime(2024, 1, 1, 12, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class FakeIds:
    """UUIDv7 in shape, counting from 1, so later ids are greater."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> UUID:
        self._count += 1
        return UUID(int=0x018C_C251_F400 << 80 | 0x7 << 76 | 0b10 << 62 | self._count)
