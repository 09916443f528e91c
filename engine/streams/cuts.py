"""Parts of a stream by position or by a predicate."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

from engine.errors import LengthError
from engine.streams.stream import Stream, asked

if TYPE_CHECKING:
    from engine.steps import Step


def step_by(items: Iterator[Any], step: Step) -> Iterator[Any]:
    return islice(items, 0, None, step.count)


def take_last(items: Iterator[Any], step: Step) -> Iterator[Any]:
    yield from deque(items, maxlen=step.count)


def skip_last(items: Iterator[Any], step: Step) -> Iterator[Any]:
    held: deque[Any] = deque(islice(items, step.count))
    for item in items:
        held.append(item)
        yield held.popleft()


def sliced(items: Iterator[Any], step: Step) -> Iterator[Any]:
    """Islice reads up to `stop`, even when the step has passed the last item it gives."""
    start, stop, stride = step.extra
    if stop is None:
        return islice(items, start, None, stride)
    wanted = range(start, stop, stride)
    return islice(items, start, wanted[-1] + 1, stride) if wanted else iter(())


def take_while_inclusive(items: Iterator[Any], step: Step) -> Iterator[Any]:
    holds = asked(step)
    for item in items:
        yield item
        if not holds(item):
            return


def while_some(items: Iterator[Any], _: Step) -> Iterator[Any]:
    for item in items:
        if item is None:
            return
        yield item


def positions(items: Iterator[Any], step: Step) -> Iterator[int]:
    holds = asked(step)
    for position, item in enumerate(items):
        if holds(item):
            yield position


def chunks_exact(items: Iterator[Any], step: Step) -> Iterator[list[Any]]:
    while chunk := list(islice(items, step.count)):
        if len(chunk) < step.count:
            raise LengthError(f"each chunk must have {step.count} items, got {len(chunk)} left at the end")
        yield chunk


def batching(items: Iterator[Any], step: Step) -> Iterator[Any]:
    while (batch := step.function(items)) is not None:
        yield batch


def pad_to(items: Iterator[Any], step: Step) -> Iterator[Any]:
    read = 0
    for read, item in enumerate(items, 1):  # noqa: B007 (the last one counts)
        yield item
    yield from repeat(step.extra, max(0, step.count - read))


def cycle(items: Iterator[Any], step: Step) -> Iterator[Any]:
    kept: list[Any] = []
    for item in items:
        kept.append(item)
        yield item
    rounds = repeat(kept, step.count - 1) if step.count else repeat(kept)
    if kept:
        yield from chain.from_iterable(rounds)


STREAMS = {
    "step_by": Stream(step_by, "every nth item"),
    "take_last": Stream(take_last, "the last n items in memory", reads_all=True),
    "skip_last": Stream(skip_last, "n items in memory"),
    "slice": Stream(sliced, "counts"),
    "take_while_inclusive": Stream(take_while_inclusive, "ends after the first that fails"),
    "while_some": Stream(while_some, "ends before the first None"),
    "positions": Stream(positions, "counts"),
    "chunks_exact": Stream(chunks_exact, "one chunk in memory"),
    "batching": Stream(batching, "the function reads as it likes"),
    "pad_to": Stream(pad_to, "counts"),
    "cycle": Stream(cycle, "all items in memory from the second round on"),
}
