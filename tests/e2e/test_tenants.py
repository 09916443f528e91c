"""Tenants over HTTP: what becomes of them and of their people."""

from __future__ import annotations

import asyncpg
import pytest
from http_client import PASSWORD

from service.application.users import create_user
from service.domain.users import NewUser


@pytest.fixture
async def root(anonymous, world, make_tenant):
    """A system administrator, at home in another tenant."""
    home = await make_tenant()
    await create_user(world, home, NewUser("root", "root@example.com", "system_admin", PASSWORD))
    return await anonymous.log_in(home, "root")


async def asked(client, method, path, body=None, status=200):
    answer = await client.ask(method, path, body)
    assert answer.status == status, answer.raw
    return answer.body


async def test_a_new_tenant_is_usable_at_once(root, world, anonymous):
    answer = await root.ask("POST", "/api/v2/tenants", {"slug": "brand-new", "tenant_name": "Brand New"})
    made = answer.body["data"]
    assert (answer.status, answer.headers["Location"]) == (201, f"/api/v2/tenants/{made['id']}")
    assert set(made) == {"id", "slug", "tenant_name", "status", "isolation", "created_at", "updated_at"}
    assert (made["slug"], made["tenant_name"], made["status"]) == ("brand-new", "Brand New", "active")

    await create_user(world, "brand-new", NewUser("ada", "ada@example.com", "user", PASSWORD))
    ada = await anonymous.log_in("brand-new", "ada")
    assert (await asked(ada, "GET", "/api/v2/contacts"))["pagination"]["total"] == 0


async def test_a_suspended_tenant_lets_nobody_in_until_it_is_resumed(root, anonymous, tenant, user):
    suspended = (await asked(root, "POST", f"/api/v2/tenants/{tenant}/suspend"))["data"]
    typed = {"username_or_email": "user", "password": PASSWORD, "tenant_id": tenant}

    assert suspended["status"] == "suspended"
    await asked(user, "GET", "/api/v2/contacts", status=401)
    await asked(anonymous, "POST", "/api/v2/auth/login", typed, status=404)

    await asked(root, "POST", f"/api/v2/tenants/{suspended['id']}/resume")
    await asked(user, "GET", "/api/v2/contacts")


async def test_a_deleted_tenant_is_gone_with_its_database_and_its_slug_stays_taken(
    root, postgres_names, tenant
):
    before = await postgres_names()
    await asked(root, "PATCH", f"/api/v2/tenants/{tenant}/config", {"flags": {"beta": True}})

    deleted = (await asked(root, "DELETE", f"/api/v2/tenants/{tenant}"))["data"]

    assert deleted["status"] == "deleted"
    assert len(before - await postgres_names()) == 1
    assert (await asked(root, "GET", f"/api/v2/tenants/{tenant}"))["data"]["status"] == "deleted"
    assert (await asked(root, "POST", "/api/v2/tenants", {"slug": tenant}, 409))["code"] == "tenants.exists"
    await asked(root, "GET", f"/api/v2/tenants/{tenant}/config", status=404)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("", "resume"),
        ("suspend", "suspend"),
        ("delete", "suspend"),
        ("delete", "resume"),
        ("delete", "delete"),
    ],
)
async def test_what_does_not_fit_the_state_is_a_conflict_that_names_it(root, tenant, first, then):
    for change in filter(None, [first]):
        await asked(root, *request_of(tenant, change))

    refused = await asked(root, *request_of(tenant, then), status=409)

    assert refused["code"] == "tenants.status_conflict"
    state = {"": "active", "suspend": "suspended", "delete": "deleted"}[first]
    assert refused["detail"] == f"the tenant is {state}, so nobody can {then} it"


def request_of(tenant, change):
    path = f"/api/v2/tenants/{tenant}"
    return ("DELETE", path) if change == "delete" else ("POST", f"{path}/{change}")


async def test_a_new_name_is_shown_and_the_slug_stays(root, tenant):
    await asked(root, "PATCH", f"/api/v2/tenants/{tenant}", {"tenant_name": " The House "})
    shown = (await asked(root, "GET", f"/api/v2/tenants/{tenant}"))["data"]
    assert (shown["tenant_name"], shown["slug"]) == ("The House", tenant)


async def test_the_list_is_paged_and_filtered_by_state(root, tenant):
    await asked(root, "POST", f"/api/v2/tenants/{tenant}/suspend")
    listed = await asked(root, "GET", "/api/v2/tenants?status=suspended&per_page=500")
    assert tenant in [item["slug"] for item in listed["data"]]
    assert {item["status"] for item in listed["data"]} == {"suspended"}
    assert (await asked(root, "GET", "/api/v2/tenants?per_page=1"))["pagination"]["total"] > 1


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "slug"),
        ({"slug": 7}, "slug"),
        ({"slug": "a b"}, "slug"),
        ({"slug": "fine", "tenant_name": "x" * 201}, "tenant_name"),
        ({"slug": "fine", "database": "postgres"}, "database"),
    ],
)
async def test_a_tenant_that_will_not_do_is_refused_by_path(root, body, path):
    refused = await asked(root, "POST", "/api/v2/tenants", body, status=400)
    assert list(refused["errors"]) == [path]


@pytest.mark.parametrize("change", ["suspend", "delete"])
async def test_nobody_shuts_themselves_out(root, change):
    own = (await root.ask("GET", "/api/v2/auth/me")).body["data"]["tenant_id"]
    refused = await asked(root, *request_of(own, change), status=409)
    assert refused["code"] == "tenants.own"


async def test_a_tenant_that_is_not_there_is_not_found(root):
    refused = await asked(root, "GET", "/api/v2/tenants/nobody-at-all", status=404)
    assert refused["code"] == "tenants.not_found"


@pytest.fixture
def postgres_names(servers):
    """The databases that there are."""

    async def ask():
        connection = await asyncpg.connect(servers.database_url)
        try:
            return {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
        finally:
            await connection.close()

    return ask
