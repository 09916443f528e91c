"""What is wrong with a caller's input, as it is told: texts by path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from engine.validation import Issue

Problems: TypeAlias = dict[str, tuple[str, ...]]


def problems_of(issues: Iterable[Issue]) -> Problems:
    """The texts of all issues, by path, in their order.

    >>> problems_of([Issue("labels[1]", "type", "must be text", "null")])
    {'labels[1]': ('must be text, got null',)}
    """
    problems: Problems = {}
    for issue in issues:
        problems[issue.path] = (*problems.get(issue.path, ()), issue.text)
    return problems
