"""The configurations of all tenants and their history, in the control database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from engine import PMap, Versioned
from service.adapters.postgres.columns import render_json
from service.adapters.postgres.connections import Connections
from service.application.ports import ConfigurationChangePage
from service.domain.configuration import Configuration
from service.domain.configuration_history import (
    NEVER_CHANGED,
    Author,
    ConfigurationChange,
    Difference,
    needs_snapshot,
    replay,
)
from service.domain.tenant_settings import Value
from service.domain.tenants import Tenant

_FIND = "SELECT version, configuration FROM tenant_configs WHERE tenant_id = $1"
# Whoever comes second with a version waits for the row, finds it taken and changes nothing.
_WRITE = """
INSERT INTO tenant_configs AS held (id, tenant_id, configuration, version, created_at, updated_at)
SELECT $1, $2, $3, $4, $5, $5
WHERE $4 = 1 OR EXISTS (SELECT FROM tenant_configs WHERE tenant_id = $2)
ON CONFLICT (tenant_id) DO UPDATE
SET configuration = excluded.configuration, version = excluded.version, updated_at = excluded.updated_at
WHERE held.version = excluded.version - 1
RETURNING version
"""
_CHANGE = (
    "version, transition, differences, author_tenant_id, author_id, author_name, request_id, changed_at"
)
_APPEND = f"""
INSERT INTO tenant_config_changes ({_CHANGE}, tenant_id, snapshot)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""  # noqa: S608  # constants only
_LIST = f"""
SELECT {_CHANGE} FROM tenant_config_changes WHERE tenant_id = $1 ORDER BY version DESC OFFSET $2 LIMIT $3
"""  # noqa: S608  # constants only
_COUNT = "SELECT count(*) FROM tenant_config_changes WHERE tenant_id = $1"
# From the last snapshot up to the version, or from the beginning.
_REPLAY = f"""
SELECT {_CHANGE}, snapshot FROM tenant_config_changes
WHERE tenant_id = $1 AND version <= $2 AND version >= coalesce((
    SELECT max(version) FROM tenant_config_changes
    WHERE tenant_id = $1 AND version <= $2 AND snapshot IS NOT NULL
), 0)
ORDER BY version
"""  # noqa: S608  # constants only

_decode_contents = msgspec.json.Decoder(dict[str, Value]).decode
_decode_differences = msgspec.json.Decoder(tuple[Difference, ...]).decode


class PostgresConfigurationStore:
    def __init__(self, connections: Connections, *, control: str, new_id: Callable[[], UUID]) -> None:
        self._connections = connections
        self._control = control
        self._new_id = new_id

    async def find(self, tenant: Tenant) -> Versioned[Configuration]:
        async with self._connections.transaction(self._control) as statements:
            row = await statements.fetch_row(_FIND, tenant.id)
        return Versioned(_contents(row[1]), row[0]) if row else NEVER_CHANGED

    async def append(self, tenant: Tenant, change: ConfigurationChange, contents: Configuration) -> bool:
        document = _render(contents)
        snapshot = document if needs_snapshot(change.version) else None
        async with self._connections.transaction(self._control) as statements:
            written = await statements.fetch_value(
                _WRITE, self._new_id(), tenant.id, document, change.version, change.changed_at
            )
            if written is None:
                return False
            await statements.execute(_APPEND, *_to_row(change), tenant.id, snapshot)
        return True

    async def list_changes(self, tenant: Tenant, *, offset: int, limit: int) -> ConfigurationChangePage:
        async with self._connections.transaction(self._control) as statements:
            rows = await statements.fetch(_LIST, tenant.id, offset, limit)
            total = await statements.fetch_value(_COUNT, tenant.id)
        return ConfigurationChangePage(items=tuple(map(_from_row, rows)), total=total)

    async def get_contents(self, tenant: Tenant, version: int) -> Configuration:
        if version == 0:
            return PMap()
        async with self._connections.transaction(self._control) as statements:
            rows = await statements.fetch(_REPLAY, tenant.id, version)
        if not rows or rows[-1]["version"] != version:
            raise LookupError(f"the configuration of tenant {tenant.id} has no version {version}")
        snapshot = rows[0]["snapshot"]
        start, rest = (PMap(), rows) if snapshot is None else (_contents(snapshot), rows[1:])
        return replay(start, map(_from_row, rest))


def _contents(document: str) -> Configuration:
    return PMap(_decode_contents(document))


def _render(contents: Mapping[str, Value]) -> str:
    return render_json(dict(contents))


def _from_row(row: asyncpg.Record) -> ConfigurationChange:
    return ConfigurationChange(
        version=row["version"],
        transition=row["transition"],
        differences=_decode_differences(row["differences"]),
        author=Author(
            request_id=row["request_id"],
            tenant_id=row["author_tenant_id"],
            user_id=row["author_id"],
            username=row["author_name"],
        ),
        changed_at=row["changed_at"],
    )


def _to_row(change: ConfigurationChange) -> tuple[Any, ...]:
    """In the order of _CHANGE."""
    author = change.author
    return (
        change.version,
        change.transition,
        render_json(change.differences),
        author.tenant_id,
        author.user_id,
        author.username,
        author.request_id,
        change.changed_at,
    )
