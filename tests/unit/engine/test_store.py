import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Err, Ok, Phase, PMap, Store, Versioned, replacing, transition
from engine.errors import InvalidState, PhaseRefused, StateError, UnknownVersion, VersionConflict
from engine.histories import replay
from engine.state import MOST_ATTEMPTS


def counting():
    return Store(lambda _: 0, lambda n: Ok(n) if n >= 0 else Err("negative"))


def add(n):
    return transition(f"add {n}", lambda count: Ok(count + n))


def test_tenants_share_nothing():
    store = counting()
    store.apply("one", add(5))
    assert (store.get("one"), store.get("other")) == (Versioned(5, 1), Versioned(0, 0))
    assert store.history("other").deltas == ()


@pytest.mark.parametrize(
    ("step", "reason"), [(add(-3), "negative"), (transition("no", lambda _: Err("refused")), "refused")]
)
def test_a_transition_that_fails_keeps_the_state_its_history_and_its_phase(step, reason):
    store = counting()
    store.apply("one", add(1))
    before = store.history("one")
    assert store.apply("one", step) == Err(reason)
    assert (store.history("one"), store.phase("one")) == (before, Phase.ACTIVE)


def test_what_a_transition_raises_comes_through_and_the_state_stays():
    store = counting()
    with pytest.raises(ZeroDivisionError):
        store.apply("one", lambda count: Ok(1 // count))
    assert (store.get("one"), store.phase("one")) == (Versioned(0, 0), Phase.ACTIVE)


def test_a_validation_may_give_a_tidier_state():
    assert Store(lambda _: " a ", lambda text: Ok(text.strip())).get("one").state == "a"


def test_the_history_tells_name_edits_and_metadata():
    store = Store(lambda _: PMap({"n": 0}), Ok)
    about = {"actor": "ada"}
    store.apply("one", transition("raise n", lambda state: Ok(state.set("n", 1))), about)
    about["actor"] = "changed later"
    (delta,) = store.history("one").deltas
    assert (delta.version, delta.name, delta.metadata) == (1, "raise n", PMap({"actor": "ada"}))
    assert [edit.path for edit in delta.edits] == [("n",)]


def test_a_plain_function_goes_by_its_own_name():
    def doubled(count):
        return Ok(count * 2)

    store = counting()
    store.apply("one", doubled)
    assert store.history("one").deltas[0].name == "doubled"


def test_a_prepared_change_is_seen_by_nobody_until_it_is_committed():
    store = counting()
    change = store.prepare("one", add(2)).value
    assert store.get("one") == Versioned(0, 0)
    assert store.commit(change) == Ok(Versioned(2, 1))
    assert store.get("one") == Versioned(2, 1)


def test_of_two_prepared_changes_the_second_is_told_both_versions():
    store = counting()
    first, second = store.prepare("one", add(2)).value, store.prepare("one", add(3)).value
    store.commit(first)
    lost = store.commit(second).error
    assert (type(lost), lost.expected, lost.actual) == (VersionConflict, 0, 1)
    assert store.get("one") == Versioned(2, 1)


def test_a_change_can_not_be_committed_twice():
    store = counting()
    change = store.prepare("one", add(2)).value
    store.commit(change)
    assert not store.commit(change).is_ok()


@pytest.mark.parametrize("leave", [lambda store: store.forget("one"), lambda store: restore_same(store)])
def test_a_change_from_before_a_restart_loses(leave):
    store = counting()
    change = store.prepare("one", add(2)).value
    leave(store)
    assert isinstance(store.commit(change).error, VersionConflict)


def restore_same(store):
    store.restore("one", store.history("one"))


def test_replace_asks_for_the_version_that_was_read():
    store = counting()
    assert store.replace("one", 0, 7) == Ok(Versioned(7, 1))
    assert str(store.replace("one", 0, 9).error) == "version must be 0, got 1"
    assert store.replace("one", 1, -1) == Err("negative")


def test_a_rollback_is_a_new_version_and_can_be_undone():
    store = counting()
    for n in (1, 2, 3):
        store.apply("one", add(n))
    assert store.rollback("one", 1) == Ok(Versioned(1, 4))
    assert store.rollback("one", 3) == Ok(Versioned(6, 5))
    assert [store.at("one", version).value for version in range(6)] == [0, 1, 3, 6, 1, 6]


@pytest.mark.parametrize("version", [-1, 3])
def test_a_version_that_never_was_is_an_error_with_the_known_ones(version):
    store = counting()
    store.apply("one", add(1))
    store.apply("one", add(1))
    error = store.rollback("one", version).error
    assert (type(error), str(error)) == (UnknownVersion, f"version must be from 0 to 2, got {version}")


def test_a_bounded_history_forgets_the_oldest_versions():
    store = Store(lambda _: 0, Ok, snapshot_every=2, keep=3)
    for _ in range(10):
        store.apply("one", add(1))
    assert [store.at("one", version).unwrap_or(None) for version in range(11)] == [None] * 7 + [7, 8, 9, 10]
    assert set(store.history("one").snapshots) == {8, 10}


def test_a_history_of_nothing_still_has_the_present():
    store = Store(lambda _: 0, Ok, keep=0)
    store.apply("one", add(1))
    assert (store.at("one", 1), store.history("one").deltas) == (Ok(1), ())


def test_an_initial_state_that_is_refused_fails_the_key_until_it_is_forgotten():
    allowed = []
    store = Store(lambda _: 0, lambda n: Ok(n) if allowed else Err("not yet"))
    with pytest.raises(InvalidState, match="not yet"):
        store.get("one")
    assert store.phase("one") is Phase.FAILED
    assert isinstance(store.apply("one", add(1)).error, PhaseRefused)
    allowed.append(1)
    assert store.forget("one") == Ok(Phase.UNINITIALIZED)
    assert store.apply("one", add(1)) == Ok(Versioned(1, 1))


def test_a_failed_key_recovers_by_a_saved_state():
    store = Store(lambda _: -1, lambda n: Ok(n) if n >= 0 else Err("negative"))
    saved = counting()
    saved.apply("one", add(4))
    assert not store.apply("one", add(1)).is_ok()
    assert store.restore("one", saved.history("one")) == Ok(Versioned(4, 1))
    assert (store.phase("one"), store.at("one", 0)) == (Phase.ACTIVE, Ok(0))


def test_a_saved_state_that_is_refused_leaves_the_present_one():
    store = counting()
    store.apply("one", add(4))
    bad = Store(lambda _: -5, Ok).history("one")
    assert store.restore("one", bad) == Err("negative")
    assert store.get("one") == Versioned(4, 1)


def test_a_key_that_was_never_used_can_not_be_forgotten():
    assert isinstance(counting().forget("one").error, PhaseRefused)


def test_a_step_that_changes_its_own_key_is_given_up():
    store = counting()

    def restless(count):
        store.apply("one", add(1))
        return Ok(count)

    assert isinstance(store.apply("one", restless).error, VersionConflict)
    assert store.get("one").version == MOST_ATTEMPTS


@pytest.mark.parametrize(
    ("options", "told"), [({"snapshot_every": 0}, "1, got 0"), ({"keep": -1}, "0, got -1")]
)
def test_options_out_of_bounds_are_refused(options, told):
    with pytest.raises(StateError, match=f"must be at least {told}"):
        Store(lambda _: 0, Ok, **options)


@pytest.mark.parametrize("error", [VersionConflict(1, 2), UnknownVersion(3, 0, 2), PhaseRefused("a", "b")])
def test_errors_survive_pickles(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (ours)
    assert (type(again), str(again)) == (type(error), str(error))


keys = st.sampled_from("ab")
values = st.integers(0, 3)
steps = st.lists(
    st.tuples(st.sampled_from(["set", "fail", "rollback", "lose", "replace"]), keys, values), max_size=25
)


def put(key, value):
    return transition("put", lambda state: Ok(state.set(key, value)))


def do_set(store, states, key, value):
    store.apply("one", put(key, value))
    return states[-1].set(key, value)


def do_fail(store, states, key, value):
    store.apply("one", transition("fail", lambda _: Err("refused")))


def do_rollback(store, states, key, value):
    version = value % len(states)
    store.rollback("one", version)
    return states[version]


def do_lose(store, states, key, value):
    change = store.prepare("one", put(key, value)).value
    store.apply("one", put(key, 9))
    store.commit(change)
    return states[-1].set(key, 9)


def do_replace(store, states, key, value):
    store.replace("one", len(states) - 1, PMap({key: value}))
    return PMap({key: value})


ACTIONS = {"set": do_set, "fail": do_fail, "rollback": do_rollback, "lose": do_lose, "replace": do_replace}


@settings(max_examples=60)
@given(steps)
def test_the_history_reaches_every_state_that_ever_was(done):
    store = Store(lambda _: PMap(), Ok, snapshot_every=3)
    states = [PMap()]
    for name, key, value in done:
        after = ACTIONS[name](store, states, key, value)
        states += [] if after is None else [after]
    history = store.history("one")
    assert [history.at(version).value for version in range(len(states))] == states
    assert store.get("one") == Versioned(states[-1], len(states) - 1)
    for version, snapshot in [(0, PMap()), *history.snapshots.items()]:
        assert replay(snapshot, history.deltas[version:]) == states[-1]


@pytest.fixture
def _often_switching():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_often_switching")
def test_changes_of_many_threads_take_effect_one_after_the_other():
    store = counting()
    key_of = ("one", "other")

    def work(number):
        return [store.apply(key_of[number % 2], add(1)).value for _ in range(150)]

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(work, range(4)))
    for which in range(2):
        versions = sorted(
            one.version for number, some in enumerate(seen) if number % 2 == which for one in some
        )
        assert versions == list(range(1, 301))
    assert all(one.state == one.version for some in seen for one in some)
    assert all(one.version < two.version for some in seen for one, two in pairwise(some))


@pytest.mark.usefixtures("_often_switching")
def test_of_threads_that_commit_the_same_version_one_wins():
    store = counting()
    changes = [store.prepare("one", replacing(n)).value for n in range(50)]
    with ThreadPoolExecutor(4) as pool:
        won = [result for result in pool.map(store.commit, changes) if result.is_ok()]
    assert [one.value for one in won] == [store.get("one")]
