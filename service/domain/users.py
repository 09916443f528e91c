"""A user of one tenant."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from engine.validation import all_of, record, rule
from service.domain.emails import parse_email
from service.domain.identity import Role, UserId
from service.domain.passwords import PasswordPolicy, password_rules
from service.domain.problems import Problems, problems_of

LONGEST_USERNAME = 64


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


def find_user_problems(username: str, email: str, password: str) -> Problems:
    """All that is wrong with the fields of a new user; empty when they will do."""
    checked = _RULES.check({"username": username, "email": email, "password": password})
    return {} if checked.is_ok() else problems_of(checked.error)


def _is_visible(name: str) -> bool:
    return 1 <= len(name) <= LONGEST_USERNAME and name.isprintable() and name == name.strip()


_RULES = record(
    username=rule(
        _is_visible, "username", "must be 1 to {longest} visible characters", longest=LONGEST_USERNAME
    ),
    email=all_of(parse_email, rule(bool, "empty", "is empty")).explained(
        "email", "is not a valid e-mail address"
    ),
    password=password_rules(PasswordPolicy()),
)
