import pytest

from engine import Chain, it
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
    assert kernels_of(Chain([1]).sort(reverse=True).take(5)) == ["heap"]


@pytest.mark.parametrize("n", [0, 100_000])
def test_a_sort_before_a_take_of_none_or_very_many_is_kept(n):
    assert kernels_of(Chain([1]).sort().take(n)) == ["timsort", "objects.stream"]


def test_a_map_after_par_runs_on_threads():
    assert kernels_of(Chain([1]).par(2).map(abs)) == ["threads"]


def test_a_par_that_nothing_follows_is_refused():
    with pytest.raises(PlanError, match="par must be followed by map"):
        Chain([1]).par().collect()


def test_explain_shows_three_levels_with_lines_and_reasons():
    text = Chain([3, 1]).map(it["n"] * 2).sort("n").take(1).name("best").explain()
    assert text.startswith("logical\n    0 list of 2\n    1 map(it['n'] * 2)  test_plan.py:")
    assert "3 take(1).name('best')" in text
    assert "2 take_sorted('n', 1)" in text
    assert "step 2: heap, reads all first (sort before take keeps only what is taken)" in text


def test_explain_of_a_source_alone_says_so():
    assert Chain([1]).explain().endswith("physical\n  the source as it is")


def test_explain_never_shows_data():
    assert "secret" not in Chain(["secret"]).concat(["secret"]).scan("secret", max).explain()


def test_explain_fits_a_hundred_columns():
    chain = Chain([1]).map(it["x"] + sum([it["y"]] * 40)).filter(lambda _: True).join([], on="id")
    assert max(map(len, chain.explain().splitlines())) <= 100
