"""A time counts only beside an equal result."""

from __future__ import annotations

from typing import Any

from benchmarks.question import Question


class ResultsDifferError(AssertionError):
    """Two contenders at one job gave different results: their times say nothing."""


def require_equal_results(question: Question, data: object) -> None:
    """Every contender at a job gives what the first one gives.

    Raises:
        ResultsDifferError: one does not.
    """
    results = (
        (contender.name, contender.job, question.comparable(contender.compared_as(contender.run(data))))
        for contender in question.contenders
    )
    require_equal(question.name, results)


def require_equal(question: str, results: Any) -> None:
    """The same of (name, job, result), however it was come by."""
    first_of: dict[str, tuple[str, Any]] = {}
    for name, job, result in results:
        first, expected = first_of.setdefault(job, (name, result))
        if result != expected:
            raise ResultsDifferError(f"{question}: {name} differs from {first}")
