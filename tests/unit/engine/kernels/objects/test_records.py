"""Kernels that read records in place give what plain Python gives, for records of every kind."""

from __future__ import annotations

import gc
import operator
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import objects as reference
from reference.records import NAN, SHAPES, Number, plain_keys, records

from engine.kernels.objects import chunk, group, unique
from engine.kernels.objects.place import Place
from engine.kernels.objects.stream import Trail


def listed(kernel):
    return lambda *given: list(kernel(*given))


PAIRS = {
    "iter_runs": (listed(chunk.iter_runs), reference.runs),
    "collect_runs": (chunk.collect_runs, reference.runs),
    "collect_groups": (group.collect_groups, reference.groups),
    "count_keys": (group.count_keys, reference.counted),
    "iter_unique": (listed(unique.iter_unique), reference.unique),
    "collect_unique": (unique.collect_unique, reference.unique),
    "iter_dedup": (listed(unique.iter_dedup), reference.dedup),
    "collect_dedup": (unique.collect_dedup, reference.dedup),
    "iter_duplicates": (listed(unique.iter_duplicates), reference.duplicates),
    "collect_duplicates": (unique.collect_duplicates, reference.duplicates),
}
every_pair = pytest.mark.parametrize(("kernel", "plain"), PAIRS.values(), ids=PAIRS)
SOURCES = {"list": list, "tuple": tuple, "generator": lambda items: (item for item in items)}
every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
sources = st.sampled_from([*SOURCES.values()])
specs = st.sampled_from(["name", operator.itemgetter("name"), lambda item: item["name"]])


@every_pair
@settings(max_examples=4 * settings.default.max_examples)
@given(source=sources, spec=specs, items=records)
def test_records_give_what_plain_python_gives(kernel, plain, source, spec, items):
    assert repr(kernel(source(items), spec)) == repr(plain(items, "name"))


@every_pair
@pytest.mark.parametrize("position", [1, -1, operator.itemgetter(1)])
@given(source=sources, drawn=st.lists(plain_keys), make=st.sampled_from([list, tuple]))
def test_sequences_give_what_plain_python_gives(kernel, plain, position, source, drawn, make):
    items = [make((serial, key)) for serial, key in enumerate(drawn)]
    assert repr(kernel(source(items), position)) == repr(plain(items, 1))


@every_pair
@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513, 1000])
@pytest.mark.parametrize("length", [1, 3, 256, 2000])
def test_blocks_do_not_show(kernel, plain, size, length):
    items = [{"serial": serial, "name": serial // length % 300} for serial in range(size)]
    assert kernel(items, "name") == plain(items, "name")
    assert kernel([*items, {"name": Number(0)}], "name") == plain([*items, {"name": Number(0)}], "name")


@every_pair
@every_source
@pytest.mark.parametrize("size", [1, 300])
def test_a_missing_field_is_a_key_error(kernel, plain, source, size):
    items = [{"name": 1} for _ in range(size)]
    del items[-1]["name"]
    with pytest.raises(KeyError, match="name"):
        kernel(source(items), "name")


@every_pair
@pytest.mark.parametrize("size", [1, 300])
def test_a_position_out_of_bounds_is_an_index_error(kernel, plain, size):
    with pytest.raises(IndexError):
        kernel([*[(1, 2)] * size, (1,)], 1)


@every_pair
@every_source
@pytest.mark.parametrize("position", [0, 1, 299])
def test_an_error_says_step_and_item(kernel, plain, source, position):
    items = [{"name": 1} for _ in range(300)]
    items[position] = {"other": 1}
    with pytest.raises(KeyError) as raised:
        kernel(source(items), "name", Place("step('name')", Trail()))
    assert raised.value.__notes__ == [f"in step('name'), item {position}: {{'other': 1}}"]


@every_pair
def test_an_error_of_the_source_has_no_item(kernel, plain):
    def source():
        yield {"name": 1}
        raise OSError("gone")

    with pytest.raises(OSError, match="gone") as raised:
        kernel(source(), "name", Place("step", Trail()))
    assert not hasattr(raised.value, "__notes__")


@every_pair
def test_an_error_of_a_comparison_has_its_place(kernel, plain):
    class Refusing:
        __hash__ = object.__hash__

        def __eq__(self, other):
            raise OSError("not comparable")

        def __repr__(self):
            return "Refusing"

    one = Refusing()
    other = type("Same", (Refusing,), {"__hash__": lambda self: hash(one)})()
    with pytest.raises(OSError, match="not comparable") as raised:
        kernel([one, other], None, Place("step", Trail()))
    assert raised.value.__notes__ == ["in step, item 1: Refusing"]


@every_pair
def test_every_nan_is_one_key(kernel, plain):
    items = [{"name": float("nan")} for _ in range(3)]
    assert repr(kernel(items, "name")) == repr(plain(items, "name"))


@every_pair
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_no_reference_to_a_record_is_left_behind(kernel, plain, shape):
    held = [weakref.ref(token) for token in released_after(kernel, shape)]
    gc.collect()
    assert [reference() for reference in held] == [None] * 5


def released_after(kernel, shape):
    tokens = [Number(serial // 2) for serial in range(5)]
    kernel([shape(serial // 2, token) for serial, token in enumerate(tokens)], "name")
    kernel([shape(token, serial) for serial, token in enumerate(tokens)], "name")
    return tokens


@pytest.mark.parametrize(
    "change", [list.clear, list.reverse, lambda items: items.extend(items[:3]), list.pop]
)
@pytest.mark.parametrize(
    "kernel", [chunk.iter_runs, unique.iter_unique, unique.iter_dedup, unique.iter_duplicates]
)
@pytest.mark.parametrize("key", ["name", lambda item: item["name"]])
def test_a_list_changed_between_two_items_is_read_as_its_iterator_reads_it(change, kernel, key):
    def seen(view):
        items = [{"name": serial // 3 % 4, "serial": serial} for serial in range(30)]
        found = []
        for item in kernel(view(items), key):
            found.append(repr(item))
            if len(found) in {2, 4}:
                change(items)
        return found

    assert seen(lambda items: items) == seen(iter)


def test_a_finalizer_that_empties_the_list_can_not_crash():
    class Emptying:
        def __del__(self):
            items.clear()

    items = [(serial // 3, Emptying()) for serial in range(30)]
    runs = chunk.iter_runs(items, 0)
    next(runs)
    gc.collect()
    items[:10] = []
    assert [key for key, _ in runs] == [1]


def test_what_stands_for_nan_is_given_as_the_key():
    assert repr(group.collect_groups([NAN, -NAN])) == "{nan: [nan, nan]}"
