"""What does it cost to split sorted data into runs of equal keys?"""

from __future__ import annotations

from functools import partial
from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, numpy_rival, standard_library, toolz


def _starts(result: Any) -> list[int]:
    return list(map(int, result))


QUESTIONS = (
    Question(
        "chunk_by objects",
        "records sorted by tenant, runs of 5, as (tenant, [record, ...])",
        partial(data.records_in_runs, mean_length=5),
        (
            Contender(
                "engine, eager", "engine", lambda records: engine.chunk_by(records, "tenant").collect()
            ),
            Contender("loop", "loop", loops.chunk_by),
            Contender("itertools.groupby", "rival", standard_library.groupby_lists),
            Contender("cytoolz.partitionby", "rival", toolz.partitionby),
        ),
    ),
    Question(
        "chunk_by column",
        "the starts of runs in sorted int64, runs of 10",
        partial(data.integers_in_runs, mean_length=10),
        (
            Contender("engine", "engine", lambda values: engine.chunk_by(values).starts),
            Contender("loop", "loop", loops.run_starts),
            Contender("numpy.flatnonzero", "rival", numpy_rival.run_starts),
        ),
        _starts,
    ),
)
