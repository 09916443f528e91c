"""How a configuration came to be what it is: versions, who made them, and what each of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from engine import Delta, Edit, PMap, Versioned, option_of
from engine.edits import redo
from engine.result import Err, Ok, Result
from engine.validation import name_of_type
from service.domain.configuration import Configuration
from service.domain.identity import TenantId, UserId
from service.domain.problems import Problems
from service.domain.tenant_settings import Value

# Reading an earlier version replays at most this many changes less one; a snapshot is the size of a state.
SNAPSHOT_EVERY = 32

# Version 0 has nothing set and was never stored; every change makes the next.
NEVER_CHANGED: Versioned[Configuration] = Versioned(PMap(), 0)


class Author(Struct, frozen=True):
    """Who changed it, and in which request. Without ids: the operator, at the command line."""

    request_id: str
    tenant_id: TenantId | None = None
    user_id: UserId | None = None
    username: str | None = None


class Difference(Struct, frozen=True):
    """One path before and after; None is "not set"."""

    path: str
    old: Value | None
    new: Value | None


class ConfigurationChange(Struct, frozen=True):
    """What made `version`. `transition` names what was done: change, undo."""

    version: int
    transition: str
    differences: tuple[Difference, ...]
    author: Author
    changed_at: datetime


def parse_undo(document: Mapping[str, Any], newest: int) -> Result[int, Problems]:
    """The version whose contents are wanted: what `to_version` names, else the one before the newest."""
    problems: Problems = {
        name[:80]: ("is not known here, expected to_version",) for name in document if name != "to_version"
    }
    wanted = document.get("to_version", newest - 1)
    expected = f"must be a whole number from 0 to {newest - 1}"
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        problems["to_version"] = (f"{expected}, got {name_of_type(wanted)}",)
    elif not 0 <= wanted < newest:
        problems["to_version"] = (f"{expected}, got {wanted}",)
    return Err(problems) if problems else Ok(wanted)


def needs_snapshot(version: int) -> bool:
    return version % SNAPSHOT_EVERY == 0


def change_of(delta: Delta, author: Author, now: datetime) -> ConfigurationChange:
    differences = (
        Difference(str(edit.path[0]), edit.old.unwrap_or(None), edit.new.unwrap_or(None))
        for edit in delta.edits
    )
    in_order = tuple(sorted(differences, key=lambda difference: difference.path))
    return ConfigurationChange(delta.version, delta.name, in_order, author, now)


def replay(start: Configuration, changes: Iterable[ConfigurationChange]) -> Configuration:
    """The contents after the changes, oldest first."""
    for made in changes:
        start = redo(start, map(_edit_of, made.differences))
    return start


def _edit_of(difference: Difference) -> Edit:
    return Edit((difference.path,), option_of(difference.old), option_of(difference.new))
