"""What does it cost to merge k sorted inputs into one?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from benchmarks.rivals import cytoolz_rival, standard_library

BARRED_SIZE = (1_000_000,)
BARS = {8: 3.0, 64: 6.0}
BEST = ("sorted(chain)", "cytoolz.merge_sorted")


@dataclass(frozen=True)
class _Kind:
    name: str
    asks: str
    make_parts: Callable[..., Any]
    contenders: tuple[Contender, ...]


def _contenders(
    engine_way: Any, heapq_way: Any, sorted_way: Any, cytoolz_way: Any
) -> tuple[Contender, ...]:
    return (
        Contender("engine", "engine", engine_way),
        Contender("heapq.merge", "loop", heapq_way),
        Contender("sorted(chain)", "rival", sorted_way),
        Contender("cytoolz.merge_sorted", "rival", cytoolz_way),
    )


PLAIN = _contenders(
    lambda parts: engine.kmerge(*parts).collect(),
    standard_library.heapq_merge,
    standard_library.sorted_concatenation,
    cytoolz_rival.merge_sorted,
)
BY_NAME = _contenders(
    lambda parts: engine.kmerge(*parts, key="name").collect(),
    standard_library.heapq_merge_by_name,
    standard_library.sorted_concatenation_by_name,
    cytoolz_rival.merge_sorted_by_name,
)
KINDS = (
    _Kind("records", "sorted lists of records by their text field name", data.sorted_record_parts, BY_NAME),
    _Kind("texts", "sorted lists of texts of 8 to 14 letters", data.sorted_text_parts, PLAIN),
    _Kind("floats", "sorted lists of floats", data.sorted_parts, PLAIN),
)

QUESTIONS = tuple(
    Question(
        f"kmerge objects, {kind.name}, k={parts}",
        f"{parts} {kind.asks}, as one list",
        partial(kind.make_parts, parts=parts),
        kind.contenders,
        (
            Ratio("heapq.merge", loop, ("heapq.merge",), sizes=BARRED_SIZE),
            Ratio("sorted(chain), cytoolz.merge_sorted", 2, BEST, sizes=BARRED_SIZE),
        ),
    )
    for kind in KINDS
    for parts, loop in BARS.items()
)
