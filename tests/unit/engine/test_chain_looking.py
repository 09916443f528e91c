"""What is known of a chain before it runs, what is refused because of it, and a look that takes nothing."""

import sys
from itertools import count

import pytest

from engine import Chain, Ok
from engine.errors import PlanError, SourceConsumedError
from engine.extents import require_barriers_end, require_end
from tests.reference.agreement import Reader

NATURALS = Chain.iterate(0, lambda n: n + 1)


@pytest.mark.parametrize(
    ("chain", "bounds"),
    [
        (Chain([1, 2]), (2, 2)),
        (Chain("abc"), (3, 3)),
        (Chain(iter([1])), (0, None)),
        (Chain.range(10).map(str).sort().reverse(), (10, 10)),
        (Chain.range(10).filter(bool), (0, 10)),
        (Chain.range(10).flat_map(range), (0, None)),
        (Chain.range(10).take(3), (3, 3)),
        (Chain(iter([1])).take(3), (0, 3)),
        (Chain.range(10).skip(3).skip_last(3), (4, 4)),
        (Chain.range(2).skip(3), (0, 0)),
        (Chain.range(10).slice(1, 8, 3), (3, 3)),
        (Chain.range(10).chunks(4), (3, 3)),
        (Chain.range(10).windows(4), (7, 7)),
        (Chain.range(10).windows(4, circular=True), (10, 10)),
        (Chain.range(3).intersperse(0), (5, 5)),
        (Chain.range(0).intersperse(0), (0, 0)),
        (Chain.range(3).cycle(2), (6, 6)),
        (Chain.range(3).pad_to(5, 0), (5, 5)),
        (Chain.range(3).concat(range(2)), (5, 5)),
        (Chain.range(3).zip(iter([1])), (0, 3)),
        (Chain.range(3).zip_longest(range(5)), (5, 5)),
        (Chain.range(3).product(range(5)), (15, 15)),
        (Chain.range(3).interleave(range(5)), (8, 8)),
        (Chain.range(3).merge_align(range(5)), (5, 8)),
        (Chain.range(3).group_by(), (0, 3)),
        (Chain.range(3).cache().map(str), (3, 3)),
        (Chain(Chain.range(3)).concat(Chain.range(4).take(2)), (5, 5)),
        (NATURALS, (sys.maxsize, None)),
        (NATURALS.concat([1]), (sys.maxsize, None)),
        (NATURALS.take(4), (4, 4)),
        (NATURALS.filter(bool).take(4), (0, 4)),
    ],
)
def test_bounds_of_the_number_of_items(chain, bounds):
    assert chain.size_hint() == bounds


@pytest.mark.parametrize(
    "chain",
    [
        NATURALS.filter(bool).map(str).enumerate(),
        NATURALS.flat_map(range).chunk_by(),
        NATURALS.zip(NATURALS),
        NATURALS.zip_longest([1]),
        NATURALS.product([1]),
        NATURALS.unique().slice(3),
        NATURALS.cache(),
        NATURALS.join([1], on=None),
        NATURALS.merge_join([1], on=None, how="left"),
        Chain([1]).cycle(),
        Chain([1]).concat(count()),
        Chain([1]).kmerge(NATURALS),
        Chain([1]).interleave(NATURALS),
        Chain([1]).merge_join(NATURALS, on=None, how="outer"),
    ],
)
def test_what_never_ends_is_known(chain):
    assert chain.is_infinite()
    assert chain.take(5).is_infinite() is False


@pytest.mark.parametrize(
    "chain",
    [
        NATURALS.take_while(lambda n: n < 3),
        NATURALS.take_while(lambda n: n < 2, inclusive=True),
        NATURALS.slice(0, 3),
        NATURALS.map(lambda n: n if n < 3 else None).while_some(),
        NATURALS.zip([1, 2, 3]),
        NATURALS.zip_offset([1, 2, 3], offsets=(0, 0)),
        NATURALS.interleave("a", stop="shortest").take_last(3),
        NATURALS.merge_join([0, 1, 2], on=None),
        NATURALS.batching(lambda items: n if (n := next(items)) < 3 else None),
    ],
)
def test_what_ends_may_be_collected_in_a_tuple(chain):
    assert not chain.is_infinite()
    assert len(chain.to_tuple()) == 3


@pytest.mark.parametrize(
    "ending",
    [
        lambda chain: chain.to_tuple(),
        lambda chain: chain.to_groups(),
        lambda chain: chain.counts(),
        lambda chain: chain.prod(),
        lambda chain: chain.tree_reduce(max),
        lambda chain: chain.minmax(),
        lambda chain: chain.argmin(),
        lambda chain: chain.argmax(),
        lambda chain: chain.argminmax(),
        lambda chain: chain.min_all(),
        lambda chain: chain.max_all(),
        lambda chain: chain.mean(),
        lambda chain: chain.stats(),
        lambda chain: chain.unzip(),
        lambda chain: chain.partition_map(Ok),
        lambda chain: chain.try_collect(),
        lambda chain: chain.partition_results(),
    ],
)
def test_an_ending_that_needs_the_last_item_refuses_what_never_ends(ending):
    with pytest.raises(PlanError, match=r"needs the last item, .* never ends; put a take\(n\) before"):
        ending(NATURALS.map(str))


