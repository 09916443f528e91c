import pytest

from engine import Chain, it


def flows(chain):
    """For each step what came and what left."""
    return [(step.items_in, step.items_out) for step in chain.run().metrics.steps]


def test_a_fused_pass_counts_each_of_its_steps():
    chain = Chain.range(10).map(abs).filter(lambda n: n % 2).flat_map(lambda n: [n, n]).take(6)
    assert flows(chain) == [(6, 6), (6, 3), (3, 6), (6, 6)]


def test_steps_with_kernels_of_their_own_count_what_comes_and_what_leaves():
    assert flows(Chain(iter("aabc")).chunk_by().map(len)) == [(4, 3), (3, 3)]


def test_an_eager_kernel_over_a_list_counts_the_list():
    assert flows(Chain("aab").sort()) == [(3, 3)]
    assert flows(Chain(list("aab")).chunk_by()) == [(3, 2)]


def test_barriers_in_a_row_count_each():
    assert flows(Chain([3, 1, 3]).sort().group_by().map(0)) == [(3, 3), (3, 2), (2, 2)]


def test_generator_steps_are_counted():
    assert flows(Chain.range(10).step_by(3)) == [(10, 4)]


def test_the_result_is_that_of_an_unmeasured_run():
    chain = Chain([{"n": n % 3} for n in range(20)]).filter(it["n"] > 0).group_by("n").map(1).flatten()
    assert chain.run().value == chain.collect()
    assert chain.profile()[0] == chain.collect()


def test_into_decides_what_the_value_is():
    done = Chain("ab").run(into="".join)
    assert done.value == "ab"


def test_a_step_takes_some_of_the_time_of_the_run():
    metrics = Chain.range(1_000).map(abs).sort().dedup().run().metrics
    assert metrics.steps[0].busy_s > 0
    assert metrics.wall_s > metrics.steps[0].busy_s


def test_a_table_is_told_with_its_size():
    step = Chain.range(1_000).group_by(lambda n: n % 10).run().metrics.steps[0]
    assert step.held_bytes > 1_000 * 8


def test_the_table_of_a_run_names_every_step():
    text = str(Chain("ab").map(str.upper).name("shout").run().metrics)
    assert "step 1 (map 'shout' at test_metrics.py:" in text
    assert text.splitlines()[-1].startswith("in all")


def test_an_error_in_a_measured_run_is_placed_as_in_another():
    with pytest.raises(ZeroDivisionError) as caught:
        Chain([1, 0]).map(lambda n: 1 // n).run()
    assert caught.value.__notes__[0].endswith("item 1: 0")
