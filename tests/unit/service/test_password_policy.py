"""What a password must be: the rules as data, and the estimate they ask for."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from fakes import FakeHasher, fake_world
from http_client import serve

from service.adapters.password_meter import ZxcvbnMeter
from service.application.password_checks import find_password_faults
from service.application.users import create_user
from service.domain.errors import Busy
from service.domain.passwords import V1_SIGNUP, PasswordPolicy, Strength, find_weaknesses, own_words
from service.domain.users import NewUser

STRONG = Strength(4, is_common=False)
WORDS = own_words("lovelace", "ada.king@example.com", "red-house")


@pytest.fixture
async def meter():
    made = ZxcvbnMeter()
    yield made
    made.close()


@pytest.mark.parametrize(
    "password",
    ["x LOVELACE x 1815", "my ada.king 1815 xyz", "the Red-House of 1815", "ada.king@example.com!"],
)
def test_own_words_are_refused_in_any_case(password):
    assert len(find_weaknesses(PasswordPolicy(), password, STRONG, WORDS)) == 1


def test_short_names_stand_in_good_passwords_by_chance():
    assert find_weaknesses(PasswordPolicy(), "Canada has seven otters", STRONG, ["ada"]) == ()


def test_characters_are_asked_for_only_where_the_policy_does():
    policy = PasswordPolicy(needs=("digit", "upper case letter", "lower case letter", "other character"))
    assert find_weaknesses(policy, "otters", STRONG, ()) == (
        "must have at least one digit",
        "must have at least one upper case letter",
        "must have at least one other character",
    )
    assert find_weaknesses(policy, "Otters, 7", STRONG, ()) == ()


def test_the_old_signup_asks_for_a_length_alone():
    assert find_weaknesses(V1_SIGNUP, "lovelace", Strength(0, is_common=True), WORDS) == ()


@pytest.mark.parametrize(
    ("password", "is_common", "is_strong"),
    [
        ("qwertyuiop123", True, False),
        ("passwordpassword", False, False),
        ("seven otters juggle quietly", False, True),
        ("LovelaceLovelace", False, False),
        ("", True, False),
    ],
)
async def test_the_meter_knows_what_is_tried_first(meter, password, is_common, is_strong):
    strength = await meter.measure(password, WORDS)
    assert (strength.is_common, strength.score >= 3) == (is_common, is_strong)


@pytest.mark.parametrize("length", [64, 72, 73, 1024])
async def test_long_passwords_are_taken_whole(meter, length):
    world = fake_world(meter=meter)
    password = ("seven otters juggle quietly; " * 40)[:length]
    assert await find_password_faults(world, PasswordPolicy(), password, ()) == ()


async def test_the_meter_works_beside_the_loop(meter, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "service.adapters.password_meter._measure",
        lambda *_: seen.append(threading.current_thread()) or STRONG,
    )
    await meter.measure("otters", ())
    assert seen != [threading.current_thread()]


async def test_a_meter_without_room_is_busy():
    meter = ZxcvbnMeter(queue_size=0)
    with pytest.raises(Busy):
        await meter.measure("otters", ())
    meter.close()


class CountingHasher(FakeHasher):
    def __init__(self):
        self.asked = []

    async def verify(self, password, password_hash):
        self.asked.append(password_hash is not None)
        return await super().verify(password, password_hash)


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/v1/auth/login", "/api/v2/auth/login"])
async def test_an_unknown_user_costs_what_a_wrong_password_does(path):
    world = replace(fake_world(), hasher=(hasher := CountingHasher()))
    await world.catalogue.provision("red", "red")
    await create_user(world, "red", NewUser("ada", "ada@example.com", "user", "seven otters juggle"))
    async with serve(world) as client:
        answers = [
            await client.ask(
                "POST", path, {"username_or_email": name, "password": "wrong", "tenant_id": "red"}
            )
            for name in ("ada", "nobody")
        ]
    assert hasher.asked == [True, False]
    assert [answer.status for answer in answers] == [401, 401]
    assert answers[0].body["message"] == answers[1].body["message"]