@pytest.mark.parametrize(
    "build",
    [
        lambda chain: chain.sort(),
        lambda chain: chain.top_k(2),
        lambda chain: chain.group_by(),
        lambda chain: chain.reverse(),
        lambda chain: chain.shuffle(1),
        lambda chain: chain.take_last(2),
        lambda chain: chain.combinations(2),
        lambda chain: chain.powerset(),
        lambda chain: Chain([1]).product(chain),
        lambda chain: Chain([1]).join(chain, on=None),
    ],
)
def test_a_step_that_reads_all_first_refuses_what_never_ends(build):
    with pytest.raises(PlanError, match=r"step 1 \(.*\) reads all items first, and they never end"):
        build(NATURALS).nth(0)


def test_a_chain_inside_chains_is_measured_once():
    chain = Chain([1, 2])
    for _ in range(60):
        chain = chain.cache().take(5)
    assert chain.size_hint() == (2, 2)


def test_thousands_of_chains_inside_each_other_are_checked_and_shown():
    finite, endless = Chain([1]), Chain([1]).cycle()
    for _ in range(3_000):
        finite, endless = Chain([0]).concat(finite), endless.cache()
    assert not finite.is_infinite()
    assert endless.is_infinite()
    assert len(repr(endless)) < 300
    lower, _ = finite.size_hint()
    assert lower <= 3_001


def test_the_checks_read_a_source_and_steps():
    chain = NATURALS.map(str)
    require_barriers_end(chain._source, chain._steps)
    with pytest.raises(PlanError, match="collect needs the last item, and a chain over iterate"):
        require_end(chain._source, chain._steps, "collect")


def test_a_preview_of_a_one_shot_source_takes_nothing_from_its_run():
    reader = Reader(5)
    chain = Chain(iter(reader)).map(str)
    assert chain.preview(2) == ["0", "1"]
    assert reader.read == 2
    assert chain.preview(3) == ["0", "1", "2"]
    assert chain.collect() == ["0", "1", "2", "3", "4"]
    assert (reader.read, reader.closed) == (5, True)


def test_a_run_after_a_preview_closes_the_source_at_an_early_end():
    reader = Reader()
    chain = Chain(iter(reader))
    chain.preview(2)
    assert chain.take(3).collect() == [0, 1, 2]
    assert reader.closed


def test_a_preview_takes_nothing_of_other_inputs():
    chain = Chain(iter("abc")).zip(iter("xyz")).concat(Chain(iter("!")).map(str.upper))
    assert chain.preview(1) == [("a", "x")]
    assert len(chain.preview()) == 4
    assert len(chain.collect()) == 4


def test_a_preview_reads_the_other_side_of_a_join_and_keeps_it():
    chain = Chain(iter([1, 2])).join(iter([2, 1]), on=None)
    assert chain.preview(1) == [(1, 1)]
    assert chain.collect() == [(1, 1), (2, 2)]


def test_a_preview_past_the_end_leaves_all_for_the_run():
    chain = Chain(iter([1, 2]))
    assert chain.preview(9) == [1, 2]
    assert chain.collect() == [1, 2]


def test_an_error_met_by_a_preview_is_met_by_the_run_at_the_same_place():
    chain, seen = Chain(iter(Reader(fails_at=2))), []
    with pytest.raises(OSError, match="gone"):
        chain.preview()
    with pytest.raises(OSError, match="gone"):
        chain.preview()
    with pytest.raises(OSError, match="gone"):
        chain.inspect(seen.append).collect()
    assert seen == [0, 1]


def test_a_preview_after_the_run_is_refused():
    chain = Chain(iter([1]))
    chain.collect()
    with pytest.raises(SourceConsumedError):
        chain.preview()


def test_a_run_inside_a_preview_is_refused():
    chain = Chain(iter([1, 2]))
    with pytest.raises(SourceConsumedError):
        chain.inspect(lambda _: chain.collect()).preview()
    assert chain.collect() == [1, 2]


def test_a_preview_leaves_a_file_of_the_caller_open(tmp_path):
    path = tmp_path / "lines"
    path.write_text("a\nb\n")
    with path.open() as lines:
        chain = Chain(lines)
        assert chain.preview(1) == ["a\n"]
        assert chain.first() == "a\n"
        assert not lines.closed


def test_a_preview_of_par_without_a_map_is_refused():
    with pytest.raises(PlanError, match="par must be followed by map"):
        Chain([1]).par(2).preview()


def test_an_endless_chain_has_a_preview():
    assert NATURALS.preview(3) == [0, 1, 2]
