"""What administrators do with users, and what they can not. In memory."""

from __future__ import annotations

from itertools import count
from uuid import UUID

import pytest
from fakes import fake_world

from service.application import users as use_cases
from service.application.accounts import Login, log_in
from service.application.ports import UserQuery
from service.application.users import create_user
from service.domain.errors import (
    BadCredentials,
    InvalidInput,
    LastAdministrator,
    PermissionDenied,
    TooManyRequests,
    UserExists,
    UserNotFound,
)
from service.domain.identity import Actor, Operator
from service.domain.sessions import Device
from service.domain.users import NewUser, UserChange

PASSWORD = "correct horse battery staple"
ROLES = {"root": "system_admin", "admin": "tenant_admin", "user": "user", "reader": "read_only"}


@pytest.fixture
async def world():
    made = fake_world()
    for slug in ("red", "blue"):
        await made.catalogue.provision(slug, slug)
    for name, role in ROLES.items():
        await create_user(made, "red", NewUser(name, f"{name}@example.com", role, PASSWORD))
    return made


@pytest.fixture
async def people(world):
    """By name: the actor that each is."""
    tenant = await world.catalogue.find("red")
    users = world.databases.data(tenant).users.rows.values()
    numbers = count(1)
    return {
        user.username: Actor(
            tenant.id, "red", user.id, user.username, user.role, UUID(int=next(numbers)), "tenant"
        )
        for user in users
    }


def logging_in(world, name, password=PASSWORD, address="192.0.2.1"):
    return log_in(world, Login(name, password, "red"), life_s=60, device=Device("", address))


async def live_sessions(world, actor):
    async with world.databases.begin(await world.catalogue.find("red")) as tx:
        return len(await tx.sessions.list_live(actor.user_id, now=tx.now))


async def listed(world, actor, query=None):
    return await use_cases.list_users(world, actor, "red", query or UserQuery())


async def test_people_see_names_of_others_and_all_of_themselves(world, people):
    page = await listed(world, people["user"])
    emails = {seen.user.username: seen.decision.is_shown("email") for seen in page.items}
    assert emails == {"admin": False, "reader": False, "root": False, "user": True}


async def test_an_email_that_may_not_be_seen_is_not_found_either(world, people):
    query = UserQuery("example.com")
    assert (await listed(world, people["admin"], query)).total == 4
    assert (await listed(world, people["user"], query)).total == 0


async def test_where_people_are_kept_apart_they_see_only_themselves(world, people):
    user = Actor("red", "red", people["user"].user_id, "user", "user", UUID(int=9), "owner")
    assert [seen.user.username for seen in (await listed(world, user)).items] == ["user"]
    with pytest.raises(UserNotFound):
        await use_cases.get_user(world, user, "red", people["admin"].user_id)


async def test_another_role_ends_the_sessions_and_a_repeated_one_does_not(world, people):
    await logging_in(world, "user")
    assert await live_sessions(world, people["user"]) == 1
    await use_cases.set_role(world, people["admin"], "red", people["user"].user_id, "user")
    assert await live_sessions(world, people["user"]) == 1
    await use_cases.set_role(world, people["admin"], "red", people["user"].user_id, "read_only")
    assert await live_sessions(world, people["user"]) == 0


async def test_who_is_deactivated_is_out_and_comes_back_when_activated(world, people):
    await logging_in(world, "user")
    await use_cases.deactivate_user(world, people["admin"], "red", people["user"].user_id)
    assert await live_sessions(world, people["user"]) == 0
    with pytest.raises(BadCredentials):
        await logging_in(world, "user")
    await use_cases.update_user(
        world, people["admin"], "red", people["user"].user_id, UserChange(active=True)
    )
    assert await logging_in(world, "user")


async def test_an_email_is_changed_and_sessions_go_on(world, people):
    await logging_in(world, "user")
    subject = people["user"].user_id
    await use_cases.update_user(world, people["admin"], "red", subject, UserChange(email="u@example.com"))
    assert await live_sessions(world, people["user"]) == 1
    with pytest.raises(UserExists):
        await use_cases.update_user(
            world, people["admin"], "red", subject, UserChange(email="ADMIN@example.com")
        )


