"""Passwords without the waiting."""

from __future__ import annotations


class FakeHasher:
    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return password_hash == f"hash of {password}"
