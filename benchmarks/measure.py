"""One question at one size, in a process of its own: results compared first, then interleaved rounds.

Run as `python -m benchmarks.measure QUESTION SIZE SECONDS`; prints one JSON object.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from benchmarks.question import Contender, Question
from benchmarks.questions import QUESTIONS

MIN_ROUNDS = 3
MAX_ROUNDS = 25


def measure(question: Question, size: int, seconds: float) -> dict[str, dict[str, float | str]]:
    """Median and spread of each contender, in seconds. The collector is on, as in real programs.

    Raises:
        SystemExit: a contender's result differs from the engine's.
    """
    data = question.make_data(size)
    require_equal_results(question, data)
    times: dict[str, list[float]] = {contender.name: [] for contender in question.contenders}
    ends_at = time.perf_counter() + seconds
    for round_number in range(MAX_ROUNDS):
        if round_number >= MIN_ROUNDS and time.perf_counter() > ends_at:
            break
        for contender in question.contenders:
            times[contender.name].append(time_once(contender, data))
    return {
        contender.name: {
            "kind": contender.kind,
            "median_s": statistics.median(times[contender.name]),
            "min_s": min(times[contender.name]),
            "max_s": max(times[contender.name]),
            "rounds": len(times[contender.name]),
        }
        for contender in question.contenders
    }


def require_equal_results(question: Question, data: object) -> None:
    expected = None
    for contender in question.contenders:
        result = question.comparable(contender.run(data))
        if expected is None:
            expected = result
        elif result != expected:
            raise SystemExit(
                f"{question.name}: {contender.name} differs from {question.contenders[0].name}"
            )


def time_once(contender: Contender, data: object) -> float:
    began_at = time.perf_counter()
    result = contender.run(data)
    elapsed = time.perf_counter() - began_at
    del result  # freeing it is nobody's measured time
    return elapsed


if __name__ == "__main__":
    name, size, seconds = sys.argv[1:]
    print(json.dumps(measure(QUESTIONS[name], int(size), float(seconds))))
