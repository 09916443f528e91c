"""Where do runs begin in a sorted array?"""

from __future__ import annotations

from functools import partial

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, numpy_rival

QUESTIONS = (
    Question(
        "chunk_by column",
        "the starts of runs in sorted int64, runs of 10",
        partial(data.integers_in_runs, mean_length=10),
        (
            Contender("engine", "engine", lambda values: engine.chunk_by(values).starts),
            Contender("loop", "loop", loops.run_starts),
            Contender("numpy.flatnonzero", "rival", numpy_rival.run_starts),
        ),
        lane="columns",
        comparable=lambda starts: list(map(int, starts)),
    ),
)
