import gc
import pickle
import threading
from itertools import count

import pytest

from engine import Chain, Err, Ok
from engine.errors import EmptyChainError, PlanError, ReentrantError, SourceConsumedError


def double(n):
    return n * 2


class Reader:
    """A source that counts what was read of it and notes when it was closed."""

    def __init__(self, size=100):
        self.size = size
        self.read = 0
        self.closed = False

    def __iter__(self):
        try:
            for n in range(self.size):
                self.read += 1
                yield n
        finally:
            self.closed = True


def copied(chain):
    return pickle.loads(pickle.dumps(chain))  # noqa: S301 (our own bytes)


def stop(_):
    raise StopIteration


def test_building_reads_nothing():
    reader = Reader()
    Chain(reader).map(double).filter(bool).sort().group_by(0).take(3)
    assert reader.read == 0


def test_repr_and_explain_read_nothing():
    reader = Reader()
    chain = Chain(reader).map(double).sort()
    assert "map(double)" in repr(chain)
    assert "objects.sort" in chain.explain()
    assert reader.read == 0


def test_an_iterator_reads_nothing_before_its_first_item():
    reader = Reader()
    iter(Chain(reader).sort())
    assert reader.read == 0


def test_take_reads_exactly_as_many_as_it_gives():
    reader = Reader()
    assert Chain(reader).take(3).map(double).collect() == [0, 2, 4]
    assert reader.read == 3


def test_take_closes_the_source_with_its_last_item():
    reader = Reader()
    items = iter(Chain(reader).take(2))
    assert [next(items), next(items)] == [0, 1]
    assert reader.closed


def test_take_of_none_reads_nothing():
    reader = Reader()
    assert Chain(reader).take(0).collect() == []
    assert reader.read == 0


def test_first_reads_one_item_and_closes():
    reader = Reader()
    assert Chain(reader).first() == 0
    assert (reader.read, reader.closed) == (1, True)


def test_any_stops_at_the_first_true_one():
    reader = Reader()
    assert Chain(reader).any(lambda n: n == 4)
    assert (reader.read, reader.closed) == (5, True)


def test_a_left_loop_closes_the_source():
    reader = Reader()
    for _ in Chain(reader).map(double):
        break
    assert reader.closed


def test_closing_an_iterator_closes_the_source_and_the_open_inner_one():
    outer, inner = Reader(), Reader()
    items = iter(Chain(outer).flat_map(lambda _: inner))
    next(items)
    items.close()
    assert (outer.closed, inner.closed) == (True, True)
    assert list(items) == []


