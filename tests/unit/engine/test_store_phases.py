"""A store keeps to the table of phases: where a key rests after each event, and what is seen meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Err, Event, Ok, Phase, Store, Versioned, transition
from engine.errors import InvalidState
from engine.phases import advance


def counting(first=0):
    return Store(lambda _: first, lambda n: Ok(n) if n >= 0 else Err("negative"))


def add(n):
    return transition(f"add {n}", lambda count: Ok(count + n))


def touched(store):
    store.apply("one", add(1))
    return store


def broken():
    store = counting(-1)
    with pytest.raises(InvalidState):
        store.get("one")
    return store


RECOVERED = (Event.HANDLED, Event.RECOVERED)
REFUSING = transition("refuse", lambda _: Err("refused"))


@pytest.mark.parametrize(
    ("store", "act", "events"),
    [
        (counting(), lambda store: store.get("one"), (Event.CREATED, Event.FOUND_VALID)),
        (
            counting(-1),
            lambda store: store.apply("one", add(1)),
            (Event.CREATED, Event.FOUND_INVALID, Event.HANDLED, Event.RECOVERY_FAILED),
        ),
        (
            touched(counting()),
            lambda store: store.apply("one", add(1)),
            (Event.TRANSFORMATION_STARTED, Event.TRANSFORMED, Event.UPDATE_REQUESTED, Event.UPDATED),
        ),
        (
            touched(counting()),
            lambda store: store.apply("one", REFUSING),
            (Event.TRANSFORMATION_STARTED, Event.TRANSFORMATION_FAILED, *RECOVERED),
        ),
        (
            touched(counting()),
            lambda store: store.apply("one", add(-9)),
            (Event.UPDATE_REQUESTED, Event.UPDATE_REFUSED, *RECOVERED),
        ),
        (
            touched(counting()),
            lambda store: store.commit(store.prepare("one", add(1)).value),
            (Event.SAVE_REQUESTED, Event.SAVED),
        ),
        (
            touched(counting()),
            lambda store: store.prepare("one", add(1)),  # and what should save it fails: it is dropped
            (Event.SAVE_REQUESTED, Event.SAVE_FAILED, *RECOVERED),
        ),
        (
            touched(counting()),
            lambda store: store.forget("one"),
            (Event.SHUTDOWN_REQUESTED, Event.CLEANED_UP),
        ),
        (broken(), lambda store: store.forget("one"), (Event.SHUT_DOWN,)),
    ],
    ids=lambda value: value[-1].value if isinstance(value, tuple) else "",
)
def test_a_key_rests_where_the_table_leads(store, act, events):
    expected = advance(store.phase("one"), *events)
    act(store)
    assert Ok(store.phase("one")) == expected


@pytest.mark.parametrize(
    "fail",
    [
        lambda store: store.apply("one", REFUSING),
        lambda store: store.apply("one", add(-9)),
        lambda store: store.prepare("one", add(1)),
        lambda store: store.rollback("one", 7),
        lambda store: store.replace("one", 7, 5),
    ],
)
def test_whatever_fails_keeps_the_state_before_it(fail):
    store = touched(counting())
    fail(store)
    assert (store.get("one"), len(store.history("one").deltas)) == (Versioned(1, 1), 1)


def test_while_a_change_is_on_its_way_all_others_see_the_state_before_it():
    """Several changes of a key can be on their way at once, each in a phase of its own."""
    seen = []

    def look():
        return pool.submit(lambda: (store.phase("one"), store.get("one"))).result()

    def validated(count):
        seen.extend(
            [look()] if count else []
        )  # not of the first state, which is 0: there is none before it
        return Ok(count)

    def slow(count):
        seen.append(look())
        return Ok(count + 1)

    store = Store(lambda _: 0, validated)
    with ThreadPoolExecutor(1) as pool:
        store.apply("one", slow)
    assert seen == [(Phase.ACTIVE, Versioned(0, 0))] * 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(-2, 3), max_size=6), min_size=2, max_size=4))
def test_what_threads_do_to_a_key_is_what_one_of_them_could_have_done(plans):
    store = counting()
    with ThreadPoolExecutor(len(plans)) as pool:
        done = list(pool.map(lambda plan: [(n, store.apply("one", add(n))) for n in plan], plans))
    took_effect = sorted(
        (result.value.version, n, result.value.state)
        for some in done
        for n, result in some
        if result.is_ok()
    )
    states = [0, *(state for _, _, state in took_effect)]
    assert [version for version, _, _ in took_effect] == list(range(1, len(states)))
    assert [before + n for before, (_, n, _) in zip(states, took_effect, strict=False)] == states[1:]
    assert all(in_order(some, states) for some in done)


def in_order(some, states):
    """A thread's changes have versions in its order; what was refused was wrong for a state in between."""
    last = len(states) - 1
    after = [result.value.version if result.is_ok() else None for _, result in some]
    least, most = [0], [last]
    for version in after:
        least.append(least[-1] if version is None else version)
    for version in reversed(after):
        most.append(most[-1] if version is None else version)
    windows = zip(some, least, reversed(most[:-1]), strict=False)
    rising = all(one < two for one, two in pairwise(filter(None, after)))
    return rising and all(
        result.is_ok() or any(state + n < 0 for state in states[low : high + 1])
        for (n, result), low, high in windows
    )
