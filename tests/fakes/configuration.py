"""Configurations in dicts: the truth with its history, and the cache of it that can be taken down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from engine import PMap, Versioned
from fakes.time_and_ids import FakeClock
from service.application.ports import ConfigurationChangePage
from service.domain.configuration import Configuration
from service.domain.configuration_history import ConfigurationChange
from service.domain.errors import DatabaseUnavailable
from service.domain.identity import TenantId
from service.domain.tenants import Tenant

LIFE_S = 0.4


class FakeConfigurationStore:
    """`is_down = True` makes everything raise DatabaseUnavailable; `find_count`: how often it was asked."""

    def __init__(self) -> None:
        self.is_down = False
        self.find_count = 0
        self.rows: dict[TenantId, list[tuple[ConfigurationChange, Configuration]]] = defaultdict(list)

    async def find(self, tenant: Tenant) -> Versioned[Configuration]:
        self.find_count += 1
        rows = self._rows(tenant)
        return Versioned(rows[-1][1] if rows else PMap(), len(rows))

    async def append(self, tenant: Tenant, change: ConfigurationChange, contents: Configuration) -> bool:
        rows = self._rows(tenant)
        if change.version != len(rows) + 1:
            return False
        rows.append((change, contents))
        return True

    async def list_changes(self, tenant: Tenant, *, offset: int, limit: int) -> ConfigurationChangePage:
        newest_first = [change for change, _ in reversed(self._rows(tenant))]
        return ConfigurationChangePage(tuple(newest_first[offset : offset + limit]), len(newest_first))

    async def get_contents(self, tenant: Tenant, version: int) -> Configuration:
        return [PMap(), *(contents for _, contents in self._rows(tenant))][version]

    def _rows(self, tenant: Tenant) -> list[tuple[ConfigurationChange, Configuration]]:
        if self.is_down:
            raise DatabaseUnavailable
        return self.rows[tenant.id]


class FakeConfigurationCache:
    """`is_down = True` makes it forget and refuse everything, in silence, as the port promises."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock or FakeClock()
        self.is_down = False
        self.rows: dict[TenantId, tuple[Versioned[Configuration], datetime]] = {}

    async def find(self, tenant: Tenant) -> Versioned[Configuration] | None:
        held, until = self.rows.get(tenant.id, (None, self.clock()))
        return held if not self.is_down and self.clock() < until else None

    async def put(self, tenant: Tenant, configuration: Versioned[Configuration]) -> None:
        held = await self.find(tenant)
        if not self.is_down and (held is None or held.version <= configuration.version):
            self.rows[tenant.id] = (configuration, self.clock() + timedelta(seconds=LIFE_S))
