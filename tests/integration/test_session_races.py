"""Who comes second waits for who came first, and sees what they did: on real rows, in two transactions."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from contracts.builders import NOW, a_session, a_user

from service.domain.refresh_families import DEFAULT_RULES, Presented, advance, new_token

HASH = b"first"


@pytest.fixture
async def session(postgres, tenant):
    user = a_user()
    session = a_session(user)
    async with postgres.databases.begin(tenant) as tx:
        await tx.users.insert(user)
        await tx.sessions.insert(session)
        await tx.refresh_tokens.insert(new_token(session, HASH, NOW, DEFAULT_RULES))
    return session


async def in_a_transaction(postgres, tenant, act):
    async with postgres.databases.begin(tenant) as tx:
        return await act(tx)


async def second_of_two(postgres, tenant, first, second):
    """What `second` gives, begun while `first` has not been committed."""
    async with postgres.databases.begin(tenant) as tx:
        await first(tx)
        waiting = asyncio.create_task(in_a_transaction(postgres, tenant, second))
        # Long enough to be done, if it did not have to wait; who waits can not be too slow for this.
        await asyncio.wait({waiting}, timeout=0.25)
        assert not waiting.done()
    return await waiting


def lock(tx):
    return tx.refresh_tokens.lock_family(HASH)


async def refresh(tx):
    rotation = advance(await lock(tx), Presented(b"second"), NOW, DEFAULT_RULES).value
    await tx.refresh_tokens.rotate(rotation)


async def test_the_second_of_two_refreshes_sees_the_token_used(postgres, tenant, session):
    family = await second_of_two(postgres, tenant, refresh, lock)
    assert (family.token.uses, family.token.used_at) == (1, NOW)


async def test_a_refresh_that_comes_after_a_logout_sees_the_session_ended(postgres, tenant, session):
    family = await second_of_two(postgres, tenant, lambda tx: tx.sessions.end(session.id, now=NOW), lock)
    assert advance(family, Presented(b"second"), NOW, DEFAULT_RULES).error == "session_ended"


ENDINGS = {
    "one": lambda tx, session: tx.sessions.end(session.id, now=NOW),
    "all": lambda tx, session: tx.sessions.end_all(session.user_id, now=NOW),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
async def test_a_logout_that_comes_after_a_refresh_ends_the_session_still(postgres, tenant, session, end):
    assert await second_of_two(postgres, tenant, refresh, lambda tx: end(tx, session))
    assert (await in_a_transaction(postgres, tenant, lock)).session.ended_at == NOW


async def test_a_new_password_ends_the_session_of_a_login_that_was_under_way(postgres, tenant, session):
    later = msgspec.structs.replace(session, id=a_session(a_user()).id)

    async def log_in(tx):
        await tx.users.hold(session.user_id)
        await tx.sessions.insert(later)

    async def change_password(tx):
        await tx.users.set_password(session.user_id, "another hash", now=NOW)
        return await tx.sessions.end_all(session.user_id, now=NOW)

    assert await second_of_two(postgres, tenant, log_in, change_password) == {session.id, later.id}


async def test_a_login_that_comes_after_a_new_password_sees_it(postgres, tenant, session):
    user = await second_of_two(
        *(postgres, tenant),
        lambda tx: tx.users.set_password(session.user_id, "another hash", now=NOW),
        lambda tx: tx.users.hold(session.user_id),
    )
    assert user.password_hash == "another hash"
