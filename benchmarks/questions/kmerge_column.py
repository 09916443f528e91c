"""What does it cost to merge sorted arrays?"""

from __future__ import annotations

from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, numpy_rival, polars_rival


def _arrays(size: int) -> dict[str, Any]:
    arrays = data.sorted_arrays(size, parts=8)
    return {"arrays": arrays, "series": polars_rival.series(arrays)}


QUESTIONS = (
    Question(
        "kmerge column, k=8",
        "8 sorted int64 arrays, as one array",
        _arrays,
        (
            Contender("engine", "engine", lambda both: engine.kmerge(*both["arrays"])),
            Contender(
                "loop, pairwise", "loop", lambda both: loops.kmerge([a.tolist() for a in both["arrays"]])
            ),
            Contender("numpy.sort", "rival", lambda both: numpy_rival.sorted_concatenation(both["arrays"])),
            Contender(
                "polars sort", "rival", lambda both: polars_rival.sorted_concatenation(both["series"])
            ),
        ),
        lane="columns",
        comparable=lambda merged: list(map(int, merged)),
    ),
)
