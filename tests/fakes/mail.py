"""Mails that are kept, and a meter that knows a few weak passwords."""

from __future__ import annotations

from service.domain.passwords import Strength


class FakeMailer:
    """`is_down = True` makes every mail fail."""

    def __init__(self) -> None:
        self.sent = []
        self.is_down = False

    async def send(self, message):
        if self.is_down:
            raise ConnectionRefusedError
        self.sent.append(message)


class FakeMeter:
    WEAK = frozenset({"passwordpassword", "qwertyuiop123"})

    async def measure(self, password, own_words):
        is_weak = password in self.WEAK
        return Strength(1 if is_weak else 4, is_common=is_weak)
