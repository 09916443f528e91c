"""Which rows of two arrays of keys belong together?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import engine
from benchmarks import data
from benchmarks.data import Inputs
from benchmarks.question import Contender, Question, Ratio, rival
from benchmarks.rivals import loops

LOOP_UP_TO = 1_000_000
RIVALS = ("polars", "pyarrow", "DuckDB", "pandas")


def _join(
    kind: str, asks: str, keys: Callable[[int], Inputs], size: int, bars: tuple[Ratio, ...]
) -> Question:
    return Question(
        f"join column, {kind}",
        f"{asks}, inner, as index pairs in left order",
        keys,
        (
            Contender("engine", "engine", lambda inputs: engine.join(inputs["left"], inputs["right"])),
            Contender("loop", "loop", _loop, up_to=LOOP_UP_TO),
            Contender("polars", "rival", rival("polars_rival", "join")),
            Contender("pyarrow", "rival", rival("pyarrow_rival", "join"), data.in_left_order),
            Contender("DuckDB", "rival", rival("duckdb_rival", "join"), data.in_left_order, needs="duckdb"),
            Contender("pandas", "rival", rival("pandas_rival", "join"), needs="pandas"),
        ),
        bars,
        (size,),
        lane="columns",
        comparable=data.as_bytes,
    )


def _loop(inputs: Inputs) -> tuple[Any, Any]:
    return loops.join_keys((inputs["left"], inputs["right"]))


def _bars(over_loop: float, over_rivals: float) -> tuple[Ratio, ...]:
    return (Ratio("loop", over_loop, ("loop",)), Ratio(", ".join(RIVALS), over_rivals, RIVALS))


QUESTIONS = (
    _join(
        "random keys",
        "n int64 keys from the whole range with n unique others, half of them found",
        data.random_keys,
        1_000_000,
        _bars(80, 2),
    ),
    _join(
        "dense keys",
        "a permutation of n int64 keys with another",
        data.dense_keys,
        1_000_000,
        _bars(110, 5),
    ),
    _join(
        "ten to one",
        "n int64 keys from the whole range with a tenth as many unique others, half of them found",
        data.ten_to_one_keys,
        10_000_000,
        (Ratio(", ".join(RIVALS), 2, RIVALS),),
    ),
)
