"""Measures every question and prints one table. See `ci/bench --help`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.questions import QUESTIONS

RIVALS = ("numpy", "cytoolz", "polars")
DESCRIPTION = """The engine beside a plain loop and the best rival, on the same seeded data.

Each line is a process of its own: results are compared first, then every contender runs in turn, round
after round; the median counts. Ratios above 1 mean that the engine is faster. Bias: the data are ours, and
records are dicts as a JSON decoder gives them; polars gets its frames before the clock starts."""


def main() -> None:
    options = _parse_options()
    lines = [_header()]
    print(lines[0], flush=True)
    for size in options.records:
        for name in options.questions:
            print(f"  measuring {name}, {size:,} records ...", file=sys.stderr, end="\r", flush=True)
            line = render_line(name, size, _measure(name, size, options.seconds))
            lines.append(line)
            print(line, flush=True)
    if options.report:
        options.report.write_text("\n".join(lines) + "\n")


def render_line(name: str, size: int, times: dict[str, Any]) -> str:
    """One row of the table (Markdown)."""
    mine = next(entry for entry in times.values() if entry["kind"] == "engine")["median_s"]
    loop = next(entry for entry in times.values() if entry["kind"] == "loop")["median_s"]
    rivals = {rival: entry["median_s"] for rival, entry in times.items() if entry["kind"] == "rival"}
    best = min(rivals, key=lambda rival: rivals[rival])
    cells = (
        name,
        f"{size:,}",
        _milliseconds(mine),
        f"{_milliseconds(loop)}",
        f"{loop / mine:.2f}",
        f"{best} {_milliseconds(rivals[best])}",
        f"{rivals[best] / mine:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _measure(name: str, size: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.measure", name, str(size), str(seconds)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{name}, {size} records: {finished.stderr.strip()[-2000:]}")
    times: dict[str, Any] = json.loads(finished.stdout)
    return times


def _header() -> str:
    versions = ", ".join(f"{rival} {version(rival)}" for rival in RIVALS)
    machine = (
        f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
    )
    return (
        f"{machine}; {versions}\n\n"
        "| question | records | engine, ms | loop, ms | × loop | best rival, ms | × rival |\n"
        "|---|---:|---:|---:|---:|---|---:|"
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f}" if seconds < 1 else f"{seconds * 1000:,.0f}"


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "ci/bench", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help="only those (default: all)")
    parser.add_argument("--records", nargs="+", type=int, default=[10_000, 1_000_000], metavar="N")
    parser.add_argument("--seconds", type=float, default=5.0, help="time for the rounds of a line (5)")
    parser.add_argument("--report", type=Path, help="write the table to this file too")
    parser.add_argument("--list", action="store_true", help="name the questions and what they ask")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{question.name}: {question.asks}" for question in QUESTIONS.values()))
        raise SystemExit
    unknown = [name for name in options.questions if name not in QUESTIONS]
    if unknown:
        parser.error(f"no question {unknown[0]!r}, expected one of: {', '.join(QUESTIONS)}")
    options.questions = options.questions or list(QUESTIONS)
    return options


if __name__ == "__main__":
    main()
