"""What does the same chain cost when its steps are lambdas, which nobody can read?"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from benchmarks.rivals import builtins_rival, cytoolz_rival, lambdas, loops, pyfunctional_rival
from engine import Chain

BEST = ("map and filter", "cytoolz.pipe", "PyFunctional")


def opaque(records: list[Any]) -> Any:
    return (
        Chain(records)
        .filter(lambdas.is_grown_up)
        .filter(lambdas.is_not_t7)
        .map(lambdas.doubled_age)
        .filter(lambdas.is_no_third)
        .map(lambdas.less_seven)
        .sum()
    )


QUESTIONS = (
    Question(
        "chain of lambdas",
        "the chain of expressions with lambdas as steps, the same functions for everyone but the loop",
        partial(data.records, groups=100),
        (
            Contender("engine", "engine", opaque),
            Contender("loop", "loop", loops.chain),
            Contender("map and filter", "rival", builtins_rival.chain),
            Contender("cytoolz.pipe", "rival", cytoolz_rival.pipe),
            Contender("PyFunctional", "rival", pyfunctional_rival.chain),
        ),
        (Ratio("map and filter, cytoolz, PyFunctional", 1, BEST),),
        comparable=int,
    ),
)
