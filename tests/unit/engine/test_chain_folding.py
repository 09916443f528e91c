"""Folds and containers give what their plain references give."""

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain, Err, Left, Ok, Right, it
from engine.errors import EmptyChainError, LengthError
from tests.reference import steps_endings as reference
from tests.reference.agreement import Reader, stop

numbers = st.lists(st.integers(-9, 9), max_size=20)
some = st.lists(st.integers(-9, 9), min_size=1, max_size=20)
NAN, OTHER_NAN = float("nan"), float("nan")


def paired(a, b):
    return f"({a}{b})"


def halved(n):
    return n // 2


@given(some)
def test_a_tree_merges_neighbours_first(items):
    assert Chain(items).map(str).tree_reduce(paired) == reference.tree_reduce(list(map(str, items)), paired)


@given(numbers)
def test_products_and_counts(items):
    assert Chain(items).prod() == reference.prod(items)
    assert Chain(items).counts(halved) == reference.counts(items, halved)
    assert list(Chain(items).counts()) == list(dict.fromkeys(items))


@given(some)
def test_extremes(items):
    chain = Chain(items)
    assert chain.minmax(halved) == reference.minmax(items, halved)
    assert chain.argmin(halved) == items.index(min(items, key=halved))
    assert chain.argmax(halved) == items.index(max(items, key=halved))
    assert chain.argminmax(halved) == (chain.argmin(halved), chain.argmax(halved))
    assert chain.min_all(halved) == reference.extremes(items, halved, min)
    assert chain.max_all(halved) == reference.extremes(items, halved, max)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_figures_of_numbers(items):
    stats = Chain(items).stats()
    found = (stats.count, stats.mean, stats.min, stats.max, stats.stdev)
    assert found == pytest.approx(reference.stats(items), rel=1e-6, abs=1e-6)
    assert Chain(items).mean() == math.fsum(items) / len(items)


def test_stats_of_nan_are_nan():
    stats = Chain([1.0, NAN, 2.0]).stats()
    assert all(map(math.isnan, (stats.mean, stats.min, stats.max, stats.stdev)))


@given(numbers)
def test_containers(items):
    assert Chain(items).to_tuple() == tuple(items)
    expected = {k: [item for item in items if halved(item) == k] for k in map(halved, items)}
    assert Chain(items).to_groups(halved) == expected
    assert Chain(items).enumerate().unzip() == (list(range(len(items))), items)
    assert list(Chain(items).collect_batches(3)) == [items[i : i + 3] for i in range(0, len(items), 3)]


def test_equal_keys_are_counted_together():
    assert Chain([1, True, 1.0]).counts() == {1: 3}
    assert list(Chain([NAN, OTHER_NAN, (NAN,), (OTHER_NAN,)]).counts().values()) == [2, 2]


def test_keys_may_be_expressions():
    assert Chain([{"x": 1}, {"x": 3}]).counts(it["x"] > 2) == {False: 1, True: 1}
    assert Chain([{"x": 1}, {"x": 3}]).argmax("x") == 1


def test_a_fold_that_stops_reads_no_further_and_closes():
    reader = Reader()
    total = Chain(reader).fold_while(0, lambda state, n: Ok(state + n) if n < 3 else Err(state))
    assert (total, reader.read, reader.closed) == (3, 4, True)


def test_a_fold_that_never_stops_gives_its_last_state():
    assert Chain([1, 2]).fold_while(10, lambda state, n: Ok(state + n)) == 13
    assert Chain([]).fold_while(10, lambda state, _: Err(state)) == 10


def test_a_fold_that_may_fail_ends_at_the_first_error():
    reader = Reader()
    failed = Chain(reader).try_fold(0, lambda state, n: Ok(state + n) if n < 3 else Err("three"))
    assert (failed, reader.read, reader.closed) == (Err("three"), 4, True)
    assert Chain([1, 2]).try_fold(0, lambda state, n: Ok(state + n)) == Ok(3)


