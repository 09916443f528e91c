"""Where do runs begin in a sorted column?"""

from __future__ import annotations

from functools import partial

import engine
from benchmarks import data
from benchmarks.data import Inputs
from benchmarks.question import Contender, Question, Ratio, rival
from benchmarks.rivals import loops, numpy_rival

SIZES = (1_000_000, 50_000_000)
LOOP_UP_TO = 1_000_000


BARS = (
    Ratio("loop", 30, ("loop",), sizes=(LOOP_UP_TO,)),
    Ratio("NumPy, Numba, polars", 1.5, ("NumPy", "Numba", "polars"), sizes=SIZES),
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
        BARS,
        SIZES,
        lane="columns",
        comparable=data.as_bytes,
    )


def _keys(dtype: str, size: int) -> Inputs:
    return Inputs(keys=data.integers_in_runs(size, mean_length=10).astype(dtype))


QUESTIONS = tuple(map(_boundaries, ("int64", "float64")))
