"""Which rows of two arrays of keys belong together?"""

from __future__ import annotations

from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, polars_rival


def _keys(size: int) -> dict[str, Any]:
    arrays = data.key_arrays(size)
    return {"arrays": arrays, "frames": polars_rival.frames(arrays)}


def _index_pairs(result: tuple[Any, Any]) -> list[tuple[int, int]]:
    return [(int(left), int(right)) for left, right in zip(*result, strict=True)]


QUESTIONS = (
    Question(
        "join column",
        "n random int64 keys with n others, inner, as index pairs in left order",
        _keys,
        (
            Contender("engine", "engine", lambda both: engine.join(*both["arrays"])),
            Contender("loop", "loop", lambda both: loops.join_keys(both["arrays"])),
            Contender("polars join", "rival", lambda both: polars_rival.join(both["frames"])),
        ),
        lane="columns",
        comparable=_index_pairs,
    ),
)