@pytest.mark.parametrize("ending", ["fold_while", "try_fold"])
def test_a_fold_that_gives_no_result_is_an_error(ending):
    with pytest.raises(TypeError, match="f must give Ok or Err, got 3"):
        getattr(Chain([3]), ending)(0, operator.add)


@pytest.mark.parametrize(
    "ending",
    [
        lambda chain, **default: chain.tree_reduce(operator.add, **default),
        lambda chain, **default: chain.minmax(**default),
        lambda chain, **default: chain.argmin(**default),
        lambda chain, **default: chain.argmax(**default),
        lambda chain, **default: chain.argminmax(**default),
        lambda chain, **default: chain.mean(**default),
        lambda chain, **default: chain.stats(**default),
    ],
)
def test_nothing_has_no_such_value_but_a_default(ending):
    with pytest.raises(EmptyChainError, match="got an empty chain"):
        ending(Chain([]))
    assert ending(Chain([]), default="none") == "none"


def test_of_nothing_there_are_no_extremes_and_the_product_is_one():
    assert (Chain([]).min_all(), Chain([]).max_all(), Chain([]).prod(), Chain([]).counts()) == (
        [],
        [],
        1,
        {},
    )


@pytest.mark.parametrize(
    "ending",
    [
        lambda chain: chain.tree_reduce(stop),
        lambda chain: chain.fold_while(0, stop),
        lambda chain: chain.try_fold(0, stop),
        lambda chain: chain.counts(stop),
        lambda chain: chain.minmax(stop),
        lambda chain: chain.argmin(stop),
        lambda chain: chain.argmax(stop),
        lambda chain: chain.min_all(stop),
        lambda chain: chain.to_groups(stop),
        lambda chain: chain.partition_map(stop),
        lambda chain: chain.sink(lambda items: stop(next(items))),
    ],
)
def test_a_stop_iteration_of_a_callback_never_truncates(ending):
    reader = Reader(5)
    with pytest.raises(RuntimeError):
        ending(Chain(reader))
    assert reader.closed


def test_an_exact_number_is_read_with_at_most_one_more():
    reader = Reader()
    with pytest.raises(LengthError, match="there must be 2 items, got more, the next one 2"):
        Chain(reader).collect_exact(2)
    assert (reader.read, reader.closed) == (3, True)
    with pytest.raises(LengthError, match="there must be 2 items, got 1"):
        Chain([7]).collect_exact(2)
    assert Chain("ab").collect_exact(2) == ("a", "b")


def test_unzip_of_nothing_gives_empty_lists():
    assert Chain([]).unzip(3) == ([], [], [])


def test_unzip_refuses_an_item_of_another_length():
    with pytest.raises(LengthError, match=r"item 1 must have 2 parts, got \(1, 2, 3\)"):
        Chain([(1, 2), (1, 2, 3)]).unzip()


def test_partition_map_takes_results_and_sides():
    assert Chain([1, 2]).partition_map(lambda n: Ok(n) if n > 1 else Err(str(n))) == ([2], ["1"])
    assert Chain([1, 2]).partition_map(lambda n: Left(n) if n > 1 else Right(str(n))) == ([2], ["1"])


def test_partition_map_refuses_what_is_neither():
    with pytest.raises(TypeError, match="f must give Ok or Err, or Left or Right, got 3"):
        Chain([3]).partition_map(abs)


def test_batches_are_read_one_at_a_time_and_closed():
    reader = Reader()
    batches = Chain(reader).collect_batches(2)
    assert (next(batches), reader.read) == ([0, 1], 2)
    batches.close()
    assert reader.closed


def test_a_sink_tells_how_many_items_it_took():
    gathered, reader = [], Reader(5)
    assert Chain(reader).sink(gathered.extend) == 5
    assert gathered == [0, 1, 2, 3, 4]
    assert Chain(Reader()).sink(lambda items: [next(items), next(items)]) == 2
