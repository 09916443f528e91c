"""Where do runs begin in a sorted column, and what do their values add up to?"""

from __future__ import annotations

from functools import partial
from typing import Any

import engine
from benchmarks import data
from benchmarks.data import Inputs
from benchmarks.question import Contender, Question, Ratio, rival
from benchmarks.rivals import loops, numpy_rival

SIZES = (1_000_000, 50_000_000)
LOOP_UP_TO = 1_000_000


def _bars(over_loop: float, over_rivals: float) -> tuple[Ratio, ...]:
    return (
        Ratio("loop", over_loop, ("loop",), sizes=(LOOP_UP_TO,)),
        Ratio("NumPy, Numba, polars", over_rivals, ("NumPy", "Numba", "polars"), sizes=SIZES),
    )


def _boundaries(dtype: str) -> Question:
    return Question(
        f"run boundaries column, {dtype}",
        f"the starts of runs in sorted {dtype}, runs of 10 on average",
        partial(_keys, dtype),
        (
            Contender("engine", "engine", lambda inputs: engine.chunk_by(inputs["keys"]).starts),
            Contender("loop", "loop", lambda inputs: loops.run_starts(inputs["keys"]), up_to=LOOP_UP_TO),
            Contender("NumPy", "rival", lambda inputs: numpy_rival.run_starts(inputs["keys"])),
            Contender("Numba", "rival", rival("numba_rival", "run_starts"), needs="numba"),
            Contender("polars", "rival", rival("polars_rival", "run_starts")),
            Contender("read all", "baseline", lambda inputs: inputs["keys"].max(), job="floor"),
        ),
        _bars(30, 1.5),
        SIZES,
        lane="columns",
        comparable=data.as_bytes,
    )


def _sums(dtype: str) -> Question:
    return Question(
        f"run sums column, {dtype}",
        f"the sum of a {dtype} for each run of sorted int64 keys, runs of 10 on average",
        partial(_keys_and_values, dtype),
        (
            Contender("engine", "engine", _engine_sums),
            Contender("loop", "loop", loops.run_sums, up_to=LOOP_UP_TO),
            Contender("NumPy", "rival", numpy_rival.run_sums),
            Contender("Numba", "rival", rival("numba_rival", "run_sums"), needs="numba"),
            Contender("polars", "rival", rival("polars_rival", "run_sums")),
            Contender("read all", "baseline", numpy_rival.read_all, job="floor"),
        ),
        _bars(20, 1),
        SIZES,
        lane="columns",
        comparable=data.as_bytes,
    )


def _engine_sums(inputs: Inputs) -> Any:
    return engine.chunk_by(inputs["keys"]).agg(total=(inputs["values"], "sum"))["total"]


def _keys(dtype: str, size: int) -> Inputs:
    return Inputs(keys=data.integers_in_runs(size, mean_length=10).astype(dtype))


def _keys_and_values(dtype: str, size: int) -> Inputs:
    keys = data.integers_in_runs(size, mean_length=10)
    return Inputs(keys=keys, values=data.exact_numbers(size, dtype))


QUESTIONS = tuple(make(dtype) for make in (_boundaries, _sums) for dtype in ("int64", "float64"))
