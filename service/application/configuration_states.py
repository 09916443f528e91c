"""What each tenant has configured, as this process knows it: in memory, a moment behind the database.

Reading asks for a newer version when the last time was CHECK_AFTER_S ago: the cache, else the database.
Writing reads the database, prepares the next state, stores it there under its version, and only then shows
it here: what was not stored was never seen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine import Change, PMap, Store, Transition, Versioned
from engine.errors import StateError
from engine.histories import History
from engine.result import Ok
from service.application.ports import ConfigurationCache, ConfigurationStore
from service.domain.configuration import Configuration, settings_in_effect
from service.domain.configuration_history import Author, change_of
from service.domain.errors import ConfigurationConflict, ConfigurationVersionConflict, InvalidInput
from service.domain.identity import TenantId
from service.domain.problems import Problems
from service.domain.tenant_settings import SettingsTable, TenantSettings
from service.domain.tenants import Tenant

# With the life of what the cache holds, 0.4 s, this is how late a change is seen elsewhere: below a second.
CHECK_AFTER_S = 0.4
# Each lost race is somebody else's success.
MAX_TRIES = 10


class TenantConfigurations:
    """One for each process; it guards that a tenant's version never goes back. For one event loop."""

    def __init__(
        self,
        store: ConfigurationStore,
        cache: ConfigurationCache,
        table: SettingsTable,
        *,
        clock: Callable[[], datetime],
        elapsed_s: Callable[[], float],
    ) -> None:
        self.store = store
        self.table = table
        self._cache = cache
        self._clock = clock
        self._elapsed_s = elapsed_s
        self._checked_at_s: dict[TenantId, float] = {}
        # What was stored is valid, by the rules of whichever version stored it; its history is there too.
        self._states: Store[TenantId, Configuration, Problems] = Store(lambda _: PMap(), Ok, keep=0)

    async def settings(self, tenant: Tenant) -> TenantSettings:
        """Those in effect. Raises DatabaseUnavailable."""
        return settings_in_effect((await self.current(tenant)).state, self.table)

    async def current(self, tenant: Tenant) -> Versioned[Configuration]:
        """Less than a second old. Raises DatabaseUnavailable when that can not be said."""
        now_s = self._elapsed_s()
        if now_s - self._checked_at_s.get(tenant.id, float("-inf")) >= CHECK_AFTER_S:
            await self._check(tenant, now_s)
        return self._states.get(tenant.id)

    async def newest(self, tenant: Tenant) -> Versioned[Configuration]:
        """As the database has it now. Raises DatabaseUnavailable."""
        now_s = self._elapsed_s()
        self._adopt(tenant, await self.store.find(tenant))
        self._checked_at_s[tenant.id] = now_s
        return self._states.get(tenant.id)

    async def apply(
        self,
        tenant: Tenant,
        step: Transition[Configuration, Problems],
        author: Author,
        *,
        expected_version: int | None = None,
    ) -> Versioned[Configuration]:
        """The state after the step; a step that changes nothing makes no version.

        Raises:
            InvalidInput: the step is refused, with all problems by path.
            ConfigurationVersionConflict: the version is not the expected one.
            ConfigurationConflict: others were faster, each time.
        """
        for _ in range(MAX_TRIES):
            await self.newest(tenant)
            change = self._states.prepare(tenant.id, step).map_err(_refusal).or_raise()
            _require_version(change.before.version, expected_version)
            if not change.delta.edits:
                return change.before
            if await self._write(tenant, change, author):
                return change.after
        raise ConfigurationConflict

    async def _check(self, tenant: Tenant, now_s: float) -> None:
        # When this fails the state is as old as before: whoever comes next asks again.
        self._adopt(tenant, await self._cache.find(tenant) or await self._read(tenant))
        self._checked_at_s[tenant.id] = now_s

    async def _read(self, tenant: Tenant) -> Versioned[Configuration]:
        found = await self.store.find(tenant)
        await self._cache.put(tenant, found)
        return found

    async def _write(self, tenant: Tenant, change: Change[TenantId, Configuration], author: Author) -> bool:
        made = change_of(change.delta, author, self._clock())
        if not await self.store.append(tenant, made, change.after.state):
            return False
        if not self._states.commit(change).is_ok():
            # Somebody read it back before this line.
            self._adopt(tenant, change.after)
        await self._cache.put(tenant, change.after)
        return True

    def _adopt(self, tenant: Tenant, found: Versioned[Configuration]) -> None:
        if found.version > self._states.get(tenant.id).version:
            self._states.restore(tenant.id, History(found)).or_raise()


def _refusal(error: Problems | StateError) -> Exception:
    return error if isinstance(error, StateError) else InvalidInput.of(error)


def _require_version(version: int, expected: int | None) -> None:
    if expected is not None and expected != version:
        raise ConfigurationVersionConflict(f"expected version {expected}, got {version}")
