"""The fakes keep the promises of the ports: the same contracts as the real ones in tests/integration."""

from __future__ import annotations

import itertools

import pytest
from contracts.account_links import AccountLinkStoreContract
from contracts.audit_log import AuditLogContract
from contracts.builders import NOW
from contracts.configuration import ConfigurationCacheContract, ConfigurationStoreContract
from contracts.contact_store import ContactListContract, ContactStoreContract
from contracts.session_cache import SessionCacheContract
from contracts.tenants import TenantCatalogueContract, TenantDatabasesContract
from contracts.user_and_session_stores import (
    RefreshTokenStoreContract,
    SessionStoreContract,
    UserStoreContract,
)
from fakes import (
    FakeClock,
    FakeConfigurationCache,
    FakeConfigurationStore,
    FakeSessionCache,
    FakeTenantCatalogue,
    FakeTenantDatabases,
)


@pytest.fixture
def databases():
    return FakeTenantDatabases()


@pytest.fixture
def catalogue():
    return FakeTenantCatalogue()


@pytest.fixture
async def tenant(catalogue):
    return await catalogue.provision("one", "One")


@pytest.fixture
async def other_tenant(catalogue):
    return await catalogue.provision("two", "Two")


@pytest.fixture
def new_slug():
    numbers = itertools.count()
    return lambda: f"tenant-{next(numbers)}"


@pytest.fixture
def cache():
    return FakeSessionCache(FakeClock(NOW))


@pytest.fixture
def configurations():
    return FakeConfigurationStore()


@pytest.fixture
def configuration_cache():
    return FakeConfigurationCache()


class TestFakeContactStore(ContactStoreContract): ...


class TestFakeContactList(ContactListContract): ...


class TestFakeUserStore(UserStoreContract): ...


class TestFakeSessionStore(SessionStoreContract): ...


class TestFakeRefreshTokenStore(RefreshTokenStoreContract): ...


class TestFakeAccountLinkStore(AccountLinkStoreContract): ...


class TestFakeAuditLog(AuditLogContract): ...


class TestFakeTenantCatalogue(TenantCatalogueContract): ...


class TestFakeTenantDatabases(TenantDatabasesContract): ...


class TestFakeSessionCache(SessionCacheContract): ...


class TestFakeConfigurationStore(ConfigurationStoreContract): ...


class TestFakeConfigurationCache(ConfigurationCacheContract): ...
