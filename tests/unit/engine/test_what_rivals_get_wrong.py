"""One test, or some, for each trap that other libraries of this kind fall into; its name says which."""

import gc
import pickle
import sys
import threading

import pytest

from engine import Chain, it, join
from engine.errors import ReentrantError, SourceConsumedError

NAN, OTHER_NAN = float("nan"), float("nan")


class Unequal:
    """A key with a hash, whose comparison fails."""

    def __init__(self, error):
        self.error = error

    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise self.error


class Unhashable:
    def __hash__(self):
        raise OSError("no hash")


def early(_):
    raise StopIteration


CALLING = {
    "map": lambda chain, f: chain.map(f),
    "filter": lambda chain, f: chain.filter(f),
    "filter_map": lambda chain, f: chain.filter_map(f),
    "flat_map": lambda chain, f: chain.flat_map(f),
    "take_while": lambda chain, f: chain.take_while(f),
    "skip_while": lambda chain, f: chain.skip_while(f),
    "inspect": lambda chain, f: chain.inspect(f),
    "scan": lambda chain, f: chain.scan(0, lambda _, item: f(item)),
    "chunk_by": lambda chain, f: chain.chunk_by(f),
    "chunk_by agg": lambda chain, f: chain.chunk_by(f, it.count()),
    "group_by": lambda chain, f: chain.group_by(f),
    "agg": lambda chain, f: chain.group_by(f).agg(n=it.count()),
    "fold": lambda chain, f: chain.group_by().fold(int, lambda _, item: f(item)),
    "unique": lambda chain, f: chain.unique(f),
    "dedup": lambda chain, f: chain.dedup(f),
    "duplicates": lambda chain, f: chain.duplicates(f),
    "sort": lambda chain, f: chain.sort(f),
    "top_k": lambda chain, f: chain.top_k(2, f),
    "kmerge": lambda chain, f: chain.kmerge([0, 1], key=f),
    "join": lambda chain, f: chain.join([0, 1, 2], on=f, other_on=lambda item: item),
    "join other": lambda chain, f: chain.join([0, 1, 2], on=lambda item: item, other_on=f),
    "join select": lambda chain, f: chain.join([0, 1, 2], on=None, select=lambda item, _: f(item)),
}
KEYED = ["chunk_by", "group_by", "unique", "dedup", "duplicates", "sort", "top_k", "kmerge", "join"]
every_call = pytest.mark.parametrize("build", CALLING.values(), ids=CALLING)
both_ways = pytest.mark.parametrize("run", [list, Chain.collect], ids=["lazy", "eager"])


@every_call
@both_ways
def test_a_stop_iteration_from_a_callback_does_not_truncate(build, run):
    with pytest.raises(RuntimeError):
        run(build(Chain([0, 1, 2]), early))


@pytest.mark.parametrize("step", ["chunk_by", "group_by", "unique", "dedup"])
@both_ways
def test_errors_of_equality_reach_the_caller(step, run):
    keys = [Unequal(ValueError("not equal")), Unequal(ValueError("not equal"))]
    with pytest.raises(ValueError, match="not equal"):
        run(getattr(Chain([0, 1]), step)(keys.__getitem__))


@both_ways
def test_errors_of_equality_and_hash_reach_the_caller_of_a_join(run):
    left, right = Unequal(ValueError("not equal")), Unequal(ValueError("not equal"))
    with pytest.raises(ValueError, match="not equal"):
        run(Chain([left]).join([right], on=None))
    with pytest.raises(OSError, match="no hash"):
        run(Chain([1]).join([Unhashable()], on=None))
    with pytest.raises(OSError, match="no hash"):
        run(Chain([Unhashable()]).join([1], on=None))


@both_ways
def test_duplicate_keys_join_with_full_multiplicity(run):
    left, right = [("a", 1), ("a", 2)], [("a", "x"), ("a", "y")]
    assert run(join(left, right, on=0)) == [(a, b) for a in left for b in right]


@pytest.mark.parametrize("step", ["chunk_by", "group_by", "unique", "dedup"])
@both_ways
def test_one_is_one_key_as_a_whole_number_a_float_and_a_truth(step, run):
    assert len(run(getattr(Chain([1, 1.0, True]), step)())) == 1


@both_ways
def test_one_joins_one_whatever_its_type(run):
    assert len(run(Chain([1, 1.0, True]).join([True, 1, 1.0], on=None))) == 9


def test_a_second_run_over_a_one_shot_source_raises():
    chain = Chain(iter([1, 2]))
    branch = chain.map(str)
    assert chain.collect() == [1, 2]
    for again in (chain, branch):
        with pytest.raises(SourceConsumedError):
            again.collect()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_take_pulls_exactly_as_many_as_it_gives(n):
    pulled = []
    chain = Chain.from_factory(lambda: (pulled.append(i) or i for i in range(100))).map(str).take(n)
    assert len(chain.collect()) == n == len(pulled)


@pytest.mark.parametrize("end", [Chain.first, lambda chain: chain.any(), lambda chain: next(iter(chain))])
def test_an_early_exit_closes_generators_above_at_once(end):
    closed = []

    def source():
        try:
            yield from range(1, 100)
        finally:
            closed.append(True)

    end(Chain(source()).map(str).chunk_by().map(0).step_by(1))
    assert closed == [True]


