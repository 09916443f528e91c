"""One question at one size, in a process of its own: results compared first, then interleaved rounds.

Run as `python -m benchmarks.measure QUESTION SIZE SECONDS`; prints one JSON object.
"""

from __future__ import annotations

import gc
import json
import math
import statistics
import sys
import time
from functools import partial

from benchmarks.differences import ResultsDifferError, require_equal_results
from benchmarks.peak import growth_bytes
from benchmarks.programs import measure_programs
from benchmarks.question import AnyQuestion, Contender, ProgramQuestion, Question
from benchmarks.questions import get_question
from benchmarks.ratios import Entry, order_of_round, summary

MIN_ROUNDS = 5
MAX_ROUNDS = 25
# A run of less than the first is repeated for about the second, as timeit does.
SHORT_S = 0.005
REPEATED_S = 0.02
MAX_REPEATS = 100


def measure(question: AnyQuestion, size: int, seconds: float) -> dict[str, Entry]:
    """Times and peak memory of each contender. The collector is on, as in real programs.

    Raises:
        ResultsDifferError: a contender's result differs from that of the first with its job.
    """
    if isinstance(question, ProgramQuestion):
        return measure_programs(question, size, seconds)
    question = question.at(size)
    data = question.make_data(size)
    peaks = _peaks(question, data)  # first: afterwards there is freed memory that can be had again unseen
    require_equal_results(question, data)
    times = _interleaved_times(question, data, seconds)
    return {
        contender.name: {
            "kind": contender.kind,
            "job": contender.job,
            "peak_bytes": peaks[contender.name],
            **summary(times[contender.name]),
        }
        for contender in question.contenders
    }


def time_once(question: Question, contender: Contender, data: object) -> float:
    """Seconds of one run; a short one is repeated: the first after the collector's walk is a cold one."""
    gc.collect()  # nobody pays for another's garbage
    if question.told_s:
        return question.told_s(_whole_result(question, contender, data))
    elapsed = _time_run(question, contender, data)
    if elapsed >= SHORT_S:
        return elapsed
    repeats = min(MAX_REPEATS, math.ceil(REPEATED_S / elapsed))
    return statistics.fmean(_time_run(question, contender, data) for _ in range(repeats))


def _time_run(question: Question, contender: Contender, data: object) -> float:
    began_at = time.perf_counter()
    result = _whole_result(question, contender, data)
    elapsed = time.perf_counter() - began_at
    del result  # freeing it is nobody's measured time
    return elapsed


def _whole_result(question: Question, contender: Contender, data: object) -> object:
    return question.consume(contender.run(data))


def _peaks(question: Question, data: object) -> dict[str, int | None]:
    if question.lane != "objects":  # NumPy and polars have threads, and do not survive a fork
        return dict.fromkeys(contender.name for contender in question.contenders)
    return {
        contender.name: growth_bytes(partial(_whole_result, question, contender, data))
        for contender in question.contenders
    }


def _interleaved_times(question: Question, data: object, seconds: float) -> dict[str, list[float]]:
    contenders = question.contenders
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    ends_at = time.perf_counter() + seconds
    for number in range(MAX_ROUNDS):
        if number >= MIN_ROUNDS and time.perf_counter() > ends_at:
            break
        for place in order_of_round(number, len(contenders)):
            times[contenders[place].name].append(time_once(question, contenders[place], data))
    return times


def main(name: str, size: str, seconds: str) -> None:
    try:
        print(json.dumps(measure(get_question(name), int(size), float(seconds))))
    except ResultsDifferError as error:
        raise SystemExit(f"{error}: nothing was timed") from None


if __name__ == "__main__":
    main(*sys.argv[1:])
