"""What does it cost to find, for each record on the left, its partners on the right?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from benchmarks.rivals import cytoolz_rival, loops

BARRED_SIZE = (400_000,)
KEYS = {"int": "person", "text": "name"}


def _turned(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(left, right) for right, left in pairs]


def _contenders(on: str) -> tuple[Contender, ...]:
    return (
        Contender("engine", "engine", lambda sides: engine.join(*sides, on=on).collect()),
        Contender("loop", "loop", partial(loops.join, on=on)),
        Contender("loop, collector off", "rival", partial(loops.join_without_collector, on=on)),
        Contender("cytoolz.join", "rival", partial(cytoolz_rival.join, on=on), _turned),
    )


QUESTIONS = tuple(
    Question(
        f"join objects, {kind} keys",
        f"n records with n / 2 by the field {on}, unique on the right, half of them found: a list of pairs",
        data.join_sides,
        _contenders(on),
        (
            Ratio("loop", 8, ("loop",), sizes=BARRED_SIZE),
            Ratio("loop, collector off", 3, ("loop, collector off",), sizes=BARRED_SIZE),
            Ratio("cytoolz.join", 6, ("cytoolz.join",), sizes=BARRED_SIZE),
        ),
        sizes=(10_000, *BARRED_SIZE),
    )
    for kind, on in KEYS.items()
)
