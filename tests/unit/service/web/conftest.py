"""The service over HTTP, before ports in memory."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from fakes import fake_world
from http_client import PASSWORD, serve

from service.application.users import create_user
from service.domain.users import NewUser


@dataclass
class FakeCheck:
    name: str
    is_essential: bool
    is_down: bool = False

    async def check(self):
        if self.is_down:
            raise ConnectionError


@pytest.fixture
def world():
    return fake_world(
        health_checks=(FakeCheck("database", is_essential=True), FakeCheck("cache", is_essential=False))
    )


@pytest.fixture
async def tenants(world):
    """`red` and `blue`, each with `user` and `reader`."""
    made = [await world.catalogue.provision(slug, slug) for slug in ("red", "blue")]
    for tenant in made:
        for name, role in (("user", "user"), ("reader", "read_only")):
            await create_user(world, tenant.slug, NewUser(name, f"{name}@example.com", role, PASSWORD))
    return made


@pytest.fixture
async def anonymous(world, tenants):
    async with serve(world) as client:
        yield client


@pytest.fixture
async def user(anonymous):
    return await anonymous.log_in("red")


@pytest.fixture
async def reader(anonymous):
    return await anonymous.log_in("red", "reader")