def test_an_error_closes_the_source():
    reader = Reader()
    with pytest.raises(ZeroDivisionError):
        Chain(reader).map(lambda n: 1 // (3 - n)).collect()
    assert (reader.read, reader.closed) == (4, True)


def test_an_open_file_of_the_caller_stays_open(tmp_path):
    path = tmp_path / "lines"
    path.write_text("a\nb\nc\n")
    with path.open() as lines:
        assert Chain(lines).first() == "a\n"
        assert not lines.closed


def test_a_factory_reads_a_file_again(tmp_path):
    path = tmp_path / "lines"
    path.write_text("a\nb\n")
    chain = Chain.from_factory(path.open).map(str.strip)
    assert chain.collect() == chain.collect() == ["a", "b"]


def test_a_chain_over_a_list_runs_again():
    chain = Chain([1, 2]).map(double)
    assert chain.collect() == chain.collect() == [2, 4]


def test_a_second_run_over_a_generator_raises():
    chain = Chain(n for n in range(3))
    assert chain.collect() == [0, 1, 2]
    with pytest.raises(SourceConsumedError):
        chain.collect()


def test_a_branch_of_a_chain_over_a_generator_raises_after_another_ran():
    chain = Chain(iter([1, 2]))
    evens, odds = chain.filter(lambda n: n % 2 == 0), chain.filter(lambda n: n % 2)
    assert evens.collect() == [2]
    with pytest.raises(SourceConsumedError, match="list_iterator"):
        odds.collect()


def test_a_chain_over_a_generator_zipped_with_itself_raises():
    chain = Chain(iter([1, 2]))
    with pytest.raises(SourceConsumedError):
        chain.zip(chain).collect()


def test_a_branch_leaves_its_parent_as_it_was():
    parent = Chain([1, 2])
    parent.map(double)
    assert parent.collect() == [1, 2]


def test_of_many_threads_one_gets_a_one_shot_source():
    chain, outcomes = Chain(iter(range(50))), []

    def run():
        try:
            outcomes.append(chain.collect())
        except SourceConsumedError:
            outcomes.append(None)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(None) == 7
    assert list(range(50)) in outcomes


def test_threads_share_a_chain():
    chain, results = Chain.range(2_000).map(double).filter(lambda n: n % 3 == 0).chunks(7), []
    threads = [threading.Thread(target=lambda: results.append(chain.collect())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == chain.collect() for result in results)
    assert len(results) == 6


@pytest.mark.parametrize(
    "build",
    [
        lambda chain: chain.map(stop).collect(),
        lambda chain: chain.filter(stop).collect(),
        lambda chain: list(chain.flat_map(stop)),
        lambda chain: chain.sort(stop).collect(),
        lambda chain: chain.group_by(stop).collect(),
        lambda chain: chain.chunk_by(stop).collect(),
        lambda chain: list(chain.unique(stop)),
        lambda chain: chain.scan(0, lambda _, item: stop(item)).collect(),
        lambda chain: chain.take_while(stop).collect(),
        lambda chain: chain.fold(0, lambda _, item: stop(item)),
        lambda chain: chain.for_each(stop),
        lambda chain: chain.partition(stop),
        lambda chain: chain.any(stop),
        lambda chain: chain.par(2).map(stop).collect(),
    ],
)
def test_a_stop_iteration_of_a_callback_never_truncates(build):
    with pytest.raises(RuntimeError):
        build(Chain([1, 2]))


def test_an_error_keeps_its_type_and_says_where():
    with pytest.raises(KeyError) as caught:
        Chain([{"name": "Ada"}, {}]).filter(lambda _: True).map("name").collect()
    note = caught.value.__notes__[0]
    assert note.startswith("in step 2 (map at test_chain.py:")
    assert note.endswith("item 1: {}")


def test_an_error_is_placed_once():
    with pytest.raises(ValueError, match="invalid") as caught:
        Chain(["1", "x"]).map(int).chunk_by().map(len).sort().collect()
    assert len(caught.value.__notes__) == 1


def test_an_error_of_the_source_says_so():
    def broken():
        yield 1
        raise OSError("gone")

    with pytest.raises(OSError, match="gone") as caught:
        Chain(broken()).map(double).collect()
    assert caught.value.__notes__ == ["in the source (generator), after item 0"]


@pytest.mark.parametrize("step", ["chunk_by", "unique", "group_by", "sort", "dedup"])
def test_an_error_of_a_key_names_its_step(step):
    with pytest.raises(ZeroDivisionError) as caught:
        getattr(Chain([1, 0]).map(int), step)(lambda n: 1 // n).collect()
    assert caught.value.__notes__[0].startswith(f"in step 2 ({step} at test_chain.py:")


def test_an_error_shows_the_name_given_to_a_step():
    with pytest.raises(ZeroDivisionError) as caught:
        Chain([0]).map(lambda n: 1 // n).name("invert").collect()
    assert "map 'invert'" in caught.value.__notes__[0]


def test_an_item_whose_repr_raises_is_survived():
    class Silent:
        def __repr__(self):
            raise ValueError

    with pytest.raises(TypeError) as caught:
        Chain([Silent()]).map(len).collect()
    assert "Silent" in caught.value.__notes__[0]


def test_a_huge_item_is_shown_bounded():
    with pytest.raises(AttributeError) as caught:
        Chain([["x" * 1_000_000] * 1_000]).map(lambda item: item.missing).collect()
    assert len(caught.value.__notes__[0]) < 500


def test_a_callback_that_pulls_from_its_own_run_is_refused():
    items = iter(Chain([1, 2]).map(lambda _: next(items)))
    with pytest.raises(ReentrantError):
        next(items)


def test_a_chain_has_no_truth_and_no_length():
    with pytest.raises(TypeError, match="any"):
        bool(Chain([1]))
    with pytest.raises(TypeError):
        len(Chain([1]))


def test_a_chain_can_not_be_changed():
    with pytest.raises(AttributeError, match="can not be changed"):
        Chain([1])._steps = ()


@pytest.mark.parametrize(
    "build",
    [
        lambda chain: chain.chunks(0),
        lambda chain: chain.windows(-1),
        lambda chain: chain.take(1.5),
        lambda chain: chain.take(True),
        lambda chain: chain.top_k(0),
        lambda chain: chain.par(0),
        lambda chain: chain.map(None),
        lambda chain: chain.sort(3.5),
        lambda chain: chain.join([], on="id", how="sideways"),
        lambda chain: chain.concat(5),
        lambda chain: chain.starmap("x"),
        lambda chain: chain.try_map(int, 5),
        lambda chain: chain.par(2).flat_map(list),
        lambda chain: chain.name("first"),
        lambda chain: Chain(5),
        lambda chain: Chain.from_factory([1]),
    ],
)
def test_a_wrong_argument_is_refused_when_built(build):
    with pytest.raises(PlanError, match=r"got|must"):
        build(Chain([1]))


def test_ten_thousand_steps_build_explain_run_and_die():
    chain = Chain([1])
    for _ in range(10_000):
        chain = chain.map(abs)
    assert chain.collect() == [1]
    assert "10000 neighbouring steps" in chain.explain()
    assert len(repr(chain)) < 300
    assert copied(chain).collect() == [1]
    del chain
    gc.collect()


def test_ten_thousand_barriers_run():
    chain = Chain([2, 1])
    for _ in range(10_000):
        chain = chain.sort()
    assert chain.collect() == [1, 2]


def test_ten_thousand_flat_steps_run():
    chain = Chain([[1]])
    for _ in range(5_000):
        chain = chain.flatten().map(lambda n: [n])
    assert chain.collect() == [[1]]


def test_too_many_nested_kernels_are_refused_before_running():
    reader = Reader()
    chain = Chain(reader)
    for key in range(501):
        chain = chain.dedup(key)
    with pytest.raises(PlanError, match="500"):
        chain.collect()
    assert reader.read == 0


def test_five_hundred_nested_kernels_run():
    chain = Chain([1, 1, 2])
    for n in range(500):
        chain = chain.dedup(lambda item, n=n: item)
    assert list(chain) == [1, 2]


def test_a_chain_is_pickled_with_what_it_calls():
    chain = Chain([{"n": 2}]).map("n").map(double).chunks(1)
    assert copied(chain).collect() == [[4]]


def test_a_hundred_million_items_end_early():
    assert Chain(count()).map(double).filter(lambda n: n % 7 == 0).take(3).collect() == [0, 14, 28]


def test_partition_results_keeps_the_order_of_both():
    oks, errors = Chain(["1", "x", "2", "y"]).try_map(int, ValueError).partition_results()
    assert oks == [1, 2]
    assert [str(error)[-3:] for error in errors] == ["'x'", "'y'"]


def test_try_map_lets_other_errors_through():
    with pytest.raises(TypeError):
        Chain([None]).try_map(int, ValueError).collect()


def test_try_map_runs_on_threads():
    assert Chain(["1", "x"]).par(2).try_map(int, ValueError).map(lambda r: r.is_ok()).collect() == [
        True,
        False,
    ]
    assert isinstance(Chain(["1"]).try_map(int, ValueError).first(), Ok)
    assert isinstance(Chain(["x"]).try_map(int, ValueError).first(), Err)


@pytest.mark.parametrize("ending", ["first", "last", "min", "max"])
def test_an_item_of_an_empty_chain_is_refused_or_defaulted(ending):
    with pytest.raises(EmptyChainError, match=ending):
        getattr(Chain([]), ending)()
    assert getattr(Chain([]), ending)(default=None) is None


def test_reduce_of_an_empty_chain_is_refused():
    with pytest.raises(EmptyChainError):
        Chain([]).reduce(max)


def test_a_numpy_array_gives_python_objects():
    numpy = pytest.importorskip("numpy")
    items = Chain(numpy.arange(10_000)).collect()
    assert items == list(range(10_000))
    assert type(items[0]) is int
