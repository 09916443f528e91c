"""In-memory stand-ins for the ports, kept honest by the contracts in tests/contracts."""

from fakes.catalogue import FakeTenantCatalogue
from fakes.configuration import FakeConfigurationCache, FakeConfigurationStore
from fakes.contacts import FakeContactStore
from fakes.databases import FakeTenantDatabases, FakeTenantTransaction
from fakes.passwords import FakeHasher
from fakes.sessions import FakeRefreshTokenStore, FakeSessionCache, FakeSessionStore
from fakes.time_and_ids import FakeClock, FakeIds
from fakes.tokens import FakeTokenSigner
from fakes.users import FakeUserStore
from fakes.world import fake_configurations, fake_world

__all__ = [
    "FakeClock",
    "FakeConfigurationCache",
    "FakeConfigurationStore",
    "FakeContactStore",
    "FakeHasher",
    "FakeIds",
    "FakeRefreshTokenStore",
    "FakeSessionCache",
    "FakeSessionStore",
    "FakeTenantCatalogue",
    "FakeTenantDatabases",
    "FakeTenantTransaction",
    "FakeTokenSigner",
    "FakeUserStore",
    "fake_configurations",
    "fake_world",
]
