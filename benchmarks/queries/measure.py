"""One question asked both ways: plans and answers compared, then interleaved rounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import asyncpg

from benchmarks.queries.cases import Case
from benchmarks.queries.plans import plan_of, steps_of
from service.adapters.postgres.bound_queries import statement_of

MIN_ROUNDS, MAX_ROUNDS = 5, 31
ROUNDS_S = 0.8
BUILDING_ROUNDS, BUILT_IN_A_ROUND = 15, 200


Asked = tuple[str, list[object]]


class Comparison(NamedTuple):
    """`plan` and `plan_by_hand` are the steps in a line."""

    sql: str
    plan: str
    plan_by_hand: str
    is_same_plan: bool
    is_same_answer: bool
    rows: int


class Outcome(NamedTuple):
    """Times are medians in seconds; `building_s` includes looking up the SQL and ordering the arguments."""

    case: Case
    compared: Comparison
    ours_s: float
    by_hand_s: float
    building_s: float


async def measure(connection: asyncpg.Connection, case: Case) -> Outcome:
    compared = await compare(connection, case)
    times = await _interleaved(connection, *_asked(case))
    return Outcome(case, compared, *times, building_s(lambda: statement_of(case.build(), case.ending)))


async def compare(connection: asyncpg.Connection, case: Case) -> Comparison:
    asked = _asked(case)
    plans = [await plan_of(connection, *one) for one in asked]
    answers = [_comparable(case, await connection.fetch(sql, *arguments)) for sql, arguments in asked]
    steps = map(steps_of, plans)
    return Comparison(asked[0][0], *steps, plans[0] == plans[1], answers[0] == answers[1], len(answers[0]))


def building_s(build: Callable[[], object]) -> float:
    """The median of rounds, for one; its SQL is remembered already."""
    rounds = []
    for _ in range(BUILDING_ROUNDS):
        began_at = time.perf_counter()
        for _ in range(BUILT_IN_A_ROUND):
            build()
        rounds.append((time.perf_counter() - began_at) / BUILT_IN_A_ROUND)
    return median(rounds)


def _asked(case: Case) -> tuple[Asked, Asked]:
    """Ours, and by hand."""
    return statement_of(case.build(), case.ending), (case.sql, list(case.arguments))


def _comparable(case: Case, records: list[asyncpg.Record]) -> list[tuple[Any, ...]]:
    """Without an order, rows may come in any."""
    rows = list(map(tuple, records))
    return rows if "ORDER BY" in case.sql else sorted(rows, key=repr)


async def _interleaved(connection: asyncpg.Connection, *asked: Asked) -> list[float]:
    statements = [(await connection.prepare(sql), arguments) for sql, arguments in asked]
    times: list[list[float]] = [[] for _ in statements]
    ends_at = time.perf_counter() + ROUNDS_S
    for number in range(MAX_ROUNDS):
        if number >= MIN_ROUNDS and time.perf_counter() > ends_at:
            break
        # Whoever goes second finds the pages warm: they take turns.
        for place in (0, 1) if number % 2 else (1, 0):
            statement, arguments = statements[place]
            began_at = time.perf_counter()
            await statement.fetch(*arguments)
            times[place].append(time.perf_counter() - began_at)
    return [median(rounds) for rounds in times]
