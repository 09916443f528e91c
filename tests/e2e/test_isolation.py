"""Two tenants on one service: neither sees or touches anything of the other."""

import pytest
from http_client import PASSWORD

ADA = {"last_name": "King", "email": "ada@example.com"}


@pytest.fixture
async def path(user):
    return (await user.ask("POST", "/api/v2/contacts", ADA)).headers["Location"]


async def test_lists_searches_and_numbers_are_the_tenants_own(user, stranger, path):
    for query in ("", "?search=King", "?sort=email"):
        assert (await stranger.ask("GET", f"/api/v2/contacts{query}")).body["pagination"]["total"] == 0
    (person,) = (await user.ask("GET", "/api/address-book")).body["data"]
    assert (await stranger.ask("GET", f"/api/address-book/{person['id']}")).status == 404
    assert (await stranger.ask("GET", "/api/address-book")).body["data"] == []
    assert (await stranger.ask("GET", "/api/address-book/filter")).body["total_elements"] == 0


async def test_the_same_contact_may_be_in_both(stranger, path):
    assert (await stranger.ask("POST", "/api/v2/contacts", ADA)).status == 201


async def test_a_header_does_not_open_another_tenant(stranger, tenant, path):
    answer = await stranger.ask("GET", "/api/v2/contacts", X_Tenant_ID=tenant)
    assert (answer.status, answer.body["code"]) == (403, "auth.tenant_mismatch")


async def test_a_password_is_good_for_its_own_tenant_only(anonymous, make_tenant, world):
    slug = (await world.catalogue.provision("empty-house", "Empty")).slug
    typed = {"username_or_email": "user", "password": PASSWORD, "tenant_id": slug}
    assert (await anonymous.ask("POST", "/api/v2/auth/login", typed)).status == 401


async def test_ending_a_session_in_one_leaves_the_other(user, stranger):
    await user.ask("POST", "/api/v2/auth/logout")
    assert (await stranger.ask("GET", "/api/v2/auth/me")).status == 200
