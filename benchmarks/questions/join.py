"""What does it cost to find, for each record on the left, its partners on the right?"""

from __future__ import annotations

from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, polars_rival, toolz


def _keys(size: int) -> dict[str, Any]:
    arrays = data.key_arrays(size)
    return {"arrays": arrays, "frames": polars_rival.frames(arrays)}


def _index_pairs(result: tuple[Any, Any]) -> list[tuple[int, int]]:
    return [(int(left), int(right)) for left, right in zip(*result, strict=True)]


QUESTIONS = (
    Question(
        "join objects",
        "n records with n / 2 by a text key, inner, as pairs",
        data.join_sides,
        (
            Contender("engine, eager", "engine", lambda sides: engine.join(*sides, on="name").collect()),
            Contender("loop", "loop", loops.join),
            Contender("cytoolz.join", "rival", toolz.join),
        ),
    ),
    Question(
        "join column",
        "n random int64 keys with n others, inner, as index pairs in left order",
        _keys,
        (
            Contender("engine", "engine", lambda both: engine.join(*both["arrays"])),
            Contender("loop", "loop", lambda both: loops.join_keys(both["arrays"])),
            Contender("polars join", "rival", lambda both: polars_rival.join(both["frames"])),
        ),
        _index_pairs,
    ),
)
