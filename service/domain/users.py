"""A user of one tenant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import replace

from engine.result import Result
from engine.validation import all_of, boolean, field, one_of, record, rule
from service.domain.emails import parse_email
from service.domain.errors import LastAdministrator
from service.domain.identity import Role, UserId
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


class UserChange(Struct, frozen=True):
    """What an administrator may change of a user; None leaves it."""

    email: str | None = None
    active: bool | None = None


class NewUser(Struct, frozen=True):
    """What a new user is made of; never shown, because it holds the password."""

    username: str
    email: str
    role: Role
    password: str

    def __repr__(self) -> str:
        return f"NewUser({self.username!r})"


def parse_user_change(body: Mapping[str, Any]) -> Result[UserChange, Problems]:
    return _CHANGE.check(body).map(lambda fields: UserChange(**fields)).map_err(problems_of)


def parse_role(body: Mapping[str, Any]) -> Result[Role, Problems]:
    return _ROLE.check(body).map(lambda fields: fields["role"]).map_err(problems_of)


def change_user(user: User, change: UserChange) -> User:
    email = user.email if change.email is None else change.email
    active = user.active if change.active is None else change.active
    return replace(user, email=email, active=active)


def ends_sessions(before: User, after: User) -> bool:
    """Whether what tokens say of the user, or let them in by, is not true any more."""
    return (before.role, before.active, before.password_hash) != (
        after.role,
        after.active,
        after.password_hash,
    )


def require_administrator(administrators: Collection[UserId], after: User) -> None:
    """One of those who administer the tenant is left after the change.

    Raises:
        LastAdministrator: the changed user was the only one, and is none any more.
    """
    if set(administrators) == {after.id} and not (after.active and after.role == "tenant_admin"):
        raise LastAdministrator(f"{after.username} is the last active tenant_admin")


def find_profile_problems(username: str, email: str) -> Problems:
    """All that is wrong with the name and the address of a user; empty when they will do."""
    checked = _RULES.check({"username": username, "email": email})
    return {} if checked.is_ok() else problems_of(checked.error)


def _is_visible(name: str) -> bool:
    return 1 <= len(name) <= LONGEST_USERNAME and name.isprintable() and name == name.strip()


_EMAIL = all_of(parse_email, rule(bool, "empty", "is empty")).explained(
    "email", "is not a valid e-mail address"
)
_CHANGE = record(field("email", _EMAIL, optional=True), field("active", boolean(), optional=True)).closed()
_ROLE = record(role=one_of(*get_args(Role))).closed()
_RULES = record(
    username=rule(
        _is_visible, "username", "must be 1 to {longest} visible characters", longest=LONGEST_USERNAME
    ),
    email=_EMAIL,
)
