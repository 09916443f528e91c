"""Steps that look at an item beside the one before it, or at what has been seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Any

from engine.streams.stream import END, Stream, asked, canonical

if TYPE_CHECKING:
    from engine.steps import Step


def intersperse(items: Iterator[Any], step: Step) -> Iterator[Any]:
    yield from islice(items, 1)
    for item in items:
        yield step.extra
        yield item


def with_position(items: Iterator[Any], _: Step) -> Iterator[tuple[str, Any]]:
    item = next(items, END)
    if item is END:
        return
    mark = "first"
    for following in items:
        yield (mark, item)
        mark, item = "middle", following
    yield ("only" if mark == "first" else "last", item)


def pairs(items: Iterator[Any], _: Step) -> Iterator[tuple[Any, Any]]:
    return pairwise(items)


def windows_circular(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    """After the last item the first ones come again; fewer than n go round more than once."""
    first = list(islice(items, step.count - 1))
    if len(first) < step.count - 1:
        yield from _short_circle(first, step.count)
        return
    window: deque[Any] = deque(first, maxlen=step.count)
    for item in chain(items, first):
        window.append(item)
        yield tuple(window)


def _short_circle(items: list[Any], size: int) -> Iterator[tuple[Any, ...]]:
    for start in range(len(items)):
        yield tuple(items[(start + i) % len(items)] for i in range(size))


def split_when(items: Iterator[Any], step: Step) -> Iterator[list[Any]]:
    run = list(islice(items, 1))
    for item in items:
        if step.function(run[-1], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def coalesce(items: Iterator[Any], step: Step) -> Iterator[Any]:
    held = next(items, END)
    if held is END:
        return
    for item in items:
        merged = step.function(held, item)
        if merged is None:
            yield held
            merged = item
        held = merged
    yield held


def run_length(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, int]]:
    key_of = asked(step)
    first, key, length = END, END, 0
    for item in items:
        item_key = canonical(key_of(item))
        if length and (item_key is key or item_key == key):
            length += 1
            continue
        if length:
            yield (first, length)
        first, key, length = item, item_key, 1
    if length:
        yield (first, length)


STREAMS = {
    "intersperse": Stream(intersperse, "one item ahead"),
    "with_position": Stream(with_position, "one item ahead"),
    "pairwise": Stream(pairs, "one item in memory"),
    "windows_circular": Stream(windows_circular, "the first n - 1 items in memory"),
    "split_when": Stream(split_when, "one part in memory"),
    "coalesce": Stream(coalesce, "one item in memory"),
    "run_length": Stream(run_length, "one item in memory"),
}
