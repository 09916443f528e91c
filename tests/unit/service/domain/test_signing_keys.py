from datetime import timedelta

import pytest
from contracts.builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from engine.result import Ok
from service.domain.signing_keys import SigningKey, check_keys, in_use, revoke, rotate

DAY_S = 86_400


def a_key(kid, state="standby", changed_at=NOW):
    return SigningKey(kid, "EdDSA", state, changed_at, "material")


def states(keys):
    return {key.kid: key.state for key in keys}


KEYS = (a_key("a", "previous"), a_key("b", "current"), a_key("c", "standby"))


def test_the_standby_key_signs_next_and_the_one_before_verifies_on():
    rotated = rotate(KEYS, a_key("d"), NOW + timedelta(seconds=1), token_life_s=DAY_S)
    assert states(rotated) == {"a": "previous", "b": "previous", "c": "current", "d": "standby"}


def test_without_a_standby_the_fresh_key_signs():
    rotated = rotate((a_key("a", "current"),), a_key("b"), NOW, token_life_s=DAY_S)
    assert states(rotated) == {"a": "previous", "b": "current"}


@pytest.mark.parametrize(("passed_s", "state"), [(DAY_S - 1, "previous"), (DAY_S, "revoked")])
def test_a_previous_key_goes_when_its_last_token_has_expired(passed_s, state):
    rotated = rotate(KEYS, a_key("d"), NOW + timedelta(seconds=passed_s), token_life_s=DAY_S)
    assert states(rotated)["a"] == state
    assert states(rotated)["b"] == "previous"


def test_a_revoked_key_keeps_its_name_and_loses_the_rest():
    revoked = revoke(KEYS, "a", a_key("d"), NOW).value
    (key,) = [key for key in revoked if key.kid == "a"]
    assert (key.state, key.material) == ("revoked", "")
    assert states(in_use(revoked)) == {"b": "current", "c": "standby"}


@pytest.mark.parametrize(
    ("kid", "after"),
    [
        ("a", {"a": "revoked", "b": "current", "c": "standby"}),
        ("b", {"a": "previous", "b": "revoked", "c": "current", "d": "standby"}),
        ("c", {"a": "previous", "b": "current", "c": "revoked", "d": "standby"}),
    ],
)
def test_the_place_of_a_revoked_key_is_taken(kid, after):
    assert states(revoke(KEYS, kid, a_key("d"), NOW).value) == after


def test_what_is_not_in_use_can_not_be_revoked():
    once = revoke(KEYS, "a", a_key("d"), NOW).value
    for keys, kid in ((KEYS, "nobody"), (once, "a")):
        assert kid in revoke(keys, kid, a_key("e"), NOW).error


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ((), "none is"),
        ((a_key("a"),), "none is"),
        ((a_key("a", "current"), a_key("b", "current")), "at most 1 key may be current, got 2"),
        ((a_key("a", "current"), a_key("b"), a_key("c")), "at most 1 key may be standby, got 2"),
        ((a_key("a", "current"), a_key("a")), "same name"),
        ((a_key("../a", "current"),), "'../a'"),
        ((a_key("", "current"),), "''"),
    ],
)
def test_keys_that_can_not_be_used_together_are_refused(keys, said):
    assert said in check_keys(keys).error


def test_a_key_never_shows_its_material():
    assert "material" not in repr(KEYS)


@given(
    st.lists(st.tuples(st.sampled_from(["rotate", "revoke"]), st.integers(0, 9), st.integers(0, 200_000)))
)
def test_however_keys_are_changed_one_signs_and_one_is_next(changes):
    keys, now = (a_key("k0", "current"),), NOW
    for number, (change, which, passed_s) in enumerate(changes, 1):
        now += timedelta(seconds=passed_s)
        fresh = a_key(f"k{number}")
        keys = (
            rotate(keys, fresh, now, token_life_s=DAY_S)
            if change == "rotate"
            else revoke(keys, keys[which % len(keys)].kid, fresh, now).unwrap_or(keys)
        )
        assert check_keys(keys) == Ok(keys)
        assert all(bool(key.material) == (key.state != "revoked") for key in keys)


@given(st.integers(0, 5 * DAY_S), st.lists(st.integers(0, DAY_S), min_size=1, max_size=6))
def test_a_token_is_verified_through_its_whole_life_however_often_keys_are_rotated(
    signed_after_s, pauses_s
):
    keys, now = KEYS, NOW + timedelta(seconds=signed_after_s)
    (signer,) = [key.kid for key in keys if key.state == "current"]
    expires_at = now + timedelta(seconds=DAY_S)
    for number, pause_s in enumerate(pauses_s):
        now += timedelta(seconds=pause_s)
        keys = rotate(keys, a_key(f"n{number}"), now, token_life_s=DAY_S)
        assert now >= expires_at or signer in states(in_use(keys))
