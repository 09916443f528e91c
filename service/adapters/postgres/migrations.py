"""The steps that change a schema, read from files, and one database taken up or down them.

What a database has been through stands in its own table schema_versions, written with the step itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, NamedTuple

import asyncpg

_MAKE_VERSIONS = """
CREATE TABLE IF NOT EXISTS schema_versions (
    version integer PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class Step(NamedTuple):
    version: int
    name: str
    up: str
    down: str


def read_steps(kind: Literal["control", "tenant"]) -> tuple[Step, ...]:
    """The steps of service/migrations/<kind>, NNNN_name.up.sql beside NNNN_name.down.sql, in order."""
    folder = files("service") / "migrations" / kind
    ups = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".up.sql")), key=lambda file: file.name
    )
    return tuple(_read_step(folder, up.name.removesuffix(".up.sql")) for up in ups)


def _read_step(folder: Traversable, stem: str) -> Step:
    version, _, name = stem.partition("_")
    up, down = ((folder / f"{stem}.{way}.sql").read_text(encoding="utf-8") for way in ("up", "down"))
    return Step(int(version), name, up, down)


async def migrate_up(connection: asyncpg.Connection, steps: Iterable[Step]) -> bool:
    """Whether anything was left to do. Each step is all or nothing."""
    await connection.execute(_MAKE_VERSIONS)
    done = await _done_versions(connection)
    missing = [step for step in steps if step.version not in done]
    for step in missing:
        async with connection.transaction():
            await connection.execute(step.up)
            await connection.execute(
                "INSERT INTO schema_versions (version, name) VALUES ($1, $2)", step.version, step.name
            )
    return bool(missing)


async def migrate_down(connection: asyncpg.Connection, steps: Iterable[Step], *, to_version: int) -> None:
    """Undoes, newest first, what is above `to_version`. Data of the undone steps is lost."""
    done = await _done_versions(connection)
    for step in sorted(steps, reverse=True):
        if to_version < step.version and step.version in done:
            async with connection.transaction():
                await connection.execute(step.down)
                await connection.execute("DELETE FROM schema_versions WHERE version = $1", step.version)


async def _done_versions(connection: asyncpg.Connection) -> frozenset[int]:
    rows = await connection.fetch("SELECT version FROM schema_versions")
    return frozenset(row["version"] for row in rows)
