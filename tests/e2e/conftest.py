"""The service on a loopback port, before real PostgreSQL and Valkey, and clients of it."""

from __future__ import annotations

import itertools

import pytest
from http_client import PASSWORD, open_world, serve
from mail_folder import MailFolder

from service.adapters import embedded
from service.application.users import insert_user
from service.domain.users import NewUser
from service.settings import Settings

ROLES = {"admin": "tenant_admin", "user": "user", "user2": "user", "reader": "read_only"}


@pytest.fixture(scope="session")
async def servers(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("servers"))
    async with embedded.start(settings, is_durable=False) as running:
        yield running


@pytest.fixture(scope="session")
async def mail_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
async def world(servers, mail_folder):
    async with open_world(servers.database_url, servers.redis_url, mail_folder=mail_folder) as opened:
        yield opened


@pytest.fixture(scope="session")
async def anonymous(world):
    async with serve(world) as client:
        yield client


@pytest.fixture(scope="session")
async def make_tenant(world):
    password_hash = await world.hasher.hash(PASSWORD)
    numbers = itertools.count(1)

    async def make():
        tenant = await world.catalogue.provision(f"house{next(numbers)}", "House")
        for name, role in ROLES.items():
            new = NewUser(name, f"{name}@example.com", role, PASSWORD)
            await insert_user(world, tenant, new, password_hash)
        return tenant.slug

    return make


@pytest.fixture
async def tenant(make_tenant):
    return await make_tenant()


@pytest.fixture
async def user(anonymous, tenant):
    return await anonymous.log_in(tenant)


@pytest.fixture
async def admin(anonymous, tenant):
    return await anonymous.log_in(tenant, "admin")


@pytest.fixture
async def stranger(anonymous, make_tenant):
    """A user of another tenant, with the same name and password."""
    return await anonymous.log_in(await make_tenant())


@pytest.fixture(scope="session")
def mail(world, mail_folder):
    return MailFolder(mail_folder, world.errands)
