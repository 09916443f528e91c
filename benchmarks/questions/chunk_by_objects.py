"""What does it cost to split sorted records into runs of equal keys?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import engine
from benchmarks import data
from benchmarks.question import Bar, Contender, Question, Ratio, as_it_is
from benchmarks.rivals import cytoolz_rival, loops, more_itertools_rival, standard_library
from benchmarks.walking import drain

BARRED_SIZE = (1_000_000,)
BEST = ("itertools.groupby", "cytoolz.partitionby")


def _bars(loop: float, rival: float) -> tuple[Bar, ...]:
    return (
        Ratio("loop", loop, ("loop",), sizes=BARRED_SIZE),
        Ratio("groupby with lists, cytoolz.partitionby", rival, BEST, sizes=BARRED_SIZE),
    )


def _with_keys(runs: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    return [(run[0]["tenant"], list(run)) for run in runs]


def _contenders(
    engine_way: Callable[[Any], Any], loop_way: Callable[[Any], Any], finish: Callable[[Any], Any]
) -> tuple[Contender, ...]:
    """`finish` makes a list of what the rivals give lazily, or leaves it as it is."""
    return (
        Contender("engine", "engine", engine_way),
        Contender("loop", "loop", loop_way),
        Contender(
            "itertools.groupby", "rival", lambda records: finish(standard_library.groupby_lists(records))
        ),
        Contender(
            "cytoolz.partitionby",
            "rival",
            lambda records: finish(cytoolz_rival.partitionby(records)),
            _with_keys,
        ),
        Contender(
            "more_itertools.split_when",
            "rival",
            lambda records: finish(more_itertools_rival.split_when(records)),
            _with_keys,
        ),
    )


EAGER = _contenders(lambda records: engine.chunk_by(records, "tenant").collect(), loops.chunk_by, list)
LAZY = _contenders(lambda records: engine.chunk_by(records, "tenant"), loops.iter_chunks, as_it_is)

QUESTIONS = (
    Question(
        "chunk_by objects, text keys, eager",
        "records sorted by tenant, runs of 5, as a list of (tenant, [record, ...])",
        partial(data.records_in_runs, mean_length=5),
        EAGER,
        _bars(4, 2.5),
    ),
    Question(
        "chunk_by objects, text keys, lazy",
        "the same runs one by one, each forgotten before the next",
        partial(data.records_in_runs, mean_length=5),
        LAZY,
        _bars(2, 1.3),
        consume=drain,
    ),
    Question(
        "chunk_by objects, int keys, eager",
        "the same with whole numbers as tenants",
        partial(data.records_in_runs, mean_length=5, has_text_keys=False),
        EAGER,
        _bars(4, 2.5),
    ),
    Question(
        "chunk_by objects, int keys, lazy",
        "the same, one by one",
        partial(data.records_in_runs, mean_length=5, has_text_keys=False),
        LAZY,
        _bars(2, 1.3),
        consume=drain,
    ),
    Question(
        "chunk_by objects, document order",
        "as text keys, eager, but sorted before decoding: neighbours lie beside each other in memory",
        partial(data.records_in_document_order, mean_length=5),
        EAGER,
    ),
    Question(
        "chunk_by objects, JSON Lines",
        "as document order, but each record has field names of its own",
        partial(data.records_of_lines, mean_length=5),
        EAGER,
    ),
)
