"""Whole programs, each run in a process of its own: wall time from start to end, and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import cache

from benchmarks.differences import require_equal
from benchmarks.peak import EPILOGUE, is_measured_here
from benchmarks.question import Program, ProgramQuestion
from benchmarks.ratios import Entry, order_of_round, summary


def measure_programs(question: ProgramQuestion, size: int, seconds: float) -> dict[str, Entry]:
    """Times and peak memory of each program; one round for memory, then rounds for time.

    Raises:
        ResultsDifferError: programs with one job printed different things.
    """
    for program in question.contenders:
        run(program, 1)  # compiles what it imports
    peaks = _peaks(question, size)
    times: dict[str, list[float]] = {program.name: [] for program in question.contenders}
    ends_at = time.perf_counter() + seconds
    for number in range(question.max_rounds):
        if number and time.perf_counter() > ends_at:
            break
        for place in order_of_round(number, len(question.contenders)):
            program = question.contenders[place]
            began_at = time.perf_counter()
            run(program, size)
            times[program.name].append(time.perf_counter() - began_at)
    return {
        program.name: {
            "kind": program.kind,
            "job": program.job,
            "peak_bytes": peaks[program.name],
            **summary(times[program.name]),
        }
        for program in question.contenders
    }


def run(program: Program, size: int, epilogue: str = "") -> str:
    """What the program prints.

    Raises:
        CalledProcessError: it failed; its own words are on standard error.
    """
    source = program.source.replace("{size}", str(size)) + epilogue
    finished = subprocess.run(
        [sys.executable, "-c", source], stdout=subprocess.PIPE, text=True, check=True, env=_environment()
    )
    return finished.stdout


@cache
def _environment() -> dict[str, str]:
    """Programs find their bytecode compiled, as that of installed packages is, whatever is set here."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp(prefix="bytecode-")}


def _peaks(question: ProgramQuestion, size: int) -> dict[str, int | None]:
    epilogue = EPILOGUE if is_measured_here() else "\nprint(0)"
    printed = [(program, run(program, size, epilogue).splitlines()) for program in question.contenders]
    require_equal(question.name, ((program.name, program.job, lines[:-1]) for program, lines in printed))
    return {program.name: int(lines[-1]) * 1024 or None for program, lines in printed}
