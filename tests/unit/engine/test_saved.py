import json
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Ok, PMap, PSet, PVector, Store, freeze, load_history, save_history, thaw, transition
from engine.errors import SavedStateError
from engine.plain import from_json, to_json

texts = st.sampled_from(["", "a", "$set", "$map", "format"])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
)
hashables = st.recursive(scalars, lambda parts: st.lists(parts, max_size=2).map(PVector), max_leaves=3)
values = st.recursive(
    scalars | st.sets(hashables, max_size=3).map(PSet),
    lambda parts: (
        st.lists(parts, max_size=3).map(PVector) | st.dictionaries(hashables, parts, max_size=3).map(PMap)
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(values)
def test_values_survive_json(value):
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@settings(max_examples=60)
@given(st.lists(values, max_size=5))
def test_a_history_survives_json_with_every_version(states):
    store = Store(lambda _: PMap(), Ok)
    for number, state in enumerate(states):
        store.apply(
            "one", transition("put", lambda old, new=state: Ok(old.set("value", new))), {"n": number}
        )
    history = store.history("one")
    again = load_history(json.loads(json.dumps(save_history(history)))).value
    assert (again.present, again.deltas) == (history.present, history.deltas)
    assert [again.at(n) for n in range(len(states) + 1)] == [history.at(n) for n in range(len(states) + 1)]


@dataclass(frozen=True)
class Settings:
    size: int


def test_other_states_are_saved_by_functions_of_the_caller():
    store = Store(lambda _: Settings(1), Ok)
    store.replace("one", 0, Settings(2))
    data = save_history(
        store.history("one"), lambda value: asdict(value) if isinstance(value, Settings) else value
    )
    loaded = load_history(data, lambda value: Settings(**value) if isinstance(value, dict) else value).value
    assert (loaded.present.state, loaded.at(0)) == (Settings(2), Ok(Settings(1)))


GOOD = {"format": 1, "version": 1, "state": 1, "deltas": []}
DELTA = {"version": 1, "name": "put", "edits": [], "metadata": {}}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "format must be 1, got None"),
        ({}, "format must be 1, got None"),
        (GOOD | {"format": 2}, "format must be 1, got 2"),
        (GOOD | {"format": True}, "format must be 1, got True"),
        ({"format": 1}, "must be whole, got KeyError: 'version'"),
        (GOOD | {"version": "1"}, "must be whole, got TypeError"),
        (GOOD | {"deltas": [{}]}, "must be whole, got KeyError: 'edits'"),
        (GOOD | {"version": 2, "deltas": [DELTA]}, r"lead to version 2 one by one, got \[1\]"),
        (GOOD | {"version": 0, "deltas": [DELTA | {"version": 0}]}, "lead to version 0 one by one"),
    ],
)
def test_data_of_another_format_or_damaged_is_an_error_that_says_so(data, told):
    with pytest.raises(SavedStateError, match=told):
        load_history(data).or_raise()


@pytest.mark.parametrize("value", [float("nan"), b"bytes", [1], PVector([{}]), PSet([(1,)])])
def test_what_json_can_not_hold_is_refused(value):
    with pytest.raises(SavedStateError, match="must be persistent or a scalar of JSON"):
        to_json(value)


def test_plain_containers_are_frozen_and_thawed_all_the_way():
    plain = {"a": [1, {"b": {2, 3}}], "c": ({"d": 1},)}
    frozen = freeze(plain)
    assert frozen == PMap({"a": PVector([1, PMap({"b": PSet([2, 3])})]), "c": (PMap({"d": 1}),)})
    assert thaw(frozen) == plain
