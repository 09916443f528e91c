"""Steps of the long tail in any order, among those that have kernels, give what lists give."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Chain, Err, Ok
from tests.reference import steps, steps_neighbours, steps_order, steps_several
from tests.reference.agreement import Reader, agree

numbers = st.lists(st.integers(-4, 4), max_size=20)
small = st.integers(0, 5)


def merged(a, b):
    return a if a == b else None


def summed(rows):
    return [sum(row) for row in rows]


STEPS = {
    "map": (lambda c, n: c.map(lambda x: x - n), lambda i, n: [x - n for x in i]),
    "filter": (lambda c, n: c.filter(lambda x: x > n), lambda i, n: [x for x in i if x > n]),
    "chunks": (lambda c, n: c.chunks(n + 1).map(sum), lambda i, n: summed(steps.chunks(i, n + 1))),
    "sort": (lambda c, _: c.sort(), lambda i, _: sorted(i)),
    "unique": (lambda c, _: c.unique(), lambda i, _: list(dict.fromkeys(i))),
    "concat": (lambda c, n: c.concat(range(n)), lambda i, n: i + list(range(n))),
    "take": (lambda c, n: c.take(n * 3), lambda i, n: i[: n * 3]),
    "take_last": (lambda c, n: c.take_last(n), steps_order.take_last),
    "skip_last": (lambda c, n: c.skip_last(n), steps_order.skip_last),
    "slice": (lambda c, n: c.slice(n, n * 3, 2), lambda i, n: i[n : n * 3 : 2]),
    "step_by": (lambda c, n: c.step_by(n + 1), lambda i, n: i[:: n + 1]),
    "pad_to": (lambda c, n: c.pad_to(n, n), lambda i, n: steps_order.pad_to(i, n, n)),
    "cycle": (lambda c, n: c.cycle(n % 2 + 1), lambda i, n: i * (n % 2 + 1)),
    "endless cycle": (lambda c, n: c.cycle().take(n), lambda i, n: (i * n)[:n]),
    "reverse": (lambda c, _: c.reverse(), lambda i, _: i[::-1]),
    "positions": (
        lambda c, n: c.positions(lambda x: x < n),
        lambda i, n: steps_order.positions(i, n.__gt__),
    ),
    "intersperse": (lambda c, n: c.intersperse(n), steps_neighbours.intersperse),
    "pairwise": (lambda c, _: c.pairwise().map(sum), lambda i, _: summed(steps_neighbours.pairwise(i))),
    "windows": (
        lambda c, n: c.windows(n + 1, circular=True).map(sum),
        lambda i, n: summed(steps_neighbours.windows_circular(i, n + 1)),
    ),
    "split_when": (
        lambda c, n: c.split_when(lambda a, _: a == n).map(sum),
        lambda i, n: summed(steps_neighbours.split_when(i, lambda a, _: a == n)),
    ),
    "coalesce": (lambda c, _: c.coalesce(merged), lambda i, _: steps_neighbours.coalesce(i, merged)),
    "run_length": (
        lambda c, _: c.run_length().map(sum),
        lambda i, _: summed(steps_neighbours.run_length(i, lambda x: x)),
    ),
    "duplicates": (
        lambda c, _: c.duplicates(),
        lambda i, _: steps_neighbours.duplicates(i, lambda x: x),
    ),
    "interleave": (
        lambda c, n: c.interleave(range(n)),
        lambda i, n: steps_several.interleave_longest([i, list(range(n))]),
    ),
    "zip_longest": (
        lambda c, n: c.zip_longest(range(n), fill=0).map(sum),
        lambda i, n: summed(steps_several.zip_longest(i, list(range(n)), 0)),
    ),
    "results": (
        lambda c, n: c.map(lambda x: Ok(x) if x > n else Err(n)).map_ok(abs).recover(lambda e: e),
        lambda i, n: [abs(x) if x > n else n for x in i],
    ),
    "cache": (lambda c, _: c.cache(), lambda i, _: i),
}
# A cache stays open for the runs to come.
CLOSING = STEPS.keys() - {"cache"}


@settings(max_examples=3 * settings.default.max_examples)
@given(numbers, st.lists(st.tuples(st.sampled_from(sorted(STEPS)), small), max_size=8))
def test_any_sequence_of_steps(items, sequence):
    chain, expected = Chain(items), items
    for name, n in sequence:
        chain, expected = STEPS[name][0](chain, n).take(200), STEPS[name][1](expected, n)[:200]
    assert chain.preview(5) == expected[:5]
    agree(chain, expected)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from(sorted(CLOSING)), small), max_size=8), small)
def test_any_sequence_closes_its_source_at_any_early_end(sequence, taken):
    reader = Reader(20)
    chain = Chain(reader)
    for name, n in sequence:
        chain = STEPS[name][0](chain, n).take(200)
    items = iter(chain)
    for _ in zip(range(taken), items, strict=False):
        pass
    items.close()
    assert reader.closed == (reader.read > 0)
