"""Each step gives what its plain reference gives, alone and in any sequence, lazily and eagerly."""

import operator
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Chain
from tests.reference import steps as reference

numbers = st.lists(st.integers(-4, 4), max_size=30)
small = st.integers(0, 6)
EVEN, HALF, THREES = (lambda n: n % 2 == 0), (lambda n: n // 2), (lambda n: n % 3)


def agree(chain, expected):
    """One by one, all at once, and a second time: always the same."""
    assert list(chain) == expected
    assert chain.collect() == expected
    assert chain.count() == len(expected)


@given(numbers)
def test_steps_of_one_item(items):
    agree(Chain(items).map(HALF), reference.map_(items, HALF))
    agree(Chain(items).filter(EVEN), reference.filter_(items, EVEN))
    agree(Chain(items).inspect(EVEN), items)
    agree(
        Chain(items).filter_map(lambda n: n or None),
        reference.filter_map(items, lambda n: n or None),
    )
    agree(Chain(items).flat_map(lambda n: range(n)), reference.flat_map(items, lambda n: range(n)))
    agree(Chain(items).chunks(3).flatten(), items)
    agree(Chain(items).zip(items).starmap(operator.mul), reference.map_(items, lambda n: n * n))
    agree(Chain(items).par(2).map(HALF), reference.map_(items, HALF))


@given(numbers, small)
def test_steps_that_count(items, n):
    agree(Chain(items).enumerate(n), reference.enumerate_(items, n))
    agree(Chain(items).take(n), reference.take(items, n))
    agree(Chain(items).skip(n), reference.skip(items, n))
    agree(Chain(items).windows(n + 1), reference.windows(items, n + 1))
    agree(Chain(items).chunks(n + 1), reference.chunks(items, n + 1))


@given(numbers)
def test_steps_that_begin_or_end_by_a_predicate(items):
    agree(Chain(items).take_while(EVEN), reference.take_while(items, EVEN))
    agree(Chain(items).skip_while(EVEN), reference.skip_while(items, EVEN))
    agree(Chain(items).scan(1, operator.sub), reference.scan(items, 1, operator.sub))


@given(numbers, numbers)
def test_steps_of_two_inputs(items, other):
    agree(Chain(items).concat(other), reference.concat(items, other))
    agree(Chain(items).zip(other), reference.zip_(items, other))
    agree(Chain(items).product(other), reference.product(items, other))
    agree(
        Chain(sorted(items, key=THREES)).kmerge(sorted(other, key=THREES), key=THREES),
        reference.kmerge([sorted(items, key=THREES), sorted(other, key=THREES)], THREES),
    )


@given(numbers, numbers, st.sampled_from(["inner", "left", "right", "outer"]))
def test_joins(items, other, how):
    left, right = list(enumerate(items)), list(enumerate(other))
    agree(Chain(left).join(right, on=1, how=how), reference.join(left, right, lambda pair: pair[1], how))


@given(numbers, st.integers(1, 6))
def test_steps_with_a_key(items, k):
    agree(Chain(items).chunk_by(THREES), reference.chunk_by(items, THREES))
    agree(Chain(items).group_by(THREES), reference.group_by(items, THREES))
    agree(Chain(items).unique(THREES), reference.unique(items, THREES))
    agree(Chain(items).dedup(THREES), reference.dedup(items, THREES))
    agree(Chain(items).sort(THREES), reference.sort(items, THREES, reverse=False))
    agree(Chain(items).sort(THREES, reverse=True), reference.sort(items, THREES, reverse=True))
    agree(Chain(items).top_k(k, THREES), reference.top_k(items, k, THREES))
    agree(Chain(items).sort(THREES).take(k), reference.sort(items, THREES, reverse=False)[:k])
    agree(Chain(items).sort(THREES, reverse=True).take(k), reference.top_k(items, k, THREES))


STEPS = {
    "map": (lambda c, n: c.map(lambda x: x + n), lambda i, n: [x + n for x in i]),
    "filter": (lambda c, n: c.filter(lambda x: x % (n + 2)), lambda i, n: [x for x in i if x % (n + 2)]),
    "flat_map": (lambda c, n: c.flat_map(lambda x: [x, n]), lambda i, n: [y for x in i for y in (x, n)]),
    "take": (lambda c, n: c.take(n * 2), lambda i, n: i[: n * 2]),
    "skip": (lambda c, n: c.skip(n), lambda i, n: i[n:]),
    "take_while": (
        lambda c, n: c.take_while(lambda x: x < n),
        lambda i, n: reference.take_while(i, n.__gt__),
    ),
    "concat": (lambda c, n: c.concat(range(n)), lambda i, n: i + list(range(n))),
    "zip": (
        lambda c, n: c.zip(range(n * 2)).starmap(operator.add),
        lambda i, n: [a + b for a, b in zip(i, range(n * 2), strict=False)],
    ),
    "product": (
        lambda c, n: c.product(range(n % 3)).starmap(operator.sub),
        lambda i, n: [a - b for a in i for b in range(n % 3)],
    ),
    "chunks": (
        lambda c, n: c.chunks(n + 1).map(sum),
        lambda i, n: [sum(p) for p in reference.chunks(i, n + 1)],
    ),
    "windows": (lambda c, n: c.windows(2).map(sum), lambda i, n: [sum(p) for p in reference.windows(i, 2)]),
    "scan": (lambda c, n: c.scan(n, operator.add), lambda i, n: reference.scan(i, n, operator.add)),
    "sort": (lambda c, n: c.sort(), lambda i, n: sorted(i)),
    "dedup": (lambda c, n: c.dedup(), lambda i, n: reference.dedup(i, lambda x: x)),
    "unique": (lambda c, n: c.unique(), lambda i, n: reference.unique(i, lambda x: x)),
    "group_by": (
        lambda c, n: c.group_by(EVEN).map(1).flatten(),
        lambda i, n: [x for _, group in reference.group_by(i, EVEN) for x in group],
    ),
    "par": (lambda c, n: c.par(2).map(HALF), lambda i, n: [x // 2 for x in i]),
}


@settings(max_examples=3 * settings.default.max_examples)
@given(numbers, st.lists(st.tuples(st.sampled_from(sorted(STEPS)), small), max_size=8))
def test_any_sequence_of_steps(items, sequence):
    chain, expected = Chain(items), items
    for name, n in sequence:
        chain, expected = STEPS[name][0](chain, n), STEPS[name][1](expected, n)[:500]
        chain = chain.take(500)
    agree(chain, expected)


@pytest.mark.parametrize("step", ["unique", "dedup", "chunk_by", "group_by"])
def test_nan_is_one_key_and_none_another(step):
    items = [float("nan"), float("nan"), None, None]
    assert getattr(Chain(items), step)().count() == 2


@pytest.mark.parametrize("kind", [list, tuple, iter, dict.fromkeys, lambda items: (item for item in items)])
def test_any_iterable_is_a_source(kind):
    assert Chain(kind([3, 1, 2])).map(HALF).collect() == [1, 0, 1]


def test_fields_and_positions_are_taken_of_dicts_tuples_and_others():
    class Row:
        def __getitem__(self, key):
            return key

    assert Chain([{"x": 1}, Row()]).map("x").collect() == [1, "x"]
    assert Chain([(1, 2), [3, 4], "ab", Row()]).map(-1).collect() == [2, 4, "b", -1]


def test_a_missing_field_is_a_key_error_and_a_missing_position_an_index_error():
    with pytest.raises(KeyError):
        Chain([{}]).map("x").collect()
    with pytest.raises(IndexError):
        Chain([()]).filter(0).collect()


def test_a_hundred_steps_give_what_a_loop_gives():
    chain = Chain.range(1_000)
    for n in range(100):
        chain = chain.filter(lambda x, n=n: x % 101 != n) if n % 2 else chain.map(lambda x: x + 1)
    expected = list(range(1_000))
    for n in range(100):
        expected = [x for x in expected if x % 101 != n] if n % 2 else [x + 1 for x in expected]
    agree(chain, expected)


def test_a_source_that_grows_while_it_is_read_does_not_crash():
    items = [1]
    assert Chain(items).inspect(lambda _: items.append(1)).take(50).count() == 50


def test_a_list_emptied_while_it_is_read_does_not_crash():
    items = list(range(100))
    assert Chain(items).inspect(lambda _: items.clear()).collect() == [0]


def test_integers_overflow_into_python_integers():
    assert Chain([1 << 62] * 3).scan(0, operator.add).last() == 3 << 62
    assert Chain("a").enumerate(1 << 62).first() == (1 << 62, "a")


def test_a_chunk_and_a_concat_after_a_cut_are_kept():
    chain = Chain.range(10).chunks(4).take(2).concat([[9]]).flatten().chunks(3)
    assert chain.collect() == [[0, 1, 2], [3, 4, 5], [6, 7, 9]]


def test_zip_closes_what_it_read_beside_when_it_ends():
    closed = []

    def beside():
        try:
            yield from range(10)
        finally:
            closed.append(True)

    assert Chain([1, 2]).zip(beside()).count() == 2
    assert closed == [True]


def test_a_million_items_from_a_generator_need_flat_memory():
    chain = Chain(n for n in range(1_000_000)).map(abs).filter(EVEN).enumerate().map(1).chunks(64).flatten()
    tracemalloc.start()
    try:
        assert chain.count() == 500_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
