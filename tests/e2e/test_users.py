"""Users administered over HTTP; what changes of somebody is believed at once in every process."""

from __future__ import annotations

import asyncio

import pytest
from http_client import PASSWORD, open_world, serve

NEW = {"username": "eve", "email": "eve@example.com", "password": PASSWORD, "role": "read_only"}


@pytest.fixture
async def second(servers):
    """Another process: a world with caches of its own on the same servers."""
    async with open_world(servers.database_url, servers.redis_url) as world, serve(world) as client:
        yield client


async def id_of(admin, name):
    (found,) = (await admin.ask("GET", f"/api/v2/users?search={name}")).body["data"]
    return found["id"]


async def test_a_user_is_made_found_changed_and_deactivated(admin, anonymous, tenant):
    made = await admin.ask("POST", "/api/v2/users", NEW)
    path = made.headers["Location"]
    assert (made.status, made.body["data"]["role"]) == (201, "read_only")
    assert b"password" not in made.raw
    assert (await anonymous.log_in(tenant, "eve")).headers
    changed = await admin.ask("PATCH", path, {"email": "eva@example.com"})
    assert (await admin.ask("GET", path)).body["data"] == changed.body["data"]
    assert (await admin.ask("DELETE", path)).body["data"]["active"] is False
    typed = {"username_or_email": "eve", "password": PASSWORD, "tenant_id": tenant}
    assert (await anonymous.ask("POST", "/api/v2/auth/login", typed)).status == 401


async def test_users_are_listed_in_pages_with_what_each_may_see(admin, user):
    answer = await admin.ask("GET", "/api/v2/users?per_page=3&page=2")
    assert answer.body["pagination"] == {"current_page": 2, "per_page": 3, "total": 4, "total_pages": 2}
    seen = (await user.ask("GET", "/api/v2/users")).body["data"]
    assert [(row["username"], "email" in row) for row in seen] == [
        ("admin", False),
        ("reader", False),
        ("user", True),
        ("user2", False),
    ]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"username": "eve"}, {"email", "password"}),
        (NEW | {"role": "emperor"}, {"role"}),
        (NEW | {"active": False}, {"active"}),
        (NEW | {"password": "short", "email": "eve"}, {"password", "email"}),
    ],
)
async def test_what_is_wrong_with_a_new_user_is_told_by_field(admin, body, fields):
    answer = await admin.ask("POST", "/api/v2/users", body)
    assert (answer.status, set(answer.body["errors"])) == (400, fields)


async def test_a_change_is_of_what_can_be_changed(admin):
    path = f"/api/v2/users/{await id_of(admin, 'reader')}"
    for body, field in (
        ({"username": "x"}, "username"),
        ({"active": "no"}, "active"),
        ({"email": ""}, "email"),
    ):
        answer = await admin.ask("PATCH", path, body)
        assert (answer.status, list(answer.body["errors"])) == (400, [field])


async def test_another_role_is_believed_at_once_by_another_process(admin, user, second, anonymous, tenant):
    elsewhere = second.bearing(user.headers["Authorization"].removeprefix("Bearer "))
    assert (await elsewhere.ask("GET", "/api/v2/contacts")).status == 200
    path = f"/api/v2/users/{(await user.ask('GET', '/api/v2/auth/me')).body['data']['id']}"

    answer = await admin.ask("PUT", f"{path}/roles", {"role": "read_only"})

    assert answer.body["data"]["role"] == "read_only"
    assert (await elsewhere.ask("POST", "/api/v2/contacts", {"last_name": "King"})).status == 401
    again = second.bearing(
        (await anonymous.log_in(tenant)).headers["Authorization"].removeprefix("Bearer ")
    )
    assert (await again.ask("POST", "/api/v2/contacts", {"last_name": "King"})).status == 403


async def test_who_is_deactivated_is_out_at_once_in_another_process(admin, user, second):
    elsewhere = second.bearing(user.headers["Authorization"].removeprefix("Bearer "))
    assert (await elsewhere.ask("GET", "/api/v2/contacts")).status == 200
    path = f"/api/v2/users/{(await user.ask('GET', '/api/v2/auth/me')).body['data']['id']}"
    await admin.ask("PATCH", path, {"active": False})
    assert (await elsewhere.ask("GET", "/api/v2/contacts")).status == 401


async def test_two_administrators_who_demote_each_other_leave_one(admin, anonymous, second, tenant):
    first_id, second_id = await id_of(admin, "admin"), await id_of(admin, "user2")
    await admin.ask("PUT", f"/api/v2/users/{second_id}/roles", {"role": "tenant_admin"})
    other = second.bearing(
        (await anonymous.log_in(tenant, "user2")).headers["Authorization"].removeprefix("Bearer ")
    )
    answers = await asyncio.gather(
        admin.ask("PUT", f"/api/v2/users/{second_id}/roles", {"role": "user"}),
        other.ask("PUT", f"/api/v2/users/{first_id}/roles", {"role": "user"}),
    )
    assert min(answer.status for answer in answers) == 200
    assert {answer.status for answer in answers} < {200, 401, 409}


async def test_the_last_administrator_is_told_why_they_stay(admin):
    path = f"/api/v2/users/{await id_of(admin, 'admin')}"
    for answer in (
        await admin.ask("DELETE", path),
        await admin.ask("PUT", f"{path}/roles", {"role": "user"}),
    ):
        assert (answer.status, answer.body["code"]) == (409, "users.last_administrator")


async def test_a_user_who_typed_wrong_passwords_is_unlocked(admin, anonymous, tenant):
    typed = {"username_or_email": "reader", "password": "wrong", "tenant_id": tenant}
    for _ in range(10):
        await anonymous.ask("POST", "/api/v2/auth/login", typed)
    right = typed | {"password": PASSWORD}
    assert (await anonymous.ask("POST", "/api/v2/auth/login", right)).status == 429
    answer = await admin.ask("POST", f"/api/v2/users/{await id_of(admin, 'reader')}/unlock")
    assert answer.status == 200
    assert (await anonymous.ask("POST", "/api/v2/auth/login", right)).status == 200
