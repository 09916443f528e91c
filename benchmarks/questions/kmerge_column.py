"""What does it cost to merge sorted arrays?"""

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


def _parts(parts: int, size: int) -> Inputs:
    return Inputs(parts=data.sorted_arrays(size, parts=parts))


def _loop(inputs: Inputs) -> Any:
    return loops.kmerge(inputs.once("lists", lambda: [part.tolist() for part in inputs["parts"]]))


def _merge(parts: int, over_rivals: float) -> Question:
    return Question(
        f"kmerge column, k={parts}",
        f"{parts} sorted int64 arrays, as one array",
        partial(_parts, parts),
        (
            Contender("engine", "engine", lambda inputs: engine.kmerge(*inputs["parts"])),
            Contender("loop", "loop", _loop, up_to=LOOP_UP_TO),
            Contender("numpy.sort", "rival", lambda inputs: numpy_rival.sorted_all(inputs["parts"])),
            Contender("polars sort", "rival", rival("polars_rival", "sorted_all")),
            Contender("copy", "baseline", lambda inputs: numpy_rival.joined(inputs["parts"]), job="floor"),
        ),
        (
            Ratio("loop", 60, ("loop",), sizes=(LOOP_UP_TO,)),
            Ratio("numpy.sort, polars", over_rivals, ("numpy.sort", "polars sort"), sizes=SIZES),
        ),
        SIZES,
        lane="columns",
        comparable=data.as_bytes,
    )


QUESTIONS = (_merge(8, 4), _merge(64, 2))
