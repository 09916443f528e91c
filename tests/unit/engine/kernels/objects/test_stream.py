"""What a pass promises for each of its steps, over a list and over an iterator, measured or not."""

from __future__ import annotations

import gc
import sys

import pytest

from engine.errors import ReentrantError
from engine.kernels.objects.gauges import Gauges, Meter
from engine.kernels.objects.stream import CODES, Pass, Trail

# verb -> (access, count, extra) for a pass whose function gets each item
STEPS = {
    "map": ("call", 0, None),
    "filter": ("call", 0, None),
    "filter_map": ("call", 0, None),
    "try_map": ("call", 0, (KeyError,)),
    "flat_map": ("call", 0, None),
    "inspect": ("call", 0, None),
    "take_while": ("call", 0, None),
    "skip_while": ("call", 1, None),
    "starmap": ("star", 0, None),
}


class Countdown:
    """A bar that moves at each second item."""

    def begin(self):
        return 2

    def reached(self):
        return 2

    def end(self, left):
        assert 0 < left <= 2


# the others call nothing
QUIET = {
    "flatten": ("item", 0, None),
    "product": ("call", 0, ([1, 2],)),
    "enumerate": ("call", 0, 0),
    "take": ("call", 3, None),
    "skip": ("call", 2, None),
    "windows": ("call", 2, None),
    "chunks": ("call", 2, None),
    "zip": ("call", 0, ([1, 2, 3],)),
    "concat": ("call", 0, ([(9,)],)),
    "progress": ("call", 0, Countdown()),
}
SOURCES = {"list": list, "iterator": lambda items: iter(items)}

every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
measured = pytest.mark.parametrize("is_measured", [False, True])


def pass_of(items, source, verb, function, is_measured=False):
    access, count, extra = (STEPS | QUIET)[verb]
    steps = ((verb, access, function, count, extra, "the step"),)
    return Pass(lambda: source(items), steps, None, Trail(), True, Gauges(2) if is_measured else None)


def failing_at(position, error):
    seen = iter(range(100))

    def function(*item):
        if next(seen) == position:
            raise error
        return item

    return function


def test_every_verb_is_asked_about():
    assert {*STEPS, *QUIET, "scan"} == set(CODES)


@every_source
@measured
@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("position", range(3))
def test_an_error_at_any_position_is_passed_on_with_its_place(source, is_measured, verb, position):
    items = [(0,), (1,), (2,)]
    asked = min(position, 0) if verb == "skip_while" else position
    with pytest.raises(OSError, match="no value") as caught:
        pass_of(items, source, verb, failing_at(asked, OSError("no value")), is_measured).drain()
    assert caught.value.__notes__ == [f"in the step, item {asked}: ({asked},)"]


@every_source
@measured
@pytest.mark.parametrize("verb", STEPS)
def test_a_stop_iteration_at_any_position_is_no_end(source, is_measured, verb):
    for position in range(1 if verb == "skip_while" else 3):
        function = failing_at(position, StopIteration("early"))
        with pytest.raises(RuntimeError, match="a callback raised StopIteration"):
            pass_of([(0,), (1,), (2,)], source, verb, function, is_measured).drain()


@every_source
@measured
@pytest.mark.parametrize("verb", [*STEPS, *QUIET])
def test_no_reference_is_left_behind(source, is_measured, verb):
    items = [(object(),) for _ in range(6)]
    before = [(sys.getrefcount(item), sys.getrefcount(item[0])) for item in items]
    for position in range(8):
        one_pass = pass_of(items, source, verb, failing_at(position, OSError("no value")), is_measured)
        try:
            one_pass.drain()
        except OSError as error:
            error.__traceback__ = None
        abandoned = pass_of(items, source, verb, failing_at(9, OSError()), is_measured)
        next(abandoned, None)
        abandoned.close()
    del one_pass, abandoned
    gc.collect()
    assert [(sys.getrefcount(item), sys.getrefcount(item[0])) for item in items] == before


@every_source
@measured
@pytest.mark.parametrize("verb", [*STEPS, *QUIET])
def test_counting_counts_what_draining_gives(source, is_measured, verb):
    def run():
        return pass_of([(n,) for n in range(5)], source, verb, lambda *item: item, is_measured)

    assert run().count() == len(run().drain()) == len(list(run()))


def test_a_list_emptied_by_a_step_can_not_crash():
    items = [[n] for n in range(100)]
    assert pass_of(items, lambda same: same, "map", lambda item: items.clear()).drain() == [None]


def test_a_list_that_grows_is_read_to_its_end():
    items = [0]

    def grow(item):
        if len(items) < 50:
            items.append(item + 1)
        return item

    assert pass_of(items, lambda same: same, "map", grow).drain() == list(range(50))


@pytest.mark.parametrize("pull", [next, list, Pass.drain, Pass.count])
def test_a_callback_that_pulls_from_its_own_pass_is_refused(pull):
    held = []
    held.append(pass_of([1, 2], iter, "map", lambda _: pull(held[0])))
    with pytest.raises(ReentrantError):
        pull(held[0])


def test_gauges_count_each_step_and_what_leaves_the_last():
    gauges = Gauges(3)
    steps = (("filter", "call", lambda n: n % 2, 0, None, None), ("flat_map", "call", range, 0, None, None))
    Pass(lambda: list(range(200)), steps, None, Trail(), True, gauges).drain()
    assert [came for came, _ in gauges.read()] == [200, 100, 10_000]


def test_too_few_gauges_are_refused():
    with pytest.raises(ValueError, match="gauges must be 2, got 1"):
        Pass(list, (("map", "call", abs, 0, None, None),), None, Trail(), True, Gauges(1))


def test_a_meter_counts_what_comes_through_and_closes_what_is_above():
    closed = []

    def source():
        try:
            yield from range(5)
        finally:
            closed.append(True)

    meter = Meter(source())
    assert [next(meter), next(meter)] == [0, 1]
    meter.close()
    assert (meter.gauges.read()[0][0], closed) == (2, [True])


@every_source
@pytest.mark.parametrize("verb", ["map", "inspect"])
def test_a_pass_drains_for_a_while_and_goes_on_where_it_was(verb, source):
    items = source(list(range(9)))
    made = Pass(lambda: items, ((verb, "call", abs, 0, None, "step"),), None, Trail())
    assert made.drain_for(0) == ([0], False)
    assert made.number() == 0
    assert made.drain_for(60) == (list(range(1, 9)), True)
    assert made.drain_for(60) == ([], True)
