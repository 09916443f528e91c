"""What does it cost to merge k sorted inputs into one?"""

from __future__ import annotations

from functools import partial
from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, numpy_rival, polars_rival, standard_library, toolz


def _arrays(size: int) -> dict[str, Any]:
    arrays = data.sorted_arrays(size, parts=8)
    return {"arrays": arrays, "series": polars_rival.series(arrays)}


QUESTIONS = (
    Question(
        "kmerge objects, k=8",
        "8 sorted lists of floats, as one list",
        partial(data.sorted_parts, parts=8),
        (
            Contender("engine, eager", "engine", lambda parts: engine.kmerge(*parts).collect()),
            Contender("loop, pairwise", "loop", loops.kmerge),
            Contender("heapq.merge", "rival", standard_library.heapq_merge),
            Contender("sorted(chain)", "rival", standard_library.sorted_concatenation),
            Contender("cytoolz.merge_sorted", "rival", toolz.merge_sorted),
        ),
    ),
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
        lambda result: list(map(int, result)),
    ),
)
