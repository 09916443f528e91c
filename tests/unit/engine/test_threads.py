"""Calls on threads: order, bounds, errors and the ways out; arrays by blocks; pools of one's own."""

import itertools
import os
import threading
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain, Pool
from engine import par_map as map_array
from engine.errors import PlanError
from engine.threads import workers_available


def par_map(f, items, workers=None):
    if isinstance(items, np.ndarray):
        return map_array(f, items, workers)
    return iter(Chain(items).par(workers, backend="threads", io=True).map(f))


several = pytest.mark.parametrize("workers", [1, 2, 5])


class Source:
    """An iterable that counts what is read of it and knows whether it was closed."""

    def __init__(self, items):
        self.read, self.closed = 0, False
        self._items = items

    def __iter__(self):
        try:
            for item in self._items:
                self.read += 1
                yield item
        finally:
            self.closed = True


def fail_at(*bad):
    def f(n):
        if n in bad:
            raise LookupError(n)
        return n

    return f


@given(st.lists(st.integers()), st.integers(1, 6))
def test_results_come_in_the_order_of_the_items(items, workers):
    assert list(par_map(str, items, workers)) == [str(item) for item in items]


def test_late_results_keep_their_place():
    first_may_end = threading.Event()

    def f(n):
        if n == 0:
            assert first_may_end.wait(30)
        if n == 1:
            first_may_end.set()
        return n

    assert list(par_map(f, range(10), 2)) == list(range(10))


def test_calls_run_at_the_same_time():
    meeting = threading.Barrier(3)
    assert sorted(par_map(lambda _: meeting.wait(30), range(3), 3)) == [0, 1, 2]


def test_at_least_one_worker_is_available():
    assert workers_available() >= 1
    assert list(par_map(abs, [-1])) == [1]


@pytest.mark.parametrize("workers", [0, -3])
def test_fewer_workers_than_one_are_refused_at_once(workers):
    with pytest.raises(PlanError, match=f"workers must be a whole number of at least 1, got {workers}"):
        par_map(abs, [1], workers)


@several
def test_nothing_is_read_before_the_first_pull(workers):
    source = Source(range(9))
    par_map(abs, source, workers)
    assert source.read == 0


@pytest.mark.parametrize(("workers", "window"), [(1, 1), (2, 4), (5, 10)])
def test_no_more_than_the_window_is_read_ahead(workers, window):
    source = Source(itertools.count())
    results = par_map(abs, source, workers)
    for handed_out, _ in enumerate(itertools.islice(results, 30), start=1):
        assert source.read <= handed_out - 1 + window
    results.close()


@several
def test_closing_early_closes_the_source(workers):
    source = Source(itertools.count())
    results = par_map(abs, source, workers)
    assert next(results) == 0
    results.close()
    assert source.closed


@several
def test_a_generator_given_as_items_is_closed(workers):
    items = iter(Source(itertools.count()))
    results = par_map(abs, items, workers)
    next(results)
    results.close()
    assert next(items, "closed") == "closed"


@several
def test_a_file_is_left_open(workers, tmp_path):
    path = tmp_path / "lines"
    path.write_text("a\nb\n")
    with path.open() as lines:
        assert list(par_map(str.strip, lines, workers)) == ["a", "b"]
        assert not lines.closed


@several
def test_an_error_comes_after_all_results_before_it(workers):
    source, seen = Source(itertools.count()), []
    with pytest.raises(LookupError) as caught:
        seen.extend(itertools.chain.from_iterable([n] for n in par_map(fail_at(7, 8, 40), source, workers)))
    assert caught.value.args == (7,)
    assert source.closed


@several
def test_results_before_an_error_are_handed_out(workers):
    results = par_map(fail_at(3), range(9), workers)
    assert [next(results), next(results), next(results)] == [0, 1, 2]
    with pytest.raises(LookupError):
        next(results)
    assert list(results) == []


@several
def test_an_error_of_the_source_waits_for_its_turn(workers):
    def items():
        yield from range(3)
        raise LookupError("source")

    results = par_map(abs, items(), workers)
    assert [next(results), next(results), next(results)] == [0, 1, 2]
    with pytest.raises(LookupError, match="source"):
        next(results)


