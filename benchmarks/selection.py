"""Which questions a word on the command line means."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.question import NO_SIZE, AnyQuestion


def choose(
    questions: Iterable[AnyQuestion], words: list[str], lane: str | None = None
) -> list[AnyQuestion]:
    """Those of the lane whose names are, or begin with, one of `words`; all of it with no words.

    Raises:
        LookupError: a word means no question.
    """
    of_lane = [question for question in questions if lane in (None, question.lane)]
    if not words:
        return of_lane
    for word in words:
        if not any(question.name.startswith(word) for question in of_lane):
            known = "\n  ".join(question.name for question in of_lane)
            raise LookupError(f"question must be, or begin, one of these, got {word!r}:\n  {known}")
    return [question for question in of_lane if question.name.startswith(tuple(words))]


def sizes_of(question: AnyQuestion, asked: list[int] | None, *, only_barred: bool) -> list[int]:
    """The sizes to measure: those asked for, else the question's own; for bars, those where one holds."""
    has_sizes = question.sizes != NO_SIZE
    sizes = list(asked if asked and has_sizes else question.sizes)
    if not only_barred:
        return sizes
    return [size for size in sizes if any(not bar.sizes or size in bar.sizes for bar in question.bars)]
