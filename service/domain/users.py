"""A user of one tenant."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from service.domain.emails import parse_email
from service.domain.identity import Role, UserId

LONGEST_USERNAME = 64
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024  # far above any real one; a bound so that hashing has one


class User(Struct, frozen=True):
    """`password_hash` never leaves the application layer."""

    id: UserId
    username: str
    email: str
    password_hash: str
    role: Role
    active: bool
    created_at: datetime
    updated_at: datetime


def find_user_problems(username: str, email: str, password: str) -> dict[str, tuple[str, ...]]:
    """All that is wrong with the fields of a new user; empty when they will do."""
    problems: dict[str, tuple[str, ...]] = {}
    if (
        not 1 <= len(username) <= LONGEST_USERNAME
        or not username.isprintable()
        or username != username.strip()
    ):
        problems["username"] = (f"must be 1 to {LONGEST_USERNAME} visible characters",)
    if not email or not parse_email(email).is_ok():
        problems["email"] = ("is not a valid e-mail address",)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        problems["password"] = (f"must be {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters long",)
    return problems
