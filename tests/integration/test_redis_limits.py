"""Limits counted in a real Valkey: as the domain's rules say, by many at once, and when it is gone."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from uuid import uuid4

import pytest
from contracts.builders import NOW, a_session, a_user
from fakes import FakeTenantCatalogue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.adapters.ids import Uuid7Source
from service.adapters.redis import CacheClient, RedisLimiter, RedisSessionCache
from service.domain.limits import Charge, Limit, charge_all, is_refused

LIMITS = (
    Limit("w", "window", 3, 60),
    Limit("f", "fixed", 4, 7),
    Limit("b", "bucket", 2, 3),
)
PER_MINUTE = Limit("minute", "window", 20, 60)


@pytest.fixture
async def client(redis_url):
    client = CacheClient.open(redis_url)
    yield client
    await client.close()


@pytest.fixture
def limiter(client):
    return RedisLimiter(client, RedisSessionCache(client))


@pytest.fixture
def subject():
    return uuid4().hex


steps = st.lists(
    st.tuples(
        st.one_of(st.floats(0, 1), st.floats(0, 90), st.sampled_from([0.0, 1.0, 3.0, 7.0, 60.0, 61.0])),
        st.sets(st.sampled_from(LIMITS), min_size=1),
    ),
    max_size=30,
)


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_script_counts_as_the_rules_do(client, steps):
    now_s, subject, counters = 1.7e9, uuid4().hex, {}
    limiter = RedisLimiter(client, RedisSessionCache(client), now_s=lambda: now_s)
    for step_s, limits in steps:
        now_s += step_s
        charges = [Charge(limit, subject) for limit in sorted(limits, key=lambda limit: limit.name)]

        standings, _ = await limiter.charge(charges)

        expected, changed = charge_all(counters, charges, now_s)
        counters |= changed
        assert standings == expected


async def charge_often(limiter, subject, times):
    """By five at once; how many got in."""

    async def charge():
        standings, _ = await limiter.charge([Charge(PER_MINUTE, subject)])
        return not is_refused(standings)

    async def charge_in_turn(times):
        return sum([await charge() for _ in range(times)])

    return sum(await asyncio.gather(*(charge_in_turn(part) for part in shares(times, 5))))


def shares(count, parts):
    return [count // parts + (number < count % parts) for number in range(parts)]


async def test_of_many_at_once_as_many_get_in_as_the_limit_says(limiter, subject):
    assert await charge_often(limiter, subject, 100) == PER_MINUTE.count


PROCESS = """
import asyncio, sys
from service.adapters.redis import CacheClient, RedisLimiter, RedisSessionCache
from service.domain.limits import Charge, Limit, is_refused

async def main(url, subject):
    client = CacheClient.open(url)
    limiter, let_in = RedisLimiter(client, RedisSessionCache(client)), 0
    limit = Limit("minute", "window", 20, 60)
    for _ in range(50):
        standings, _ = await limiter.charge([Charge(limit, subject)])
        let_in += not is_refused(standings)
    await client.close()
    print(let_in)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_let_in_exactly_as_many_as_the_limit_says(redis_url, subject):
    command = [sys.executable, "-c", PROCESS, redis_url, subject]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603, ASYNC220  ourselves
    let_in = [int(process.communicate(timeout=60)[0]) for process in running]

    assert sum(let_in) == PER_MINUTE.count


async def test_one_that_is_refused_by_one_limit_is_counted_by_none(limiter, subject):
    tight, wide = Limit("tight", "fixed", 1, 3600), Limit("wide", "fixed", 100, 3600)
    charges = [Charge(tight, subject), Charge(wide, subject)]
    await limiter.charge(charges)

    refused, _ = await limiter.charge(charges)

    assert [standing.remaining for standing in refused] == [0, 99]
    assert 0 < refused[0].wait_s <= 3600


async def test_another_subject_has_a_count_of_its_own(limiter, subject):
    await charge_often(limiter, subject, PER_MINUTE.count)

    assert await charge_often(limiter, f"{subject}-2", 1) == 1


async def test_what_is_forgiven_counts_no_more(limiter, subject):
    await charge_often(limiter, subject, PER_MINUTE.count)

    await limiter.forgive(Charge(PER_MINUTE, subject))

    assert await charge_often(limiter, subject, 100) == PER_MINUTE.count


async def test_a_session_is_read_on_the_way(client, limiter, subject):
    tenant = await FakeTenantCatalogue(new_id=Uuid7Source()).provision("one", "One")
    session = a_session(a_user())
    await RedisSessionCache(client, clock=lambda: NOW).put(tenant, session)
    charges = [Charge(PER_MINUTE, subject)]

    assert (await limiter.charge(charges, (tenant, session.id)))[1] == session
    assert (await limiter.charge([], (tenant, session.id)))[1] == session
    assert (await limiter.charge(charges, (tenant, a_session(a_user()).id)))[1] is None


async def test_a_session_whose_end_redis_was_not_told_is_not_read(client, subject, monkeypatch):
    tenant = await FakeTenantCatalogue(new_id=Uuid7Source()).provision("one", "One")
    session, cache = a_session(a_user()), RedisSessionCache(client, clock=lambda: NOW)
    await cache.put(tenant, session)
    with monkeypatch.context() as cut:
        cut.setattr(client, "ask", nothing)
        await cache.remove(tenant, session.id)

    standing = await RedisLimiter(client, cache).charge([Charge(PER_MINUTE, subject)], (tenant, session.id))

    assert standing[1] is None


async def nothing(_question):
    """As a Redis answers that is away."""


@pytest.mark.parametrize("limit", LIMITS)
async def test_counters_do_not_outlive_their_period(client, limiter, subject, limit):
    charge = Charge(limit, subject)
    await limiter.charge([charge])

    life_ms = await client.ask(lambda redis: redis.pttl(f"chainbook:limit:{charge.key}"))

    assert limit.period_s * 1000 <= life_ms <= limit.period_s * 62 / 60 * 1000 + 1000


async def test_without_redis_the_process_counts_by_itself(subject):
    client = CacheClient.open("redis://127.0.0.1:1")

    assert (
        await charge_often(RedisLimiter(client, RedisSessionCache(client)), subject, 100)
        == PER_MINUTE.count
    )
    await client.close()


async def test_what_one_process_remembers_is_bounded(subject, monkeypatch):
    monkeypatch.setattr("service.adapters.redis.limits._MAX_COUNTERS", 3)
    client = CacheClient.open("redis://127.0.0.1:1")
    limiter = RedisLimiter(client, RedisSessionCache(client))
    for number in range(10):
        await limiter.charge([Charge(PER_MINUTE, f"{subject}{number}")])

    assert len(limiter._local._counters) <= 3
    await client.close()


async def test_all_subjects_that_begin_alike_are_forgiven_and_no_others(limiter, subject):
    for address in (f"{subject}:one", f"{subject}:two", f"{subject}0:one"):
        await charge_often(limiter, address, PER_MINUTE.count)

    await limiter.forgive_all(PER_MINUTE, f"{subject}:")

    assert await charge_often(limiter, f"{subject}:one", 1) == 1
    assert await charge_often(limiter, f"{subject}:two", 1) == 1
    assert await charge_often(limiter, f"{subject}0:one", 1) == 0