async def test_the_last_administrator_stays_one(world, people):
    admin = people["admin"]
    for attempt in (
        use_cases.set_role(world, admin, "red", admin.user_id, "user"),
        use_cases.deactivate_user(world, admin, "red", admin.user_id),
        use_cases.update_user(world, people["root"], "red", admin.user_id, UserChange(active=False)),
        use_cases.set_role(world, Operator(), "red", admin.user_id, "system_admin"),
    ):
        with pytest.raises(LastAdministrator):
            await attempt


async def test_with_a_second_administrator_the_first_may_go(world, people):
    admin = people["admin"]
    await use_cases.set_role(world, admin, "red", people["user"].user_id, "tenant_admin")
    assert (await use_cases.set_role(world, admin, "red", admin.user_id, "user")).role == "user"


async def test_nobody_grants_a_role_above_their_own_or_touches_who_has_one(world, people):
    admin, root = people["admin"], people["root"]
    for attempt in (
        use_cases.set_role(world, admin, "red", people["user"].user_id, "system_admin"),
        use_cases.set_role(world, admin, "red", root.user_id, "user"),
        use_cases.add_user(world, admin, NewUser("eve", "eve@example.com", "system_admin", PASSWORD)),
        use_cases.update_user(world, admin, "red", root.user_id, UserChange(email="eve@example.com")),
        use_cases.deactivate_user(world, admin, "red", root.user_id),
        use_cases.unlock_user(world, admin, "red", root.user_id),
    ):
        with pytest.raises(PermissionDenied):
            await attempt
    changed = await use_cases.set_role(world, root, "red", people["user"].user_id, "system_admin")
    assert changed.role == "system_admin"


@pytest.mark.parametrize("name", ["user", "reader"])
async def test_who_is_no_administrator_changes_nobody_not_even_themselves(world, people, name):
    actor = people[name]
    for attempt in (
        use_cases.set_role(world, actor, "red", actor.user_id, "read_only"),
        use_cases.add_user(world, actor, NewUser("eve", "eve@example.com", "read_only", PASSWORD)),
        use_cases.update_user(world, actor, "red", actor.user_id, UserChange(active=True)),
        use_cases.deactivate_user(world, actor, "red", people["reader"].user_id),
        use_cases.unlock_user(world, actor, "red", actor.user_id),
    ):
        with pytest.raises(PermissionDenied):
            await attempt


async def test_a_user_of_another_tenant_is_not_there(world, people):
    stranger = await create_user(world, "blue", NewUser("bob", "bob@example.com", "user", PASSWORD))
    for attempt in (
        use_cases.get_user(world, people["root"], "red", stranger.id),
        use_cases.set_role(world, people["root"], "red", stranger.id, "read_only"),
        use_cases.deactivate_user(world, people["root"], "red", stranger.id),
        use_cases.unlock_user(world, people["root"], "red", stranger.id),
    ):
        with pytest.raises(UserNotFound):
            await attempt


@pytest.mark.parametrize("typed", ["user", "user@example.com"])
async def test_who_is_unlocked_may_type_their_password_again_from_anywhere(world, people, typed):
    for number in range(100):
        with pytest.raises(BadCredentials):
            await logging_in(world, typed, "wrong", f"192.0.2.{number % 11}")
    with pytest.raises(TooManyRequests):
        await logging_in(world, typed, address="192.0.2.0")

    await use_cases.unlock_user(world, people["admin"], "red", people["user"].user_id)

    assert await logging_in(world, typed, address="192.0.2.0")


async def test_a_password_that_the_operator_resets_ends_the_sessions(world, people):
    await logging_in(world, "user")
    subject = people["user"].user_id
    with pytest.raises(InvalidInput) as caught:
        await use_cases.reset_password(world, Operator(), "red", subject, "short")
    assert set(caught.value.problems) == {"password"}
    await use_cases.reset_password(world, Operator(), "red", subject, "another long password")
    assert await live_sessions(world, people["user"]) == 0
    assert await logging_in(world, "user", "another long password")


async def test_the_operator_is_told_what_a_user_may_do_and_why_not(world, people):
    refused = await use_cases.explain(world, Operator(), "red", "reader", "contacts:delete")
    assert (refused.allowed, refused.rule) == (False, "grant")
    assert (await use_cases.explain(world, Operator(), "red", "user", "contacts:delete")).allowed
    await use_cases.deactivate_user(world, Operator(), "red", people["user"].user_id)
    assert (await use_cases.explain(world, Operator(), "red", "user", "contacts:delete")).rule == "account"
    with pytest.raises(UserNotFound):
        await use_cases.explain(world, Operator(), "red", "nobody", "contacts:delete")
