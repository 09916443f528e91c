"""The command `ci/bench queries`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from benchmarks.machine import hardware
from benchmarks.queries.cases import CASES, Case
from benchmarks.queries.contacts import filled_tenant
from benchmarks.queries.measure import Outcome, measure
from benchmarks.queries.report import render_faults, render_page, render_table

DESCRIPTION = """The service's queries beside SQL by hand, on an embedded PostgreSQL with 100 000 contacts.

With no option: one table. The exit status is 1 when a plan or an answer differs, 2 when the command is
wrong. Takes two minutes, most of which fill the tenant."""
DEFAULT_REPORT = Path("docs/queries.md")


def main() -> None:
    options = _parse_options()
    outcomes, server = asyncio.run(_measure_all(options.chosen))
    print(render_table(outcomes))
    if options.report:
        options.report.write_text(render_page(outcomes, server, "; ".join(hardware().values())))
        print(f"the report is {options.report}", file=sys.stderr)
    if faults := render_faults(outcomes):
        raise SystemExit(faults)


async def _measure_all(cases: list[Case]) -> tuple[list[Outcome], str]:
    async with filled_tenant() as connection:
        server = await connection.fetchval("SHOW server_version")
        return [await measure(connection, case) for case in cases], server


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "ci/bench queries",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "questions", nargs="*", metavar="QUESTION", help="beginnings of names (default: all)"
    )
    parser.add_argument(
        "--report",
        nargs="?",
        type=Path,
        const=DEFAULT_REPORT,
        metavar="FILE",
        help=f"all questions with their SQL, in Markdown ({DEFAULT_REPORT})",
    )
    options = parser.parse_args()
    options.chosen = [case for case in CASES if case.name.startswith(tuple(options.questions) or "")]
    if not options.chosen:
        parser.error(f"a question must be one of {', '.join(case.name for case in CASES)}")
    return options


if __name__ == "__main__":
    main()
