"""From the times of interleaved rounds to ratios and verdicts. Pure: no clock, no process."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.question import Bar, Limit, Ratio

Entry = dict[str, Any]  # one contender's figures: kind, job, times_s, median_s, min_s, max_s, peak_bytes


def order_of_round(number: int, contenders: int) -> list[int]:
    """Who runs when, so that nobody always follows the same neighbour.

    Rows of Williams' balanced square: over as many rounds as there are contenders (twice as many when
    their count is odd), each follows each other one equally often.

    Source: E. J. Williams, Experimental designs balanced for the estimation of residual effects (1949).

    >>> [order_of_round(number, 4) for number in range(2)]
    [[0, 3, 1, 2], [1, 0, 2, 3]]
    """
    zigzag = [step // 2 if step % 2 == 0 else contenders - 1 - step // 2 for step in range(contenders)]
    order = [(place + number) % contenders for place in zigzag]
    return order[::-1] if contenders % 2 and number // contenders % 2 else order


def summary(times_s: list[float]) -> Entry:
    return {
        "times_s": times_s,
        "median_s": statistics.median(times_s),
        "min_s": min(times_s),
        "max_s": max(times_s),
    }


def paired_ratios(other_s: list[float], mine_s: list[float]) -> list[float]:
    """How many times faster, round by round: a machine that slows down slows both of a pair."""
    return [other / mine for other, mine in zip(other_s, mine_s, strict=True)]


def ratio(other: Entry, mine: Entry) -> float:
    """The median of the paired ratios; above 1 when `mine` is the faster one."""
    return statistics.median(paired_ratios(other["times_s"], mine["times_s"]))


def fastest(entries: dict[str, Entry], names: tuple[str, ...]) -> str:
    return min(names, key=lambda name: entries[name]["median_s"])


def best_of_kind(entries: dict[str, Entry], kind: str, job: str) -> str | None:
    """The fastest contender of a kind at one job; None when nobody is."""
    names = tuple(name for name, entry in entries.items() if entry["kind"] == kind and entry["job"] == job)
    return fastest(entries, names) if names else None


@dataclass(frozen=True)
class Verdict:
    """A bar and what was measured. A ratio is met from below, a limit (in ms or MB) from above."""

    says: str
    measured: float
    bar: float
    unit: str
    is_met: bool
    against: str


def judge(bar: Bar, entries: dict[str, Entry]) -> Verdict:
    return _judge_ratio(bar, entries) if isinstance(bar, Ratio) else _judge_limit(bar, entries)


def verdicts(bars: tuple[Bar, ...], size: int, entries: dict[str, Entry]) -> list[dict[str, Any]]:
    """What became of each bar that holds at this size, as JSON keeps it."""
    return [asdict(judge(bar, entries)) for bar in bars if not bar.sizes or size in bar.sizes]


def _judge_ratio(bar: Ratio, entries: dict[str, Entry]) -> Verdict:
    best = fastest(entries, bar.against)
    measured = ratio(entries[best], entries[bar.engine])
    return Verdict(bar.says, measured, bar.at_least, "×", measured >= bar.at_least, best)


def _judge_limit(bar: Limit, entries: dict[str, Entry]) -> Verdict:
    worst = max(bar.of, key=lambda name: entries[name][bar.metric])
    measured = entries[worst][bar.metric]
    if bar.above is not None:
        measured -= entries[bar.above][bar.metric]
    scale, unit = (1e-3, "ms") if bar.metric == "median_s" else (1e6, "MB")
    share = f", of it {bar.of_it} {entries[bar.of_it][bar.metric] / scale:.1f} {unit}" if bar.of_it else ""
    is_met = measured <= bar.at_most
    return Verdict(bar.says, measured / scale, bar.at_most / scale, unit, is_met, worst + share)
