"""The command `ci/bench`: measures questions, each in a process of its own, and tells what came out."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.machine import describe
from benchmarks.question import AnyQuestion, ProgramQuestion
from benchmarks.questions import iter_questions
from benchmarks.ratios import verdicts
from benchmarks.readme import render_readme_table
from benchmarks.report import LANES, write_report
from benchmarks.runs import merge
from benchmarks.selection import choose, sizes_of

DESCRIPTION = """The engine beside a plain loop and its rivals, on the same seeded data, results compared.

With no option: the ratios of each question, one table. Ratios above 1 mean that the engine is faster.
Progress is on standard error. The exit status is 1 when results differ or a contender fails, 2 when the
command is wrong.
How it is measured and what favours whom stands in the report."""
EPILOG = """examples:
  ci/bench "chunk_by" --seconds 1          every question that begins so, roughly
  ci/bench --bars                          the engine's promises: measured / bar
  ci/bench --lane objects --report --json raw.json
  ci/bench --from raw.json --readme        the table of README.md, nothing measured
  ci/bench queries                         the queries of the service beside SQL by hand"""
DEFAULT_REPORT = Path("docs/benchmarks")


def main() -> None:
    options = _parse_options()
    if options.list:
        print("\n".join(f"{question.name}: {question.asks}" for question in options.chosen))
        return
    run = _read(options.raw) if options.raw else _measure_all(options)
    if options.json:
        options.json.write_text(json.dumps(run, indent=1) + "\n")
    if options.report:
        write_report(options.report, run)
        print(f"the report is {options.report / 'README.md'}", file=sys.stderr)
    print(_told(options, run))


def _told(options: argparse.Namespace, run: dict[str, Any]) -> str:
    if options.readme:
        return render_readme_table(run["lines"])
    machine = "; ".join(run["machine"].values())
    if options.bars:
        return f"{machine}\n\n{tables.render_bars(run['lines'])}\n\n{tables.render_tally(run['lines'])}"
    return f"{machine}\n\n{tables.render_ratios(run['lines'])}"


def _read(files: list[Path]) -> dict[str, Any]:
    try:
        return merge([json.loads(file.read_text()) for file in files])
    except (OSError, ValueError) as error:
        raise SystemExit(f"raw figures can not be told: {error}") from error


def _measure_all(options: argparse.Namespace) -> dict[str, Any]:
    todo = [
        (question, size)
        for question in options.chosen
        for size in sizes_of(question, options.records, only_barred=options.bars)
    ]
    if not todo:
        raise SystemExit(f"some bar must hold at the sizes asked for, got {options.records}")
    lines = []
    for number, (question, size) in enumerate(todo, 1):
        print(f"[{number}/{len(todo)}] {question.name}, n = {size:,}", file=sys.stderr, flush=True)
        lines.append(_measure(question, size, options.seconds))
    return {"machine": describe(), "lines": lines}


def _measure(question: AnyQuestion, size: int, seconds: float) -> tables.Line:
    command = [sys.executable, "-m", "benchmarks.measure", question.name, str(size), str(seconds)]
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{question.name}, n = {size:,}: not measured, see above")
    entries = json.loads(finished.stdout)
    return {
        "question": question.name,
        "asks": question.asks,
        "lane": question.lane,
        "is_program": isinstance(question, ProgramQuestion),
        "size": size,
        "contenders": entries,
        "verdicts": verdicts(question.bars, size, entries),
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "ci/bench",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "questions", nargs="*", metavar="QUESTION", help="a name or its beginning (default: all)"
    )
    parser.add_argument("--lane", choices=LANES, help="only the questions of this lane")
    parser.add_argument(
        "--records", nargs="+", type=int, metavar="N", help="sizes instead of the question's own"
    )
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="time for the rounds of a line, at least (5)"
    )
    parser.add_argument("--bars", action="store_true", help="only where a bar holds; print measured / bar")
    parser.add_argument(
        "--report",
        nargs="?",
        type=Path,
        const=DEFAULT_REPORT,
        metavar="DIR",
        help=f"Markdown and figures in DIR ({DEFAULT_REPORT})",
    )
    parser.add_argument("--readme", action="store_true", help="print the table of README.md")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures")
    parser.add_argument(
        "--from",
        dest="raw",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="tell from raw figures of one machine and commit; measure nothing",
    )
    parser.add_argument("--list", action="store_true", help="name the questions and what they ask")
    options = parser.parse_args()
    try:
        options.chosen = choose(iter_questions(), options.questions, options.lane)
    except LookupError as error:
        parser.error(str(error))
    return options


if __name__ == "__main__":
    main()
