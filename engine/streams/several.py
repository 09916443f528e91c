"""Several inputs side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from itertools import zip_longest as iter_longest
from typing import TYPE_CHECKING, Any

from engine.errors import LengthError
from engine.streams.stream import END, Stream, opened

if TYPE_CHECKING:
    from engine.steps import Step


def zip_eq(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    with ExitStack() as stack:
        rows = iter_longest(items, *opened(step.extra, stack), fillvalue=END)
        many = len(step.extra) > 1
        for read, row in enumerate(rows):
            if row[0] is END or row[-1] is END or (many and any(item is END for item in row)):
                ended = next(number for number, item in enumerate(row, 1) if item is END)
                raise LengthError(
                    f"inputs must be equally long, got {read} items from input {ended} of {len(row)}, "
                    "and more from others"
                )
            yield row


def zip_longest(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    others, fill = step.extra
    with ExitStack() as stack:
        yield from iter_longest(items, *opened(others, stack), fillvalue=fill)


def zip_offset(items: Iterator[Any], step: Step) -> Iterator[tuple[Any, ...]]:
    others, offsets = step.extra
    with ExitStack() as stack:
        inputs = [items, *opened(others, stack)]
        moved = [islice(each, offset, None) for each, offset in zip(inputs, offsets, strict=True)]
        yield from zip(*moved, strict=False)


def interleave(items: Iterator[Any], step: Step) -> Iterator[Any]:
    others, stop = step.extra
    with ExitStack() as stack:
        inputs = [items, *opened(others, stack)]
        yield from _until_one_ends(inputs) if stop == "shortest" else _until_all_end(inputs)


def _until_one_ends(inputs: list[Iterator[Any]]) -> Iterator[Any]:
    while True:
        for each in inputs:
            item = next(each, END)
            if item is END:
                return
            yield item


def _until_all_end(inputs: list[Iterator[Any]]) -> Iterator[Any]:
    while inputs:
        going: list[Iterator[Any]] = []
        for each in inputs:
            item = next(each, END)
            if item is not END:
                going.append(each)
                yield item
        inputs = going


STREAMS = {
    "zip_eq": Stream(zip_eq, "one item of each input"),
    "zip_longest": Stream(zip_longest, "one item of each input"),
    "zip_offset": Stream(zip_offset, "one item of each input"),
    "interleave": Stream(interleave, "one item of each input in turn"),
}
