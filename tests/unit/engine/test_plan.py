import pytest

from engine import Chain, const, it, pipeline
from engine.errors import PlanError
from engine.plan import prepare


def plan_of(chain):
    return prepare(chain._source, chain._steps)


def kernels_of(chain):
    return [stage.kernel.name for stage in plan_of(chain).stages]


def test_neighbouring_streaming_steps_are_one_pass():
    assert kernels_of(Chain([1]).map(abs).filter(bool).flat_map(range).take(3)) == ["objects.stream"]


def test_a_kernel_of_its_own_divides_passes():
    assert kernels_of(Chain([1]).map(abs).chunk_by().map(len)) == [
        "objects.stream",
        "objects.chunk",
        "objects.stream",
    ]


def test_a_sort_before_a_take_keeps_only_what_is_taken():
    assert kernels_of(Chain([1]).sort(reverse=True).take(5)) == ["objects.top"]


def verbs_of(chain):
    return [step.verb for step in plan_of(chain).optimised]


@pytest.mark.parametrize("n", [0, 100_000])
def test_a_sort_before_a_take_of_none_or_very_many_is_kept(n):
    assert kernels_of(Chain([1]).sort().take(n)) == ["objects.sort", "objects.stream"]


def test_a_map_after_par_is_measured_as_it_runs():
    assert kernels_of(Chain([1]).par(2).map(abs)) == ["adaptive"]


def test_a_par_that_nothing_follows_is_refused():
    with pytest.raises(PlanError, match="par must be followed by map"):
        Chain([1]).par().collect()


def test_what_changes_nothing_is_left_out():
    assert verbs_of(Chain([1]).skip(0).concat().step_by(1).map(abs)) == ["map"]


@pytest.mark.parametrize(
    ("build", "verbs"),
    [
        (lambda c: c.take(3).take(5), ["take"]),
        (lambda c: c.skip(3).skip(5), ["skip"]),
        (lambda c: c.sort("a").sort("a"), ["sort"]),
        (lambda c: c.sort("a").sort("b"), ["sort", "sort"]),
        (lambda c: c.sort("a").sort("a", reverse=True), ["sort", "sort"]),
        (lambda c: c.unique(abs).unique(abs), ["unique"]),
        (lambda c: c.dedup(it["a"] + 1).dedup(it["a"] + 1), ["dedup"]),
        (lambda c: c.dedup(lambda x: x).dedup(lambda x: x), ["dedup", "dedup"]),
        (lambda c: c.sort("a").dedup("a"), ["sort_unique"]),
        (lambda c: c.sort(abs).dedup(abs), ["sort", "dedup"]),
        (lambda c: c.sort().map(str).enumerate().take(2), ["take_sorted", "map", "enumerate"]),
        (lambda c: c.sort().filter(bool).take(2), ["sort", "filter", "take"]),
        (lambda c: c.filter(bool).map(str), ["filter", "map"]),
    ],
)
def test_steps_are_rewritten_only_where_nobody_can_tell(build, verbs):
    assert verbs_of(build(Chain([1]))) == verbs


def test_two_takes_take_the_fewer_and_two_skips_skip_both():
    assert Chain.range(9).take(5).take(3).collect() == Chain.range(9).take(3).take(5).collect() == [0, 1, 2]
    assert Chain.range(9).skip(5).skip(3).collect() == [8]


def test_a_function_after_a_sort_is_called_for_what_is_taken_only():
    called = []
    assert Chain([3, 1, 2]).sort().inspect(called.append).take(2).collect() == [1, 2]
    assert called == [1, 2]


def test_the_first_of_a_sorted_chain_keeps_one_item():
    assert Chain([3, 1, 2]).sort().map(str).first() == "1"


def test_distinct_sorted_items_are_the_first_of_their_key():
    rows = [(2, "a"), (1, "b"), (2, "c"), (1, "d")]
    assert Chain(rows).sort(0).dedup(0).collect() == [(1, "b"), (2, "a")]


def test_distinct_sorted_items_need_no_hash():
    assert Chain([[2], [1], [2]]).sort().dedup().collect() == [[1], [2]]


def test_sets_are_ordered_only_in_part_and_so_are_sorted_before_they_are_compared():
    rows = [frozenset({1}), frozenset({2}), frozenset({1})]
    assert Chain(rows).sort().dedup().collect() == Chain(rows).sort().collect()


def test_readable_steps_over_a_list_run_in_blocks():
    assert kernels_of(Chain([{"a": 1}]).filter(it["a"] > 0).map("a").sort()) == [
        "objects.block",
        "objects.sort",
    ]


def test_a_function_among_readable_steps_may_change_records_so_all_run_one_by_one():
    chain = Chain([{"a": 1}]).filter(it["a"] > 0).map("a").map(str)
    assert kernels_of(chain) == ["objects.stream"]


def test_readable_steps_over_an_iterator_run_one_by_one():
    assert kernels_of(Chain(iter([{"a": 1}])).map("a")) == ["objects.stream"]


def test_readable_steps_after_a_barrier_run_in_blocks():
    assert kernels_of(Chain(iter([{"a": 1}])).sort("a").map("a")) == ["objects.sort", "objects.block"]


def failing(text):
    raise ValueError(text)


def test_a_pipeline_is_planned_as_the_maps_it_stands_for():
    chain = Chain([" 1 "]).map(pipeline(str.strip, int, abs))
    assert verbs_of(chain) == ["map", "map", "map"]
    assert kernels_of(chain.filter(bool)) == ["objects.stream"]
    assert "step 1: a pipeline of 3 is as many maps" in chain.explain()


def test_a_pipeline_of_nothing_needs_no_step():
    assert verbs_of(Chain([1]).map(pipeline())) == []
    assert Chain([1]).map(pipeline()).collect() == [1]


def test_a_pipeline_calls_item_by_item_as_it_does_alone():
    def calls(run):
        called = []
        first, second = (pipeline(const(name), called.append, const(name)) for name in "ab")
        run(pipeline(first, second))
        return called

    alone = calls(lambda both: [both(n) for n in range(3)])
    assert calls(lambda both: Chain.range(3).map(both).collect()) == alone == ["a", "b"] * 3


def test_a_pipeline_after_par_stays_one_function():
    assert kernels_of(Chain(["1"]).par(2).map(pipeline(int, abs))) == ["adaptive"]
    assert Chain(["1"]).par(2).map(pipeline(int, abs)).collect() == [1]


def test_an_error_in_a_pipeline_keeps_its_type_and_names_the_inner_step():
    with pytest.raises(ValueError, match="1") as caught:
        Chain([1]).map(pipeline(str, failing)).collect()
    assert "step 2 of pipeline (failing at test_plan.py:" in caught.value.__notes__[0]


def test_a_sort_before_a_pipeline_still_keeps_only_what_is_taken():
    assert verbs_of(Chain([1]).sort().map(pipeline(str, len)).take(2)) == ["take_sorted", "map", "map"]
