"""One reading for several readers: stored, or each item for one of them."""

import gc
import pickle
import threading

import pytest

from engine import Chain
from engine.errors import PlanError, ReentrantError
from tests.reference.agreement import Reader


def in_threads(number, work):
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_cache_is_computed_once_for_all_runs_and_branches():
    reader, calls = Reader(5), []
    chain = Chain(iter(reader)).inspect(calls.append).cache()
    assert chain.filter(lambda n: n % 2).collect() == [1, 3]
    assert chain.collect() == list(chain) == [0, 1, 2, 3, 4]
    assert (reader.read, calls) == (5, [0, 1, 2, 3, 4])


def test_a_cache_reads_as_far_as_the_furthest_run():
    reader = Reader()
    chain = Chain(iter(reader)).cache()
    assert reader.read == 0
    assert chain.take(3).collect() == [0, 1, 2]
    assert chain.first() == 0
    assert reader.read == 3


def test_a_cache_keeps_its_source_open_for_other_runs_until_it_is_dropped():
    reader = Reader()
    chain = Chain(iter(reader)).cache()
    chain.first()
    assert not reader.closed
    del chain
    gc.collect()
    assert reader.closed


def test_runs_over_a_cache_may_overlap():
    chain = Chain(iter(range(4))).cache()
    assert chain.zip(chain.skip(1)).collect() == [(0, 1), (1, 2), (2, 3)]


def test_threads_share_a_cache():
    calls, results = [], []
    chain = Chain(iter(range(2_000))).inspect(calls.append).cache()
    in_threads(6, lambda: results.append(chain.collect()))
    assert results == [list(range(2_000))] * 6
    assert len(calls) == 2_000


def test_an_error_in_a_cache_is_met_by_every_run_at_the_same_place():
    chain, seen = Chain(Reader(fails_at=2)).cache(), []
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            chain.inspect(seen.append).collect()
    assert seen == [0, 1, 0, 1]


def test_a_cache_that_reads_itself_is_refused():
    chain = Chain([1, 2]).map(lambda _: chain.first()).cache()
    with pytest.raises(ReentrantError):
        chain.collect()


def test_a_cache_is_pickled_without_what_it_stored():
    chain = Chain([1, 2]).map(str).cache()
    chain.collect()
    assert pickle.loads(pickle.dumps(chain)).collect() == ["1", "2"]  # noqa: S301 (our own bytes)


def test_a_cache_says_what_it_stores():
    assert repr(Chain([1]).map(str).cache().take(1)) == "Chain(cache of Chain(list of 1).map(str)).take(1)"


def test_each_item_of_a_shared_chain_goes_to_one_thread():
    shared, taken = Chain.range(5_000).map(str).shared(), []
    in_threads(6, lambda: taken.extend(list(shared)))
    assert sorted(map(int, taken)) == list(range(5_000))


def test_a_shared_chain_reads_nothing_before_it_is_asked():
    reader = Reader()
    shared = Chain(reader).shared()
    assert reader.read == 0
    assert [next(shared), next(shared), reader.read] == [0, 1, 2]


def test_a_branch_that_ends_early_leaves_the_rest_to_others():
    reader = Reader(5)
    shared = Chain(reader).shared()
    assert Chain(shared).take(2).collect() == [0, 1]
    assert not reader.closed
    assert Chain(shared).collect() == [2, 3, 4]


def test_an_error_of_a_shared_chain_is_met_by_all():
    shared = Chain(Reader(fails_at=1)).shared()
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            Chain(shared).collect()


def test_closing_a_shared_chain_closes_its_source():
    reader = Reader()
    shared = Chain(reader).shared()
    next(shared)
    shared.close()
    assert reader.closed
    assert list(shared) == []


def test_peeking_takes_nothing():
    reader = Reader(3)
    items = Chain(reader).peekable()
    assert (items.peek(None), items.peek(None), reader.read) == (0, 0, 1)
    assert list(items) == [0, 1, 2]
    assert items.peek("end") == "end"


def test_closing_a_peekable_closes_its_source():
    reader = Reader()
    items = Chain(reader).peekable()
    items.peek(None)
    items.close()
    assert reader.closed
    assert list(items) == []


def test_pipe_hands_the_chain_on_and_reads_nothing():
    reader = Reader()

    def every(chain, n, *, start):
        return chain.skip(start).step_by(n)

    chain = Chain(reader).pipe(every, 2, start=1)
    assert reader.read == 0
    assert chain.take(2).collect() == [1, 3]


def test_pipe_needs_a_function():
    with pytest.raises(PlanError, match="f must be callable, got 5"):
        Chain([1]).pipe(5)
