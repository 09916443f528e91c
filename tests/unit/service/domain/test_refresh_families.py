from datetime import timedelta

import msgspec
import pytest
from contracts.builders import NOW, a_session, a_user
from hypothesis import given
from hypothesis import strategies as st

from service.domain.refresh_families import (
    MOST_USES,
    Family,
    FamilyRules,
    Presented,
    advance,
    hash_secret,
    new_token,
)

RULES = FamilyRules(session_s=1000, idle_s=100, grace_s=10)
SESSION = a_session(a_user(), expires_at=NOW + timedelta(seconds=1000))
FIRST = new_token(SESSION, b"first", NOW, RULES)


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def present(token, seconds, *, session=SESSION, successor=b"next"):
    return advance(Family(session, token), Presented(successor), after(seconds), RULES)


def used(token, seconds=0, uses=1):
    return msgspec.structs.replace(token, used_at=after(seconds), uses=uses)


def test_a_token_is_used_up_and_followed_by_one_that_lives_anew():
    rotation = present(FIRST, 50).value
    assert (rotation.used.used_at, rotation.used.uses) == (after(50), 1)
    assert (rotation.successor.token_hash, rotation.successor.expires_at) == (b"next", after(150))
    assert (rotation.successor.used_at, rotation.successor.session_id) == (None, SESSION.id)


@pytest.mark.parametrize(("seconds", "is_ok"), [(0, True), (9, True), (10, False), (99, False)])
def test_a_second_use_is_a_sibling_within_the_grace_and_a_theft_after_it(seconds, is_ok):
    assert present(used(FIRST), seconds).is_ok() == is_ok


def test_the_grace_counts_from_the_first_use_and_is_not_made_longer():
    again = present(used(FIRST), 9).value.used
    assert (again.used_at, again.uses) == (NOW, 2)
    assert present(again, 10).error == "refresh_reused"


def test_more_tabs_than_there_can_be_are_a_theft():
    assert present(used(FIRST, uses=MOST_USES - 1), 1).is_ok()
    assert present(used(FIRST, uses=MOST_USES), 1).error == "refresh_reused"


@pytest.mark.parametrize(("seconds", "is_ok"), [(99, True), (100, False)])
def test_a_token_that_was_idle_too_long_has_expired(seconds, is_ok):
    assert present(FIRST, seconds).is_ok() == is_ok


def test_no_token_outlives_its_session():
    late = new_token(SESSION, b"late", after(950), RULES)
    assert late.expires_at == SESSION.expires_at
    assert present(late, 1000).error == "session_ended"


def test_a_session_that_ended_is_not_refreshed():
    ended = msgspec.structs.replace(SESSION, ended_at=NOW)
    assert present(FIRST, 1, session=ended).error == "session_ended"


def test_a_stored_token_is_its_hash():
    assert len(hash_secret("secret")) == 32
    assert b"secret" not in hash_secret("secret")
    assert hash_secret("\ud800")


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), max_size=30))
def test_after_a_theft_nothing_of_the_family_is_good_for_anything(presentations):
    """A family as the stores keep it: tokens presented in any order, at any pace."""
    session, tokens, now, uses = SESSION, [FIRST], NOW, {}
    for number, (which, passed_s) in enumerate(presentations):
        now += timedelta(seconds=passed_s)
        index = which % len(tokens)
        before = tokens[index]
        verdict = advance(Family(session, before), Presented(b"%d" % number), now, RULES)
        if verdict.is_ok():
            assert session.is_live(now)
            assert before.used_at is None or now - before.used_at < timedelta(seconds=RULES.grace_s)
            assert verdict.value.successor.expires_at <= session.expires_at
            uses[index] = uses.get(index, 0) + 1
            assert uses[index] <= MOST_USES
            tokens[index] = verdict.value.used
            tokens.append(verdict.value.successor)
        elif verdict.error == "refresh_reused":
            session = msgspec.structs.replace(session, ended_at=now)
    assert session.ended_at is None or not any(
        advance(Family(session, token), Presented(b"x"), now, RULES).is_ok() for token in tokens
    )
