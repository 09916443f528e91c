from __future__ import annotations

import asyncio
import threading

import bcrypt
import pytest

from service.adapters import passwords
from service.adapters.passwords import BcryptHasher
from service.domain.errors import Busy


@pytest.fixture
def hasher():
    # The least cost bcrypt knows: the tests are about what stands around it.
    hasher = BcryptHasher(cost=4, workers=1, queue_size=1)
    yield hasher
    hasher.close()


@pytest.mark.parametrize(
    "password",
    ["", "correct horse", "ü" * 50, "a" * 5000, "nul\0inside", "\ud800", "x" * 72],
    ids=["empty", "plain", "not ascii", "long", "nul", "lone surrogate", "72 bytes"],
)
async def test_the_password_that_was_hashed_is_verified(hasher, password):
    hashed = await hasher.hash(password)

    assert await hasher.verify(password, hashed)
    assert not await hasher.verify(password + "x", hashed)


async def test_what_stands_beyond_72_bytes_or_a_nul_counts(hasher):
    long, nul = await hasher.hash("a" * 72 + "b"), None
    assert not await hasher.verify("a" * 72 + "c", long)
    nul = await hasher.hash("a\0b")
    assert not await hasher.verify("a\0c", nul)


async def test_two_hashes_of_a_password_differ(hasher):
    assert await hasher.hash("same") != await hasher.hash("same")


def test_the_cost_is_12_unless_said_otherwise(monkeypatch):
    costs = []
    salt = bcrypt.gensalt
    monkeypatch.setattr(passwords.bcrypt, "gensalt", lambda cost: costs.append(cost) or salt(4))

    BcryptHasher().close()

    assert costs == [12]


async def test_nobody_is_verified_by_the_same_work_and_never_succeeds(hasher, monkeypatch):
    checked = []
    check = passwords._check
    monkeypatch.setattr(passwords, "_check", lambda *given: checked.append(given) or check(*given))

    assert not await hasher.verify("anything", None)

    [(_, against)] = checked
    assert against.startswith(b"$2b$04$")


@pytest.mark.parametrize("damaged", ["", "not a hash", "$2b$04$short", "é"])
async def test_a_damaged_hash_verifies_nothing(hasher, damaged):
    assert not await hasher.verify("password", damaged)


@pytest.fixture
def blocked(monkeypatch):
    """Every hash waits until the event is set."""
    event = threading.Event()
    monkeypatch.setattr(passwords, "_check", lambda *_: event.wait(10))
    yield event
    event.set()


async def test_more_than_the_queue_holds_is_refused_at_once(hasher, blocked):
    waiting = [asyncio.create_task(hasher.verify("x", "hash")) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(Busy) as caught:
        await hasher.verify("x", "hash")

    assert caught.value.retry_after_s == 2
    blocked.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert await hasher.verify("x", "hash")


async def test_a_caller_who_goes_away_still_counts_while_the_thread_works(hasher, blocked):
    waiting = [asyncio.create_task(hasher.verify("x", "hash")) for _ in range(2)]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    await asyncio.sleep(0)

    with pytest.raises(Busy):
        await hasher.verify("x", "hash")

    blocked.set()
    assert await waiting[1]


async def test_the_event_loop_goes_on_while_a_password_is_hashed(hasher, blocked):
    task = asyncio.create_task(hasher.verify("x", "hash"))
    await asyncio.sleep(0.01)

    assert not task.done()
    blocked.set()
    assert await task
