"""What every object kernel promises, whatever it computes."""

from __future__ import annotations

import gc
import os
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest
from reference.kernels import ALL, EAGER, LAZY

from engine.errors import ReentrantError
from engine.kernels.objects import chunk, lazy, merge, unique

every_kernel = pytest.mark.parametrize("kernel", ALL.values(), ids=ALL)
every_lazy_kernel = pytest.mark.parametrize("kernel", LAZY.values(), ids=LAZY)
every_eager_kernel = pytest.mark.parametrize("kernel", EAGER.values(), ids=EAGER)


def failing_at(position, error):
    def key(item):
        if item == position:
            raise error
        return item

    return key


def same(item):
    return item


@every_kernel
@pytest.mark.parametrize("position", range(4))
def test_a_key_that_raises_at_any_position_passes_its_error_on(kernel, position):
    with pytest.raises(OSError, match="no key"):
        kernel([0, 1, 2, 3], failing_at(position, OSError("no key")))


@every_kernel
@pytest.mark.parametrize("position", range(4))
def test_stop_iteration_from_a_key_does_not_look_like_the_end(kernel, position):
    with pytest.raises(RuntimeError, match="a callback raised StopIteration") as raised:
        kernel([0, 1, 2, 3], failing_at(position, StopIteration("early")))
    assert isinstance(raised.value.__cause__, StopIteration)


@every_kernel
def test_a_source_that_raises_passes_its_error_on(kernel):
    def source():
        yield 1
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        kernel(source(), same)


@every_kernel
def test_what_can_not_be_iterated_is_refused(kernel):
    with pytest.raises(TypeError):
        kernel(5, None)


@every_kernel
def test_a_source_emptied_by_the_key_can_not_crash(kernel):
    items = [object() for _ in range(100)]

    def key(item):
        items.clear()
        return id(item)

    assert kernel(items, key) is not None


@every_kernel
def test_a_source_that_grows_under_the_key_can_not_crash(kernel):
    items = list(range(50))

    def key(item):
        items[:] = items[:1] * 60 if len(items) < 60 else items
        return item

    assert kernel(items, key) is not None


@every_lazy_kernel
def test_a_key_that_pulls_from_its_own_step_is_refused(kernel):
    held = []
    held.append(kernel([0, 1, 2], lambda item: next(held[0])))
    with pytest.raises(ReentrantError):
        list(held[0])


@every_lazy_kernel
def test_a_key_that_closes_its_own_step_is_refused(kernel):
    held = []
    held.append(kernel([0, 1, 2], lambda item: held[0].close()))
    with pytest.raises(ReentrantError):
        list(held[0])


@every_lazy_kernel
def test_the_end_stays_the_end(kernel):
    iterator = kernel([0, 1, 2, 2], None)
    assert list(iterator)
    assert list(iterator) == []
    iterator.close()


@every_lazy_kernel
def test_closing_closes_a_generator_that_others_hold(kernel):
    closed = []

    def source():
        try:
            yield from (0, 1, 2)
        finally:
            closed.append(True)

    upstream = source()
    next(upstream)
    iterator = kernel(upstream, None)
    iterator.close()
    assert closed == [True]
    assert list(iterator) == []


@every_lazy_kernel
def test_deleting_drops_the_source_at_once(kernel):
    closed = []

    def source():
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    upstream = source()
    next(upstream)
    iterator = kernel(upstream, None)
    del upstream
    assert not closed
    del iterator
    assert closed == [True]


def test_closing_closes_every_input_even_when_one_refuses():
    class Refusing:
        def __iter__(self):
            return self

        __next__ = None

        def close(self):
            raise OSError("stays open")

    closed = []

    def source():
        try:
            yield 1
        finally:
            closed.append(True)

    upstream = source()
    next(upstream)
    refusing = type("Iterator", (Refusing,), {"__next__": lambda self: 1})()
    with pytest.raises(OSError, match="stays open"):
        merge.iter_merged([refusing, upstream]).close()
    assert closed == [True]


@every_lazy_kernel
def test_a_cycle_through_a_kernel_is_collected(kernel):
    closed = []

    def source(held):
        try:
            yield held
        finally:
            closed.append(True)

    held = []
    upstream = source(held)
    next(upstream)
    held.append(kernel(upstream, None))
    del held, upstream
    gc.collect()
    assert closed == [True]


@pytest.mark.parametrize("kernel", [chunk.iter_runs, unique.iter_unique, unique.iter_dedup])
def test_a_tower_of_kernels_can_be_dropped(kernel):
    tower = iter(())
    for _ in range(100_000):
        tower = kernel(tower)
    del tower


def test_a_kernel_made_without_its_arguments_is_refused():
    with pytest.raises(TypeError):
        type(chunk.iter_runs(()))()
    assert list(lazy.Lazy()) == []


@every_eager_kernel
def test_the_collector_is_left_as_it_was_found(kernel):
    kernel([1, 2], None)
    assert gc.isenabled()
    with pytest.raises(OSError, match="no key"):
        kernel([1, 2], failing_at(2, OSError("no key")))
    assert gc.isenabled()
    gc.disable()
    try:
        kernel([1, 2], None)
        assert not gc.isenabled()
    finally:
        gc.enable()


@every_lazy_kernel
def test_threads_that_share_an_iterator_get_items_or_a_refusal(kernel):
    iterator = kernel(iter(range(20_000)), lambda item: item // 2)
    unexpected = []

    def pull():
        try:
            for _ in iterator:
                pass
        except ReentrantError:
            pass
        except BaseException as error:
            unexpected.append(error)

    threads = [threading.Thread(target=pull) for _ in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert unexpected == []


def run_at_every_failing_position(kernel, items):
    kernel(items, lambda item: item[0])
    for position in range(len(items)):
        with pytest.raises(OSError, match="no key"):
            kernel(items, lambda item, position=position: failing_at(position, OSError("no key"))(item[0]))


@every_kernel
def test_no_reference_is_left_behind(kernel):
    items = [(number, object()) for number in range(6)]
    before = [sys.getrefcount(item) for item in items]
    for _ in range(5):
        run_at_every_failing_position(kernel, items)
        kernel(items, 0)
        kernel(items, None)
    gc.collect()  # errors and the frames they passed through are cycles
    assert [sys.getrefcount(item) for item in items] == before


@every_kernel
def test_memory_does_not_grow_with_use(kernel):
    items = [(float(number), "text") for number in range(6)]
    tracemalloc.start()
    try:
        for _ in range(3):
            run_at_every_failing_position(kernel, items)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(20):
            run_at_every_failing_position(kernel, items)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()


def test_the_sanitized_kernels_are_the_ones_tested_when_asked_for():
    site = os.environ.get("SANITIZED_SITE")
    library = Path(chunk.__file__).resolve()
    assert library.is_relative_to(Path(site or "/").resolve())
    assert (b"__asan_init" in library.read_bytes()) == (site is not None)
