"""What does arithmetic over columns cost, and filter, map and sum in one pass?"""

from __future__ import annotations

from functools import partial

import engine
from benchmarks import data
from benchmarks.data import Inputs
from benchmarks.question import Contender, Question, Ratio, rival
from benchmarks.rivals import loops, numpy_rival
from engine import it

SIZES = (1_000_000, 50_000_000)
LOOP_UP_TO = 1_000_000

LENGTHS = (it.a * it.a + it.b * it.b).sqrt() * 0.5 + it.c
DOUBLED = (it.a * 2.0).sum()


def _columns(names: str, size: int) -> Inputs:
    return Inputs(**{name: data.exact_numbers(size, "float64", seed) for seed, name in enumerate(names)})


QUESTIONS = (
    Question(
        "arithmetic column",
        "sqrt(a * a + b * b) * 0.5 + c of three float64 columns",
        partial(_columns, "abc"),
        (
            Contender("engine", "engine", lambda inputs: engine.evaluate(LENGTHS, inputs.all())),
            Contender("loop", "loop", loops.lengths, up_to=LOOP_UP_TO),
            Contender("NumPy", "rival", numpy_rival.lengths),
            Contender("Numba", "rival", rival("numba_rival", "lengths"), needs="numba"),
            Contender("numexpr", "rival", rival("numexpr_rival", "lengths"), needs="numexpr"),
            Contender("polars", "rival", rival("polars_rival", "lengths")),
            Contender("copy", "baseline", lambda inputs: inputs["a"].copy(), job="floor"),
        ),
        (
            Ratio("loop", 60, ("loop",), sizes=(LOOP_UP_TO,)),
            Ratio("Numba parallel", 1, ("Numba",), sizes=SIZES),
            Ratio("polars, numexpr", 1.5, ("polars", "numexpr"), sizes=SIZES),
        ),
        SIZES,
        lane="columns",
        comparable=data.as_bytes,
    ),
    Question(
        "filter, map and sum column",
        "the sum of a * 2 where b > 0, of two float64 columns",
        partial(_columns, "ab"),
        (
            Contender(
                "engine", "engine", lambda inputs: engine.evaluate(DOUBLED, inputs.all(), where=it.b > 0)
            ),
            Contender("loop", "loop", loops.doubled_where_positive, up_to=LOOP_UP_TO),
            Contender("NumPy", "rival", numpy_rival.doubled_where_positive),
            Contender("Numba", "rival", rival("numba_rival", "doubled_where_positive"), needs="numba"),
            Contender(
                "numexpr", "rival", rival("numexpr_rival", "doubled_where_positive"), needs="numexpr"
            ),
            Contender("polars", "rival", rival("polars_rival", "doubled_where_positive")),
            Contender("read all", "baseline", numpy_rival.read_all, len, job="floor"),
        ),
        (
            Ratio("loop", 55, ("loop",), sizes=(LOOP_UP_TO,)),
            Ratio("Numba parallel", 1, ("Numba",), sizes=SIZES),
            Ratio("polars, numexpr", 1.5, ("polars", "numexpr"), sizes=SIZES),
        ),
        SIZES,
        lane="columns",
        comparable=float,
    ),
)
