"""All the ports in memory, as one world."""

from __future__ import annotations

from fakes.catalogue import FakeTenantCatalogue
from fakes.configuration import FakeConfigurationCache, FakeConfigurationStore
from fakes.databases import FakeTenantDatabases
from fakes.limiter import FakeLimiter
from fakes.mail import FakeMailer, FakeMeter
from fakes.passwords import FakeHasher
from fakes.sessions import FakeSessionCache
from fakes.time_and_ids import FakeClock, FakeIds
from fakes.tokens import FakeTokenSigner
from service.adapters.errands import Errands
from service.adapters.seals import HmacSeal
from service.application.configuration_states import TenantConfigurations
from service.application.world import World
from service.domain.tenant_settings import settings_table


def fake_world(**parts) -> World:
    """Time stands still until its clock is moved."""
    clock, new_id = FakeClock(), FakeIds()
    session_cache = FakeSessionCache()
    given = {
        "catalogue": FakeTenantCatalogue(clock, new_id),
        "databases": FakeTenantDatabases(clock, new_id),
        "configurations": fake_configurations(clock),
        "session_cache": session_cache,
        "limiter": FakeLimiter(parts.get("session_cache", session_cache), clock),
        "hasher": FakeHasher(),
        "meter": FakeMeter(),
        "mailer": FakeMailer(),
        "errands": Errands(),
        "tokens": FakeTokenSigner(clock),
        "cursors": HmacSeal(lambda: ["fake"], "cursors"),
        "clock": clock,
        "new_id": new_id,
    }
    return World(**(given | parts))


def fake_configurations(clock, store=None, cache=None) -> TenantConfigurations:
    return TenantConfigurations(
        store or FakeConfigurationStore(),
        cache or FakeConfigurationCache(clock),
        settings_table(),
        clock=clock,
        elapsed_s=lambda: clock().timestamp(),
    )
