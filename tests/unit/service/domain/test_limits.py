"""Limits by their rules: who is let in, who waits, and how long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.limits import Charge, Limit, charge_all, is_refused, tightest

KINDS = ("window", "fixed", "bucket")


def charged(limit, times_s):
    """When of `times_s` the subject was let in, and the standing after the last."""
    counters, let_in, standing = {}, [], None
    for now_s in times_s:
        (standing,), changed = charge_all(counters, [Charge(limit, "ada")], now_s)
        counters |= changed
        if not standing.wait_s:
            let_in.append(now_s)
    return let_in, standing


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_as_the_limit_says_get_in_at_once(kind):
    assert len(charged(Limit("x", kind, 5, 60), [0.0] * 9)[0]) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_who_waits_as_long_as_told_gets_in(kind):
    limit = Limit("x", kind, 3, 60)
    _, refused = charged(limit, [100.0, 101.0, 102.0, 103.0])

    assert refused.wait_s > 0
    let_in, _ = charged(limit, [100.0, 101.0, 102.0, 103.0, 103.0 + refused.wait_s + 1e-6])
    assert len(let_in) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_after_the_reset_all_of_the_limit_is_there_again(kind):
    limit = Limit("x", kind, 3, 60)
    _, standing = charged(limit, [100.0, 110.0])

    assert charged(limit, [100.0, 110.0, 110.0 + standing.reset_s + 1e-6])[1].remaining == 2


def test_a_fixed_window_begins_anew_with_the_period():
    assert len(charged(Limit("x", "fixed", 2, 60), [59.0, 59.5, 59.9, 60.0, 60.1, 60.2])[0]) == 4


def test_a_bucket_fills_up_a_token_at_a_time():
    let_in, _ = charged(Limit("x", "bucket", 50, 1), [0.0] * 50 + [0.02, 0.02, 0.04, 0.05])
    assert len(let_in) == 52


@given(st.lists(st.floats(0, 300), max_size=60).map(sorted), st.integers(1, 8))
def test_no_sliding_window_ever_holds_more_than_the_limit(times_s, count):
    let_in, _ = charged(Limit("x", "window", count, 60), times_s)
    for began_s in let_in:
        assert sum(began_s <= time_s < began_s + 60 for time_s in let_in) <= count


@given(st.lists(st.floats(0, 300), max_size=60).map(sorted), st.integers(1, 8))
def test_a_sliding_window_is_at_most_a_sixtieth_stricter_than_it_says(times_s, count):
    let_in, _ = charged(Limit("x", "window", count, 60), times_s)
    for refused_s in set(times_s) - set(let_in):
        assert sum(refused_s - 61 <= time_s <= refused_s for time_s in let_in) >= count


def test_all_limits_are_charged_or_none():
    tight, wide = Limit("tight", "fixed", 1, 60), Limit("wide", "fixed", 9, 60)
    charges = [Charge(tight, "ada"), Charge(wide, "ada")]
    _, counters = charge_all({}, charges, 0.0)

    standings, changed = charge_all(counters, charges, 1.0)

    assert is_refused(standings)
    assert changed == {}
    assert tightest(standings).limit == tight


def test_the_tightest_is_the_one_with_the_least_left():
    limits = [Limit("a", "fixed", 9, 60), Limit("b", "window", 2, 60), Limit("c", "bucket", 5, 1)]
    standings, _ = charge_all({}, [Charge(limit, "ada") for limit in limits], 0.0)

    assert tightest(standings).limit.name == "b"
