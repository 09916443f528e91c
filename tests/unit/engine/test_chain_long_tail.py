"""What every streaming step promises: exact reading, closing, errors as they are, endless input."""

from itertools import count

import pytest

from engine import Chain, Err, Ok
from engine.errors import SourceConsumedError
from engine.validation import integer, rule
from tests.reference.agreement import Reader, stop

# Name: the step, and how many items it reads for its first one.
STREAMING = {
    "skip_last": (lambda chain: chain.skip_last(2), 3),
    "slice": (lambda chain: chain.slice(2, None, 3), 3),
    "step_by": (lambda chain: chain.step_by(3), 1),
    "take_while_inclusive": (lambda chain: chain.take_while(lambda _: True, inclusive=True), 1),
    "while_some": (lambda chain: chain.while_some(), 1),
    "positions": (lambda chain: chain.positions(lambda n: n % 3 == 2), 3),
    "chunks_exact": (lambda chain: chain.chunks(3, exact=True), 3),
    "batching": (lambda chain: chain.batching(lambda items: next(items, None)), 1),
    "pad_to": (lambda chain: chain.pad_to(5, None), 1),
    "cycle": (lambda chain: chain.cycle(2), 1),
    "intersperse": (lambda chain: chain.intersperse(None), 1),
    "with_position": (lambda chain: chain.with_position(), 2),
    "pairwise": (lambda chain: chain.pairwise(), 2),
    "windows_circular": (lambda chain: chain.windows(3, circular=True), 3),
    "split_when": (lambda chain: chain.split_when(lambda a, _: a % 3 == 2), 4),
    "coalesce": (lambda chain: chain.coalesce(lambda a, b: b if b % 3 else None), 4),
    "run_length": (lambda chain: chain.run_length(lambda n: n // 3), 4),
    "duplicates": (lambda chain: chain.duplicates(lambda n: n % 3), 4),
    "zip_eq": (lambda chain: chain.zip_eq(range(100)), 1),
    "zip_longest": (lambda chain: chain.zip_longest(range(5)), 1),
    "zip_offset": (lambda chain: chain.zip_offset(range(100), offsets=(2, 0)), 3),
    "interleave": (lambda chain: chain.interleave(range(100)), 1),
    "merge_align": (lambda chain: chain.merge_align(range(100)), 1),
    "merge_join": (lambda chain: chain.merge_join(range(100), on=None), 2),
    "map_ok": (lambda chain: chain.map(Ok).map_ok(str), 1),
    "filter_ok": (lambda chain: chain.map(Ok).filter_ok(lambda n: n > 1), 3),
    "and_then": (lambda chain: chain.map(Ok).and_then(Ok), 1),
    "map_err": (lambda chain: chain.map(Err).map_err(str), 1),
    "flatten_ok": (lambda chain: chain.map(lambda n: Ok([n])).flatten_ok(), 1),
    "recover": (lambda chain: chain.map(Err).recover(str), 1),
    "validate": (lambda chain: chain.validate(integer()), 1),
}
READING_ALL = {
    "take_last": lambda chain: chain.take_last(2),
    "reverse": lambda chain: chain.reverse(),
    "shuffle": lambda chain: chain.shuffle(1),
    "combinations": lambda chain: chain.combinations(2),
    "combinations_repeating": lambda chain: chain.combinations(2, replacement=True),
    "permutations": lambda chain: chain.permutations(1),
    "powerset": lambda chain: chain.powerset(),
}
# Steps that make something of nothing; their properties say what.
OF_NOTHING = dict.fromkeys(["pad_to", "powerset", "zip_eq", "zip_longest", "interleave", "merge_align"])
EVERY = {**{name: build for name, (build, _) in STREAMING.items()}, **READING_ALL}


@pytest.mark.parametrize("name", EVERY)
def test_building_showing_and_explaining_read_nothing(name):
    reader = Reader()
    chain = EVERY[name](Chain(reader))
    assert f".{name}(" in repr(chain)
    assert name in chain.explain("physical", format="json")
    iter(chain)
    assert reader.read == 0


@pytest.mark.parametrize("name", STREAMING)
def test_the_first_item_reads_exactly_what_it_needs_and_closes(name):
    build, needed = STREAMING[name]
    reader = Reader()
    build(Chain(reader)).first()
    assert (reader.read, reader.closed) == (needed, True)


@pytest.mark.parametrize("name", STREAMING)
def test_an_endless_source_streams(name):
    chain = STREAMING[name][0](Chain(iter(count())))
    assert chain.take(2).count() == 2


@pytest.mark.parametrize("name", READING_ALL)
def test_what_reads_all_closes_before_its_first_item(name):
    reader = Reader(5)
    items = iter(READING_ALL[name](Chain(reader)))
    next(items)
    assert (reader.read, reader.closed) == (5, True)


@pytest.mark.parametrize("name", EVERY)
def test_a_left_loop_closes_the_source(name):
    reader = Reader(9)
    for _ in EVERY[name](Chain(reader)):
        break
    assert reader.closed


@pytest.mark.parametrize("name", EVERY)
def test_an_error_of_the_source_keeps_its_type_and_place(name):
    reader = Reader(fails_at=4)
    with pytest.raises(OSError, match="gone") as caught:
        EVERY[name](Chain(reader)).collect()
    assert "in the source (Reader), after item 3" in caught.value.__notes__[0]
    assert reader.closed


@pytest.mark.parametrize("name", EVERY)
def test_a_one_shot_source_serves_one_run(name):
    chain = EVERY[name](Chain(iter(range(6))))
    chain.first()
    with pytest.raises(SourceConsumedError):
        chain.first()


@pytest.mark.parametrize("name", sorted(EVERY.keys() - OF_NOTHING.keys()))
def test_nothing_comes_of_nothing(name):
    assert EVERY[name](Chain([])).collect() == []


@pytest.mark.parametrize(
    "build",
    [
        lambda chain: chain.take_while(stop, inclusive=True),
        lambda chain: chain.positions(stop),
        lambda chain: chain.batching(stop),
        lambda chain: chain.split_when(stop),
        lambda chain: chain.coalesce(stop),
        lambda chain: chain.run_length(stop),
        lambda chain: chain.duplicates(stop),
        lambda chain: chain.merge_align([1], stop),
        lambda chain: chain.merge_join([1], on=stop),
        lambda chain: chain.map(Ok).map_ok(stop),
        lambda chain: chain.map(Ok).filter_ok(stop),
        lambda chain: chain.map(Ok).and_then(stop),
        lambda chain: chain.map(Err).map_err(stop),
        lambda chain: chain.map(Err).recover(stop),
        lambda chain: chain.validate(rule(stop, "stop", "must not stop")),
    ],
)
def test_a_stop_iteration_of_a_callback_never_truncates(build):
    reader = Reader(5)
    with pytest.raises(RuntimeError):
        build(Chain(reader)).collect()
    assert reader.closed == (reader.read > 0)


def test_an_error_of_a_callback_names_its_step():
    with pytest.raises(ZeroDivisionError) as caught:
        Chain([1, 0]).map(int).split_when(lambda a, b: a // b).collect()
    assert caught.value.__notes__[0].startswith("in step 2 (split_when at test_chain_long_tail.py:")


def test_a_hundred_steps_of_the_tail_follow_each_other():
    chain = Chain.range(300)
    for _ in range(100):
        chain = chain.skip_last(1)
    assert chain.collect() == list(range(200))
