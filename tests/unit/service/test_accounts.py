from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from admitted import identify
from fakes import FakeHasher, fake_world

from service.application.accounts import SESSION_LIFE_S, Login, log_in, log_out, refresh
from service.application.users import create_user
from service.domain.errors import BadCredentials, TenantNotFound, TokenInvalid
from service.domain.users import NewUser

PASSWORD = "correct horse battery staple"
LOGIN = Login("ada", PASSWORD, "red")
WEEK_S = 604_800


@pytest.fixture
async def world():
    made = fake_world()
    for slug in ("red", "blue"):
        await made.catalogue.provision(slug, slug)
        await create_user(made, slug, NewUser("ada", "ada@example.com", "user", PASSWORD))
    return made


async def data_of(world, slug):
    return world.databases.data(await world.catalogue.find(slug))


async def change_user(world, **changes):
    users = (await data_of(world, "red")).users
    (user_id,) = users.rows
    users.rows[user_id] = msgspec.structs.replace(users.rows[user_id], **changes)


async def test_a_token_stands_for_its_user_and_tenant(world):
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    actor = await identify(world, ticket.token)
    assert (actor.username, actor.tenant_slug, actor.role) == ("ada", "red", "user")
    assert (ticket.expires_in_s, ticket.tenant_slug) == (WEEK_S, "red")


@pytest.mark.parametrize(
    "wrong", [Login("ada", "wrong", "red"), Login("nobody", PASSWORD, "red"), Login("", "", "red")]
)
async def test_whatever_is_wrong_is_said_in_one_way(world, wrong):
    with pytest.raises(BadCredentials) as caught:
        await log_in(world, wrong, life_s=WEEK_S)
    assert caught.value.detail == "Wrong username or password, please try again"


async def test_an_unknown_user_costs_a_hash_too(world):
    asked = []

    class CountingHasher(FakeHasher):
        async def verify(self, password, password_hash):
            asked.append(password_hash)
            return await super().verify(password, password_hash)

    world = replace(world, hasher=CountingHasher())
    with pytest.raises(BadCredentials):
        await log_in(world, Login("nobody", PASSWORD, "red"), life_s=WEEK_S)
    assert asked == [None]


async def test_an_inactive_user_is_refused_like_a_wrong_password(world):
    await change_user(world, active=False)
    with pytest.raises(BadCredentials):
        await log_in(world, LOGIN, life_s=WEEK_S)


async def test_an_unknown_tenant_is_said_to_be_one(world):
    with pytest.raises(TenantNotFound):
        await log_in(world, Login("ada", PASSWORD, "green"), life_s=WEEK_S)


async def test_logging_out_ends_the_session_at_once_and_only_this_one(world):
    first, second = [await log_in(world, LOGIN, life_s=WEEK_S) for _ in range(2)]
    await log_out(world, await identify(world, first.token))
    with pytest.raises(TokenInvalid):
        await identify(world, first.token)
    assert await identify(world, second.token)


async def test_a_cache_that_is_down_locks_nobody_out_and_lets_nobody_in(world):
    world.session_cache.is_down = True
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    actor = await identify(world, ticket.token)
    await log_out(world, actor)
    with pytest.raises(TokenInvalid):
        await identify(world, ticket.token)


async def test_a_session_the_cache_forgot_is_found_and_remembered_again(world):
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    world.session_cache.rows.clear()
    await identify(world, ticket.token)
    assert len(world.session_cache.rows) == 1


async def test_a_token_of_another_tenant_is_good_for_nothing_here(world):
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    stolen = msgspec.structs.replace(world.tokens.signed[ticket.token], tenant_id="blue")
    with pytest.raises(TokenInvalid):
        await identify(world, world.tokens.sign(stolen))


async def test_a_token_of_another_user_is_good_for_nothing(world):
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    other = msgspec.structs.replace(world.tokens.signed[ticket.token], user_id=world.new_id())
    with pytest.raises(TokenInvalid):
        await identify(world, world.tokens.sign(other))


async def test_a_token_ends_with_its_life(world):
    ticket = await log_in(world, LOGIN, life_s=60)
    world.clock.advance(60)
    with pytest.raises(TokenInvalid):
        await identify(world, ticket.token)


async def test_refreshing_gives_a_later_token_of_the_same_session(world):
    first = await log_in(world, LOGIN, life_s=WEEK_S)
    actor = await identify(world, first.token)
    world.clock.advance(WEEK_S - 1)
    second = await refresh(world, actor, life_s=WEEK_S)
    world.clock.advance(60)
    assert (await identify(world, second.token)).session_id == actor.session_id


async def test_a_refreshed_token_ends_with_the_session(world):
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    actor = await identify(world, ticket.token)
    world.clock.advance(SESSION_LIFE_S - 100)
    assert (await refresh(world, actor, life_s=WEEK_S)).expires_in_s == 100
    world.clock.advance(100)
    with pytest.raises(TokenInvalid):
        await refresh(world, actor, life_s=WEEK_S)


async def test_a_refreshed_token_has_the_role_of_today(world):
    actor = await identify(world, (await log_in(world, LOGIN, life_s=WEEK_S)).token)
    await change_user(world, role="read_only")
    assert (await identify(world, (await refresh(world, actor, life_s=WEEK_S)).token)).role == "read_only"


async def test_who_is_not_active_any_more_gets_no_other_token(world):
    actor = await identify(world, (await log_in(world, LOGIN, life_s=WEEK_S)).token)
    await change_user(world, active=False)
    with pytest.raises(TokenInvalid):
        await refresh(world, actor, life_s=WEEK_S)


async def test_a_long_token_has_a_session_as_long(world):
    ticket = await log_in(world, LOGIN, life_s=2 * SESSION_LIFE_S)
    (session,) = (await data_of(world, "red")).sessions.rows.values()
    assert session.expires_at - session.created_at == timedelta(seconds=2 * SESSION_LIFE_S)
    assert ticket.expires_in_s == 2 * SESSION_LIFE_S


async def test_what_holds_a_secret_does_not_show_it(world):
    assert PASSWORD not in repr(LOGIN)
    ticket = await log_in(world, LOGIN, life_s=WEEK_S)
    assert ticket.token not in repr(ticket)
