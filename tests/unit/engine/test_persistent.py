import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import PMap, PSet, PVector
from engine.persistent import BLOCK, keys_apart

few = settings(max_examples=60)
keys = st.integers(0, 30)
changes = st.lists(st.tuples(keys, st.none() | st.integers()), max_size=60)


def changed(items, key, value):
    return items.set(key, value) if value is not None else items.remove(key) if key in items else items


@few
@given(changes)
def test_a_map_is_what_a_dict_would_be_and_old_versions_stay(steps):
    versions = [(PMap(), {})]
    for key, value in steps:
        persistent, plain = versions[-1]
        kept = {k: v for k, v in plain.items() if k != key}
        versions.append((changed(persistent, key, value), kept | ({} if value is None else {key: value})))
    assert [dict(persistent) for persistent, _ in versions] == [plain for _, plain in versions]


@few
@given(changes, changes, changes)
def test_keys_at_which_relatives_differ_are_never_missed(before, ours, theirs):
    parent = PMap()
    for step in before:
        parent = changed(parent, *step)
    one = other = parent
    for step in ours:
        one = changed(one, *step)
    for step in theirs:
        other = changed(other, *step)
    for a, b in [(parent, one), (one, parent), (one, other)]:
        differing = {key for key in {*a, *b} if (key in a, a.get(key)) != (key in b, b.get(key))}
        assert differing <= set(keys_apart(a, b))


def test_a_map_is_compared_with_its_neighbour_at_the_changed_keys_only():
    whole = PMap({n: n for n in range(1000)})
    later = whole.set(3, 0).remove(5) | {7: 0}
    assert set(keys_apart(whole, later)) == set(keys_apart(later, whole)) == {3, 5, 7}


def test_what_a_map_remembers_of_its_changes_is_bounded():
    counted = PMap({"n": 0})
    for n in range(1000):
        counted = counted.set("n", n)
    assert counted._trail.length <= 16


def test_a_map_with_a_long_past_dies_without_a_deep_stack():
    long = PMap({n: n for n in range(200_000)})
    for n in range(25_000):
        long = long.set(n, 0)
    assert long._trail.length == 25_000
    del long


def test_update_takes_pairs_and_maps():
    assert PMap({"a": 1}).update([("b", 2)]) == PMap({"a": 1}) | PMap({"b": 2})


def test_a_key_that_is_not_there_can_not_be_removed():
    with pytest.raises(KeyError, match="gone"):
        PMap({"a": 1}).remove("gone")
    with pytest.raises(KeyError, match="gone"):
        PSet(["a"]).remove("gone")


@pytest.mark.parametrize("make", [lambda: PMap({"a": 1}), lambda: PVector([1, 2]), lambda: PSet([1, 2])])
def test_equal_values_have_equal_hashes_through_pickles(make):
    again = pickle.loads(pickle.dumps(make()))  # noqa: S301 (ours)
    assert (again, hash(again)) == (make(), hash(make()))


def test_what_holds_something_mutable_has_no_hash():
    with pytest.raises(TypeError, match="unhashable"):
        hash(PMap({"a": []}))
    with pytest.raises(TypeError, match="unhashable"):
        hash(PVector([[]]))


operations = st.lists(
    st.tuples(st.sampled_from(["append", "pop", "set"]), st.integers(0, 400), st.integers()), max_size=40
)


@few
@given(st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK]), operations)
def test_a_vector_is_what_a_list_would_be(size, steps):
    plain = list(range(size))
    persistent = PVector(plain)
    first = list(plain)
    start = persistent
    for name, index, value in steps:
        plain, persistent = {
            "append": lambda: ([*plain, value], persistent.append(value)),  # noqa: B023 (called at once)
            "pop": lambda: (plain[:-1], persistent.pop() if plain else persistent),  # noqa: B023
            "set": lambda: set_in_both(plain, persistent, index, value),  # noqa: B023
        }[name]()
        assert len(persistent) == len(plain)
    assert (list(persistent), persistent) == (plain, PVector(plain))
    assert list(start) == first
    assert [persistent[n] for n in range(-len(plain), len(plain))] == plain * 2


def set_in_both(plain, persistent, index, value):
    if not plain:
        return plain, persistent
    index %= len(plain)
    return [*plain[:index], value, *plain[index + 1 :]], persistent.set(index, value)


def test_a_vector_slices_and_adds_to_vectors():
    numbers = PVector(range(200))
    assert numbers[150:] + PVector([1]) == PVector([*range(150, 200), 1])


@pytest.mark.parametrize("index", [2, -3])
def test_an_index_outside_a_vector_is_told_with_its_size(index):
    with pytest.raises(IndexError, match=f"within a vector of 2 items, got {index}"):
        PVector([1, 2]).set(index, 0)


def test_an_empty_vector_has_nothing_to_pop():
    with pytest.raises(IndexError, match="got an empty vector"):
        PVector().pop()


@few
@given(st.sets(keys), st.sets(keys))
def test_sets_combine_as_those_of_python(one, other):
    a, b = PSet(one), PSet(other)
    assert (a | b, a & b, a - b, a ^ b) == (one | other, one & other, one - other, one ^ other)
    assert hash(a) == hash(frozenset(one))