def test_calls_that_have_not_begun_are_cancelled():
    called, go = [], threading.Event()

    def f(n):
        called.append(n)
        if n > 0:
            assert go.wait(30)
        return n

    results = par_map(f, itertools.count(), 2)
    assert next(results) == 0
    results.close()
    go.set()
    assert list(par_map(abs, range(9), 2)) == list(range(9))
    assert max(called) <= 2


@several
def test_the_pool_survives_errors(workers):
    for _ in range(3):
        with pytest.raises(LookupError):
            list(par_map(fail_at(0, 1, 2), range(50), workers))
    assert list(par_map(abs, range(50), workers)) == list(range(50))


@several
def test_a_stop_iteration_of_the_function_does_not_end_the_results(workers):
    def f(n):
        if n == 2:
            raise StopIteration
        return n

    with pytest.raises(RuntimeError) as caught:
        list(par_map(f, range(5), workers))
    assert isinstance(caught.value.__cause__, StopIteration)


@several
def test_a_keyboard_interrupt_gets_through(workers):
    def f(n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(par_map(f, range(5), workers))


def test_one_worker_is_the_calling_thread():
    assert set(par_map(lambda _: threading.current_thread(), range(5), 1)) == {threading.current_thread()}


def test_nested_use_runs_in_the_worker_itself():
    def f(n):
        inner = set(par_map(lambda _: threading.current_thread(), range(5), 4))
        return inner == {threading.current_thread()}

    assert list(par_map(f, range(20), 2)) == [True] * 20


def test_one_map_may_feed_another():
    assert list(par_map(abs, par_map(str.__len__, ["a"] * 50, 2), 2)) == [1] * 50


def test_a_forked_child_maps_on_threads_of_its_own():
    assert list(par_map(abs, range(9), 2)) == list(range(9))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads: what this test is about
        child = os.fork()
    if child == 0:
        os._exit(0 if list(par_map(abs, range(9), 2)) == list(range(9)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@several
@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 300_001])
def test_an_array_is_mapped_in_blocks_to_an_array(workers, size):
    array = np.arange(size)
    result = par_map(lambda block: block * 2.0, array, workers)
    assert result.dtype == np.float64
    assert np.array_equal(result, array * 2.0)


def test_blocks_are_views_of_the_array_in_order():
    array, firsts = np.arange(200_000), []

    def f(block):
        assert np.shares_memory(block, array)
        firsts.append(int(block[0]))
        return block

    assert np.array_equal(par_map(f, array, 2), array)
    assert len(firsts) == 6


def test_a_small_array_is_one_call():
    calls = []
    par_map(lambda block: calls.append(len(block)) or block, np.arange(1000), 4)
    assert calls == [1000]


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_block_must_give_as_many_elements(size):
    with pytest.raises(PlanError, match="f must give one element for each of"):
        par_map(lambda block: block[1:], np.arange(size), 2)


def test_a_block_must_give_an_array():
    with pytest.raises(TypeError, match="f must give an array for an array, got int"):
        par_map(len, np.arange(5), 2)


def test_an_array_without_dimensions_is_refused():
    with pytest.raises(PlanError, match="at least one dimension"):
        par_map(abs, np.array(1), 2)


def test_an_error_in_a_block_reaches_the_caller():
    with pytest.raises(LookupError):
        par_map(lambda block: fail_at(block[0])(block[0]), np.arange(200_000), 2)


@pytest.mark.parametrize("threads", [1, 3])
def test_inside_a_pool_there_are_its_threads(threads):
    before = workers_available()
    with Pool(threads) as pool:
        assert workers_available() == pool.threads == threads
        with Pool(2):
            assert workers_available() == 2
        assert workers_available() == threads
    assert workers_available() == before


def test_a_pool_is_entered_by_one_thread_alone():
    seen = []
    with Pool(7):
        other = threading.Thread(target=lambda: seen.append(workers_available()))
        other.start()
        other.join()
    assert seen != [7]


@pytest.mark.parametrize("threads", [0, 1025, True, "2", None])
def test_a_pool_of_no_number_of_threads_is_refused(threads):
    with pytest.raises(PlanError, match="threads must be a whole number from 1 to 1024, got"):
        Pool(threads)
