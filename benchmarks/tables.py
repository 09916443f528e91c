"""Raw figures as Markdown tables. Pure: text in, text out."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from benchmarks.ratios import Entry, best_of_kind, paired_ratios, ratio

Line = dict[str, Any]  # one question at one size: question, asks, lane, size, contenders, verdicts
BAR_HEAD = (
    "| question | n | measured against | best of them | measured / bar | |\n|---|---:|---|---|---:|---|"
)
RATIO_HEAD = "| question | n | × loop | × best rival | best rival |\n|---|---:|---:|---:|---|"
TIME_HEAD = (
    "| question | n | contender | median, ms | min, ms | max, ms | rounds | peak, MB |\n"
    "|---|---:|---|---:|---:|---:|---:|---:|"
)
MANY = 100_000  # below it a result fits into what the interpreter has at hand, and memory says nothing


def render_bars(lines: Iterable[Line]) -> str:
    """One row for each bar that was measured."""
    rows = [_bar_row(line, verdict) for line in lines for verdict in line["verdicts"]]
    return "\n".join([BAR_HEAD, *rows])


def render_tally(lines: Iterable[Line]) -> str:
    """How many bars were met."""
    found = [verdict["is_met"] for line in lines for verdict in line["verdicts"]]
    return f"{sum(found)} of {len(found)} bars met"


def render_ratios(lines: Iterable[Line]) -> str:
    """Each job of each line beside the loop and the best rival, with the middle half of the ratios."""
    return "\n".join([RATIO_HEAD, *(row for line in lines for row in _ratio_rows(line))])


def render_times(lines: Iterable[Line]) -> str:
    """Each contender's own times and memory."""
    rows = [_time_row(line, name, entry) for line in lines for name, entry in line["contenders"].items()]
    return "\n".join([TIME_HEAD, *rows])


def figure(number: float) -> str:
    """About three places that matter.

    >>> figure(0.128), figure(1), figure(12.34), figure(1234.5)
    ('0.13', '1.00', '12.3', '1,234')
    """
    places = 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2
    return f"{number:,.{places}f}"


def _bar_row(line: Line, verdict: dict[str, Any]) -> str:
    unit = "" if verdict["unit"] == "×" else f" {verdict['unit']}"
    sign = "" if verdict["unit"] == "×" else "≤ "
    said = "met" if verdict["is_met"] else "**missed**"
    measured = f"{figure(verdict['measured'])} / {sign}{figure(verdict['bar'])}{unit}"
    against = f"× {verdict['says']}" if verdict["unit"] == "×" else verdict["says"]
    return _row(line["question"], _size(line), against, verdict["against"], measured, said)


def _ratio_rows(line: Line) -> list[str]:
    entries: dict[str, Entry] = line["contenders"]
    return [
        _row(_job_name(line, entries, mine), _size(line), *_against(entries, mine))
        for mine, entry in entries.items()
        if entry["kind"] == "engine"
    ]


def _against(entries: dict[str, Entry], mine: str) -> tuple[str, str, str]:
    job = entries[mine]["job"]
    loop = best_of_kind(entries, "loop", job)
    rival = best_of_kind(entries, "rival", job)
    return (
        _with_spread(entries[loop], entries[mine]) if loop else "–",
        _with_spread(entries[rival], entries[mine]) if rival else "–",
        rival or "–",
    )


def _with_spread(other: Entry, mine: Entry) -> str:
    ratios = paired_ratios(other["times_s"], mine["times_s"])
    middle = figure(ratio(other, mine))
    if len(ratios) < 3:
        return middle
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{middle} ({figure(low)}–{figure(high)})"


def _job_name(line: Line, entries: dict[str, Entry], mine: str) -> str:
    is_alone = sum(entry["kind"] == "engine" for entry in entries.values()) == 1
    return str(line["question"]) if is_alone else f"{line['question']}: {mine}"


def _time_row(line: Line, name: str, entry: Entry) -> str:
    times = (figure(entry[key] * 1000) for key in ("median_s", "min_s", "max_s"))
    return _row(line["question"], _size(line), name, *times, str(len(entry["times_s"])), _peak(line, entry))


def _peak(line: Line, entry: Entry) -> str:
    is_told = entry["peak_bytes"] is not None and (line["size"] >= MANY or line["is_program"])
    return figure(entry["peak_bytes"] / 1e6) if is_told else "–"


def _size(line: Line) -> str:
    return f"{line['size']:,}" if line["size"] > 1 else ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
