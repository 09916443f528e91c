"""What the operator does: tenants, users, demonstration data. In memory."""

from __future__ import annotations

from itertools import count

import pytest
from fakes import fake_world

from service.application.demo import DEMO, PasswordChoice, plan_passwords, seed_demo
from service.application.tenants import create_tenant, get_tenant, list_tenants
from service.application.users import create_user
from service.domain.errors import InvalidInput, TenantExists, TenantNotFound, UserExists
from service.domain.identity import Operator
from service.domain.users import NewUser

GOOD = NewUser("ada", "ada@example.com", "tenant_admin", "correct horse battery")


@pytest.fixture
def world():
    return fake_world()


async def find_user(world, slug, username):
    tenant = await get_tenant(world, Operator(), slug)
    async with world.databases.begin(tenant) as transaction:
        return await transaction.users.find_by_login(username)


async def test_a_tenant_is_named_after_its_slug_unless_told_otherwise(world):
    await create_tenant(world, Operator(), "north")
    await create_tenant(world, Operator(), "south", "The South")
    assert [tenant.name for tenant in await list_tenants(world, Operator())] == ["north", "The South"]


async def test_a_slug_with_a_space_is_refused(world):
    with pytest.raises(InvalidInput) as caught:
        await create_tenant(world, Operator(), "no good")
    assert set(caught.value.problems) == {"slug"}


async def test_a_slug_that_is_taken_is_refused(world):
    await create_tenant(world, Operator(), "north")
    with pytest.raises(TenantExists):
        await create_tenant(world, Operator(), "North")


async def test_a_user_is_stored_with_a_hash_and_not_the_password(world):
    await create_tenant(world, Operator(), "north")
    await create_user(world, "north", GOOD)
    user = await find_user(world, "north", "ada")
    assert (user.role, user.active) == ("tenant_admin", True)
    assert user.password_hash == await world.hasher.hash(GOOD.password)


async def test_a_user_exists_in_one_tenant_only(world):
    await create_tenant(world, Operator(), "north")
    await create_tenant(world, Operator(), "south")
    await create_user(world, "north", GOOD)
    assert await find_user(world, "south", "ada") is None


async def test_all_problems_of_a_user_are_reported_at_once(world):
    await create_tenant(world, Operator(), "north")
    with pytest.raises(InvalidInput) as caught:
        await create_user(world, "north", NewUser(" ada", "ada", "user", "short"))
    assert set(caught.value.problems) == {"username", "email", "password"}


@pytest.mark.parametrize("username", ["", "a" * 65, "a\nb", "a\x00", " a"])
async def test_a_user_name_that_can_not_be_read_is_refused(world, username):
    await create_tenant(world, Operator(), "north")
    with pytest.raises(InvalidInput) as caught:
        await create_user(world, "north", NewUser(username, GOOD.email, "user", GOOD.password))
    assert set(caught.value.problems) == {"username"}


async def test_a_user_of_no_tenant_is_refused(world):
    with pytest.raises(TenantNotFound):
        await create_user(world, "nowhere", GOOD)


async def test_a_user_name_that_is_taken_is_refused(world):
    await create_tenant(world, Operator(), "north")
    await create_user(world, "north", GOOD)
    with pytest.raises(UserExists):
        await create_user(world, "north", GOOD)


def test_values_that_hold_passwords_do_not_show_them():
    choice = PasswordChoice({"tenant1": {"user": "hush"}}, "hush", lambda: "hush")
    assert "hush" not in repr((choice, NewUser("ada", GOOD.email, "user", "hush")))


def choose(known=None, chosen=None):
    numbers = count(1)
    return PasswordChoice(known or {}, chosen, lambda: f"made up {next(numbers)}")


async def seed(world, choice):
    return await seed_demo(world, choice, plan_passwords(choice))


def passwords_of(demo):
    return {item.tenant.slug: {user.username: user.password for user in item.users} for item in demo}


async def test_demo_makes_each_user_with_a_password_that_works(world):
    demo = await seed(world, choose())
    for slug, users in passwords_of(demo).items():
        for name, password in users.items():
            user = await find_user(world, slug, name)
            assert await world.hasher.verify(password, user.password_hash)
            assert user.role == DEMO[slug][name]


async def test_demo_has_the_promised_users(world):
    found = {slug: list(users) for slug, users in passwords_of(await seed(world, choose())).items()}
    assert found == {
        "tenant1": ["admin", "user", "user2", "reader", "root"],
        "tenant2": ["admin", "user", "user2", "reader"],
    }


async def test_demo_passwords_all_differ(world):
    demo = passwords_of(await seed(world, choose()))
    assert len({password for users in demo.values() for password in users.values()}) == 9


async def test_demo_uses_the_chosen_password_for_all(world):
    demo = passwords_of(await seed(world, choose(chosen="chosen one")))
    assert {password for users in demo.values() for password in users.values()} == {"chosen one"}


async def test_demo_a_second_time_changes_nothing(world):
    first = passwords_of(await seed(world, choose()))
    again = await seed(world, choose(known=first))
    assert passwords_of(again) == first
    assert not any(user.is_new for item in again for user in item.users)


async def test_demo_keeps_the_passwords_when_another_is_chosen_later(world):
    first = passwords_of(await seed(world, choose()))
    assert passwords_of(await seed(world, choose(known=first, chosen="chosen late"))) == first


async def test_demo_recognises_the_chosen_password_on_users_made_elsewhere(world):
    await seed(world, choose(chosen="chosen one"))
    assert passwords_of(await seed(world, choose(chosen="chosen one")))["tenant1"]["root"] == "chosen one"


async def test_demo_does_not_claim_a_password_it_does_not_know(world):
    await seed(world, choose(chosen="chosen one"))
    assert passwords_of(await seed(world, choose()))["tenant1"]["root"] is None


async def test_demo_uses_known_passwords_for_a_new_database(world):
    known = {"tenant1": {"root": "from before"}}
    assert passwords_of(await seed(world, choose(known=known)))["tenant1"]["root"] == "from before"
