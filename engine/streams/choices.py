"""Other orders of all items, and choices among them: all are read first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.streams.stream import Stream

if TYPE_CHECKING:
    from engine.steps import Step


def reverse(items: Iterator[Any], _: Step) -> Iterator[Any]:
    yield from reversed(list(items))


def shuffle(items: Iterator[Any], step: Step) -> Iterator[Any]:
    from random import Random  # noqa: PLC0415 (loads hashlib, only when in use)

    shuffled = list(items)
    Random(step.extra).shuffle(shuffled)  # noqa: S311 (repeatable, no secret)
    yield from shuffled


def combinations(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    yield from itertools.combinations(items, step.count)


def combinations_repeating(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    yield from itertools.combinations_with_replacement(items, step.count)


def permutations(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    yield from itertools.permutations(items, step.count)


def powerset(items: Iterator[Any], _: Step) -> Iterator[tuple[Any, ...]]:
    pool = tuple(items)
    for size in range(len(pool) + 1):
        yield from itertools.combinations(pool, size)


STREAMS = {
    "reverse": Stream(reverse, "all items in memory", reads_all=True),
    "shuffle": Stream(shuffle, "all items in memory", reads_all=True),
    "combinations": Stream(combinations, "reads all items first, and keeps them", needs_end=True),
    "combinations_repeating": Stream(
        combinations_repeating, "reads all items first, and keeps them", needs_end=True
    ),
    "permutations": Stream(permutations, "reads all items first, and keeps them", needs_end=True),
    "powerset": Stream(powerset, "reads all items first, and keeps them", needs_end=True),
}
