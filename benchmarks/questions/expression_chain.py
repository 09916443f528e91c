"""What does a chain of six steps cost when its steps can be read?"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from benchmarks.rivals import builtins_rival, generators, loops
from engine import Chain, it


def expressions(records: list[Any]) -> Any:
    return (
        Chain(records)
        .filter(it["age"] > 30)
        .filter(it["tenant"] != "t7")
        .map(it["age"] * 2 + 1)
        .filter(it % 3 != 0)
        .map(it - 7)
        .sum()
    )


QUESTIONS = (
    Question(
        "chain of expressions",
        "filter, filter, map, filter, map, sum over records, the steps as expressions of `it`",
        partial(data.records, groups=100),
        (
            Contender("engine", "engine", expressions),
            Contender("loop", "loop", loops.chain),
            Contender("map and filter", "rival", builtins_rival.chain),
            Contender("nested generators", "rival", generators.chain),
        ),
        (
            Ratio("loop", 2.5, ("loop",), sizes=(10_000,)),
            Ratio("loop", 1.4, ("loop",), sizes=(1_000_000,)),
            Ratio("built-in map and filter", 4, ("map and filter",)),
            Ratio("nested generators", 2, ("nested generators",)),
        ),
        comparable=int,
    ),
)