@pytest.mark.parametrize("step", KEYED)
@pytest.mark.parametrize("position", range(3))
@both_ways
def test_a_failing_key_raises_its_own_error_at_any_position_and_says_where(step, position, run):
    def key(item):
        if item == position:
            raise OSError("no key")
        return item

    with pytest.raises(OSError, match="no key") as caught:
        run(CALLING[step](Chain([0, 1, 2]).map(lambda item: item), key))
    (note,) = caught.value.__notes__
    assert note.startswith(f"in step 2 ({step} at test_what_rivals_get_wrong.py:")
    assert note.endswith(f", item {position}: {position}")


@pytest.mark.parametrize("step", ["chunk_by", "group_by", "unique", "dedup"])
@both_ways
def test_nan_and_none_follow_one_table(step, run):
    assert len(run(getattr(Chain([NAN, OTHER_NAN, None, None]), step)())) == 2


@both_ways
def test_none_meets_nothing_in_a_join_unless_asked_to_and_nan_meets_nan(run):
    assert run(Chain([None, NAN]).join([None, OTHER_NAN], on=None)) == [(NAN, OTHER_NAN)]
    assert len(run(Chain([None]).join([None], on=None, nulls="match"))) == 1
    assert run(Chain([None]).join([None], on=None, how="left")) == [(None, None)]


@every_call
@both_ways
def test_a_source_emptied_during_iteration_can_not_crash(build, run):
    items = list(range(300))

    def empty(item):
        items.clear()
        return (item,)

    assert run(build(Chain(items), empty)) is not None


@every_call
@both_ways
def test_a_source_that_grows_during_iteration_can_not_crash(build, run):
    items = list(range(300))

    def grow(item):
        if len(items) < 1_000:
            items.extend(range(50))
        return (item,)

    assert run(build(Chain(items), grow).take(500)) is not None


@pytest.mark.parametrize("step", ["map", "chunk_by", "unique", "dedup", "kmerge", "join"])
def test_a_reentrant_callback_raises(step):
    held = []
    held.append(iter(CALLING[step](Chain([0, 1, 2]), lambda _: next(held[0]))))
    with pytest.raises(ReentrantError):
        list(held[0])


def test_integers_overflow_into_python_integers():
    rows = [{"n": 2**62}, {"n": 2**62}, {"n": -(2**70)}]
    assert Chain(rows).map(it["n"] * 4).collect() == [2**64, 2**64, -(2**72)]
    assert Chain(rows).map(it["n"]).sum() == 2**63 - 2**70
    assert Chain(rows).group_by(it["n"] > 0).agg(s=it["n"].sum()).map(1).map("s").collect() == [
        2**63,
        -(2**70),
    ]
    assert Chain(rows).sort("n").map("n").first() == -(2**70)


def test_ten_thousand_steps_build_explain_run_pickle_and_die():
    chain = Chain([0])
    for _ in range(5_000):
        chain = chain.map(it + 1).map(abs)
    assert chain.collect() == [5_000]
    assert chain.explain().count("\n") > 10_000
    assert pickle.loads(pickle.dumps(chain)).count() == 1  # noqa: S301 (our own bytes)
    del chain
    gc.collect()


def test_a_chain_of_a_hundred_steps_of_every_kind_gives_what_loops_give():
    chain, expected = Chain(range(500)), list(range(500))
    for n in range(25):
        chain = chain.map(it + 1).filter(it % 29 != n).map(lambda x, n=n: x ^ n).filter(lambda x: x >= 0)
        expected = [(x + 1) ^ n for x in expected if (x + 1) % 29 != n]
    assert chain.collect() == list(chain) == expected


def test_threads_share_a_chain_of_kernels():
    rows = [{"k": n % 7, "n": n} for n in range(2_000)]
    chain = Chain(rows).filter(it["n"] > 3).sort("n").chunk_by("k").map(1).flatten().group_by("k").map(0)
    results, expected = [], chain.collect()
    threads = [threading.Thread(target=lambda: results.append(chain.collect())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


@pytest.mark.slow
def test_ten_million_items_of_a_generator_need_flat_memory():
    import resource

    def peak_kib():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def run(size):
        chain = Chain({"n": n} for n in range(size)).filter(it["n"] % 2 == 0).map(lambda row: row["n"])
        return chain.map(it + 1).chunk_by(lambda n: n // 10).map(1).map(len).sum()

    run(100_000)
    before = peak_kib()
    assert run(10_000_000) == 5_000_000
    assert peak_kib() - before < 10 * 1024


def test_no_reference_to_an_item_is_left_behind_by_any_step():
    class Thing:
        pass

    items = [Thing() for _ in range(5)]
    before = [sys.getrefcount(item) for item in items]
    for build in CALLING.values():
        for position in range(6):
            seen = iter(range(100))

            def call(item, seen=seen, position=position):
                if next(seen) == position:
                    raise OSError("no value")
                return (id(item),)

            try:
                build(Chain(items), call).collect()
            except (OSError, TypeError) as error:
                error.__traceback__ = None
    gc.collect()
    assert [sys.getrefcount(item) for item in items] == before
