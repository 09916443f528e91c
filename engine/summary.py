"""What a pass over numbers tells of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stats:
    """How many numbers there are, their mean, the least and the greatest, and how far they spread.

    `stdev` is the standard deviation of the population: of all these numbers, not of a sample.

    >>> from engine import Chain
    >>> Chain([2, 4]).stats().mean
    3.0
    """

    count: int
    mean: float
    min: float
    max: float
    stdev: float


def summarise(numbers: Iterable[Any]) -> Stats | None:
    """The figures of at least one number, in one pass; None when there are none.

    Source: B. P. Welford, Note on a Method for Calculating Corrected Sums of Squares and Products, 1962.
    """
    read, mean, squares = 0, 0.0, 0.0
    least, greatest = math.inf, -math.inf
    for read, item in enumerate(numbers, 1):
        number = float(item)
        distance = number - mean
        mean += distance / read
        squares += distance * (number - mean)
        least = number if number < least or number != number else least  # noqa: PLR0124 (NaN stays)
        greatest = number if number > greatest or number != number else greatest  # noqa: PLR0124 (as above)
    return Stats(read, mean, least, greatest, math.sqrt(squares / read)) if read else None
