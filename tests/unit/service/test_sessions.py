"""Sessions and their refresh tokens, before ports in memory: what time and other people change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from admitted import identify
from fakes import FakeHasher, fake_world

from service.application.accounts import Login, log_in
from service.application.passwords import change_password
from service.application.sessions import list_sessions, log_out_everywhere, refresh_by_token
from service.application.users import create_user
from service.domain.errors import BadCredentials, TokenInvalid
from service.domain.refresh_families import FamilyRules
from service.domain.sessions import parse_device
from service.domain.users import NewUser

PASSWORD = "correct horse battery staple"
NEW_PASSWORD = "another correct horse battery"
LOGIN = Login("ada", PASSWORD, "red")
RULES = FamilyRules(session_s=3600, idle_s=600, grace_s=10)


@pytest.fixture
async def world():
    made = fake_world()
    await made.catalogue.provision("red", "Red")
    await create_user(made, "red", NewUser("ada", "ada@example.com", "user", PASSWORD))
    return made


async def data_of(world):
    return world.databases.data(await world.catalogue.find("red"))


async def change_user(world, **changes):
    users = (await data_of(world)).users
    (user_id,) = users.rows
    users.rows[user_id] = msgspec.structs.replace(users.rows[user_id], **changes)


def logged_in(world):
    return log_in(world, LOGIN, life_s=60, rules=RULES)


def refreshed(world, ticket):
    return refresh_by_token(world, ticket.refresh_token, "red", life_s=60, rules=RULES)


async def refusal_of(world, ticket):
    with pytest.raises(TokenInvalid) as caught:
        await refreshed(world, ticket)
    assert caught.value.detail == "Invalid token, please login again"
    return caught.value.reason


async def test_a_refresh_carries_a_session_beyond_the_life_of_its_token(world):
    ticket = await logged_in(world)
    world.clock.advance(500)
    later = await refreshed(world, ticket)
    assert (await identify(world, later.token)).username == "ada"
    assert later.expires_in_s == 60


async def test_a_refresh_token_that_was_idle_too_long_is_refused(world):
    ticket = await logged_in(world)
    world.clock.advance(600)
    assert await refusal_of(world, ticket) == "refresh_expired"


async def test_no_refreshing_carries_a_session_beyond_its_end(world):
    ticket = await logged_in(world)
    for _ in range(6):
        world.clock.advance(590)
        ticket = await refreshed(world, ticket)
    world.clock.advance(60)
    assert await refusal_of(world, ticket) == "session_ended"


async def test_who_is_not_active_any_more_refreshes_nothing(world):
    ticket = await logged_in(world)
    await change_user(world, active=False)
    assert await refusal_of(world, ticket) == "user_inactive"


async def test_a_refreshed_token_has_the_role_of_today(world):
    ticket = await logged_in(world)
    await change_user(world, role="read_only")
    assert (await identify(world, (await refreshed(world, ticket)).token)).role == "read_only"


async def test_the_database_holds_no_refresh_token(world):
    ticket = await logged_in(world)
    assert ticket.refresh_token not in str((await data_of(world)).refresh_tokens.rows)
    assert ticket.refresh_token not in repr(ticket)


async def test_tokens_that_have_expired_are_forgotten(world):
    ticket = await logged_in(world)
    for _ in range(5):
        world.clock.advance(300)
        ticket = await refreshed(world, ticket)
    assert len((await data_of(world)).refresh_tokens.rows) == 2


@pytest.mark.parametrize(("passed_s", "noted_s"), [(59, 0), (60, 60), (300, 300)])
async def test_the_last_use_is_noted_to_a_minute(world, passed_s, noted_s):
    ticket = await log_in(world, LOGIN, life_s=600, rules=RULES)
    began = world.clock()
    world.clock.advance(passed_s)
    world.session_cache.rows.clear()
    (session,) = await list_sessions(world, await identify(world, ticket.token))
    assert session.last_used_at - began == timedelta(seconds=noted_s)


async def test_a_login_that_was_under_way_when_the_password_changed_is_refused(world):
    class SlowHasher(FakeHasher):
        async def verify(self, password, password_hash):
            is_right = await super().verify(password, password_hash)
            await change_user(world, password_hash="changed meanwhile")
            return is_right

    with pytest.raises(BadCredentials):
        await logged_in(replace(world, hasher=SlowHasher()))
    assert (await data_of(world)).sessions.rows == {}


async def test_a_new_password_opens_and_the_old_one_does_not(world):
    actor = await identify(world, (await logged_in(world)).token)
    await change_password(world, actor, PASSWORD, NEW_PASSWORD)
    assert await log_in(world, Login("ada", NEW_PASSWORD, "red"), life_s=60)
    with pytest.raises(BadCredentials):
        await logged_in(world)


async def test_logging_out_everywhere_ends_what_a_cache_that_is_down_does_not_know(world):
    tickets = [await logged_in(world) for _ in range(2)]
    actor = await identify(world, tickets[0].token)
    world.session_cache.is_down = True
    assert await log_out_everywhere(world, actor) == 2
    for ticket in tickets:
        with pytest.raises(TokenInvalid):
            await identify(world, ticket.token)


def test_a_device_is_told_without_what_can_not_be_shown():
    device = parse_device("Old\0 Phone\u202e\n" + "x" * 500, "192.0.2.1")
    assert device.user_agent.startswith("Old Phonexxx")
    assert len(device.user_agent) == 200
