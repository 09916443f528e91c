"""How long does an event loop stand still while a kernel computes in its executor?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from engine import kmerge

BEAT_S = 0.001
SPAN_S = 0.4
MOST = 2  # times the longest gap of an idle loop


def _longest_gap(work: Callable[[float], None]) -> float:
    return asyncio.run(_watch(work))


async def _watch(work: Callable[[float], None]) -> float:
    """The longest time between two turns of a task that sleeps for a beat, in seconds."""
    working = asyncio.get_running_loop().run_in_executor(None, work, time.perf_counter() + SPAN_S)
    longest, last = 0.0, time.perf_counter()
    while not working.done():
        await asyncio.sleep(BEAT_S)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    await working
    return longest


def _wait(ends_at: float) -> None:
    time.sleep(ends_at - time.perf_counter())


def _merge_until(parts: Any) -> Callable[[float], None]:
    def work(ends_at: float) -> None:
        while time.perf_counter() < ends_at:
            kmerge(*parts)

    return work


def _nothing(_: Any) -> tuple[()]:
    """Gaps are not results: nobody's need equal another's."""
    return ()


QUESTIONS = (
    Question(
        "event loop",
        "the longest gap of a heartbeat of 1 ms while sorted arrays are merged in the loop's executor, "
        f"over {SPAN_S} s; below 1, the loop stands still for longer than when idle",
        lambda size: data.sorted_arrays(size, parts=8),
        (
            Contender("engine", "engine", lambda parts: _longest_gap(_merge_until(parts)), _nothing),
            Contender("idle", "baseline", lambda _: _longest_gap(_wait), _nothing),
        ),
        (Ratio(f"longest gap at most {MOST} times that of an idle loop", 1 / MOST, ("idle",)),),
        sizes=(4_000_000,),
        lane="threads",
        told_s=float,
    ),
)
