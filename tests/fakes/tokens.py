"""Tokens that are looked up instead of verified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.result import Err, Ok
from fakes.time_and_ids import FakeClock
from service.application.ports import Claims


class FakeTokenSigner:
    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock or FakeClock()
        self.signed: dict[str, Claims] = {}

    def sign(self, claims: Claims) -> str:
        token = f"token-{len(self.signed) + 1}"
        self.signed[token] = claims
        return token

    def verify(self, token: str):
        claims = self.signed.get(token)
        if claims is None:
            return Err("malformed")
        return Ok(claims) if self.clock() < claims.expires_at else Err("expired")

    def public_keys(self):
        return ()
