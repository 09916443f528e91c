"""The questions, one file each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from benchmarks.question import AnyQuestion

# Objects first: who looks for one of them must not find NumPy and polars in memory.
MODULES = (
    "chunk_by_objects",
    "group_by_objects",
    "kmerge_objects",
    "join_objects",
    "expression_chain",
    "lambda_chain",
    "small_kernels",
    "composition",
    "validation",
    "state",
    "streaming_memory",
    "start",
    "runs_column",
    "evaluate_column",
    "strings_column",
    "kmerge_column",
    "join_column",
    "par_map",
    "event_loop",
)


def iter_questions() -> Iterator[AnyQuestion]:
    """Each question in order; a file is imported when its turn comes."""
    for module in MODULES:
        yield from import_module(f"{__name__}.{module}").QUESTIONS


def get_question(name: str) -> AnyQuestion:
    """The question of that name.

    Raises:
        LookupError: there is none.
    """
    for question in iter_questions():
        if question.name == name:
            return question
    raise LookupError(f"question must be one of ci/bench --list, got {name!r}")
