from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.question import Limit, Ratio
from benchmarks.ratios import best_of_kind, judge, order_of_round, paired_ratios, ratio, summary, verdicts


def entry(*times_s, kind="rival", job="", peak_bytes=None):
    return {"kind": kind, "job": job, "peak_bytes": peak_bytes, **summary(list(times_s))}


@pytest.mark.parametrize("contenders", [2, 3, 4, 5, 8])
def test_each_contender_follows_each_other_one_equally_often(contenders):
    rounds = contenders * (1 + contenders % 2)
    followed = Counter(
        pair for number in range(rounds) for pair in pairwise(order_of_round(number, contenders))
    )
    assert len(followed) == contenders * (contenders - 1)
    assert len(set(followed.values())) == 1


@pytest.mark.parametrize("number", range(7))
def test_everyone_runs_once_in_a_round(number):
    assert sorted(order_of_round(number, 5)) == [0, 1, 2, 3, 4]


def test_one_contender_runs_alone():
    assert order_of_round(3, 1) == [0]


def test_a_ratio_pairs_what_ran_in_the_same_round():
    assert paired_ratios([2.0, 40.0], [1.0, 10.0]) == [2.0, 4.0]


def test_a_machine_that_slows_down_for_a_round_does_not_change_the_ratio():
    assert ratio(entry(2.0, 20.0, 2.0), entry(1.0, 10.0, 1.0)) == 2.0


def test_times_of_different_numbers_of_rounds_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        paired_ratios([1.0, 2.0], [1.0])


def test_the_best_of_a_kind_has_the_lowest_median():
    entries = {
        "spiky": entry(1.0, 9.0, 9.0),
        "steady": entry(5.0, 5.0, 5.0),
        "loop": entry(1.0, kind="loop"),
    }
    assert best_of_kind(entries, "rival", "") == "steady"


def test_only_contenders_at_the_same_job_are_compared():
    entries = {"other": entry(1.0, job="sort"), "mine": entry(5.0, job="join")}
    assert best_of_kind(entries, "rival", "join") == "mine"


def test_nobody_of_a_kind_is_none():
    assert best_of_kind({"a": entry(1.0)}, "loop", "") is None


def test_a_bar_is_held_against_the_fastest_of_those_it_names():
    entries = {"engine": entry(1.0), "slow": entry(9.0), "fast": entry(3.0), "unnamed": entry(0.1)}
    verdict = judge(Ratio("best", 3.0, ("slow", "fast")), entries)
    assert (verdict.against, verdict.measured, verdict.is_met) == ("fast", 3.0, True)


def test_a_ratio_below_its_bar_is_missed():
    assert not judge(Ratio("loop", 2.0, ("loop",)), {"engine": entry(1.0), "loop": entry(1.9)}).is_met


def test_a_limit_tells_the_worst_of_those_it_names():
    limit = Limit("slowest", 0.005, ("a", "b"), "median_s")
    verdict = judge(limit, {"a": entry(0.001), "b": entry(0.006)})
    assert (verdict.against, verdict.unit, verdict.bar, verdict.is_met) == ("b", "ms", 5.0, False)
    assert verdict.measured == pytest.approx(6.0)


def test_memory_is_counted_above_the_baseline():
    entries = {"engine": entry(1.0, peak_bytes=18_000_000), "alone": entry(1.0, peak_bytes=9_000_000)}
    verdict = judge(Limit("flat", 10_000_000, ("engine",), "peak_bytes", above="alone"), entries)
    assert (verdict.measured, verdict.unit, verdict.is_met) == (9.0, "MB", True)


def test_a_limit_tells_the_share_of_what_is_not_ours():
    limit = Limit("start", 0.06, ("engine",), "median_s", of_it="alone")
    assert (
        judge(limit, {"engine": entry(0.07), "alone": entry(0.0123)}).against
        == "engine, of it alone 12.3 ms"
    )


def test_a_bar_is_judged_only_at_its_sizes():
    entries = {"engine": entry(1.0), "loop": entry(2.0)}
    bars = (Ratio("here", 1.0, ("loop",), sizes=(10,)), Ratio("there", 1.0, ("loop",), sizes=(99,)))
    assert [verdict["says"] for verdict in verdicts(bars, 10, entries)] == ["here"]
