"""Two inputs that are sorted by the same key, side by side: no table of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import product
from typing import TYPE_CHECKING, Any

from engine.errors import NotSortedError
from engine.kernels.objects.chunk import iter_runs
from engine.kernels.objects.place import brief
from engine.sides import Both, Left, Right
from engine.steps import ready_key
from engine.streams.stream import END, Stream, asked, canonical, is_before, opened

if TYPE_CHECKING:
    from engine.steps import Step

Run = tuple[Any, list[Any]]

# The kinds of join that keep items without a partner.
_KEEP_LEFT = frozenset({"left", "outer", "anti"})
_KEEP_RIGHT = frozenset({"right", "outer"})


def merge_align(items: Iterator[Any], step: Step) -> Iterator[Any]:
    with ExitStack() as stack:
        lefts = _keyed(items, asked(step), "left")
        rights = _keyed(opened(step.extra, stack)[0], asked(step), "right")
        left, right = next(lefts, END), next(rights, END)
        while left is not END or right is not END:
            if right is END or (left is not END and is_before(left[0], right[0])):
                yield Left(left[1])
                left = next(lefts, END)
            elif left is END or is_before(right[0], left[0]):
                yield Right(right[1])
                right = next(rights, END)
            else:
                yield Both(left[1], right[1])
                left, right = next(lefts, END), next(rights, END)


def merge_join(items: Iterator[Any], step: Step) -> Iterator[Any]:
    other, other_key, how = step.extra
    with ExitStack() as stack:
        lefts = _runs(items, step.function, "left")
        rights = _runs(opened([other], stack)[0], other_key, "right")
        for left, right in _aligned_runs(lefts, rights, how):
            yield from _rows(left, right, how)


def _aligned_runs(
    lefts: Iterator[Run], rights: Iterator[Run], how: str
) -> Iterator[tuple[list[Any], list[Any]]]:
    """The items of both sides that have one key; ends when what is left of a side can make no rows."""
    left, right = next(lefts, END), next(rights, END)
    while (left is not END or how in _KEEP_RIGHT) and (right is not END or how in _KEEP_LEFT):
        if left is right:
            return
        if right is END or (left is not END and is_before(left[0], right[0])):
            yield left[1], []
            left = next(lefts, END)
        elif left is END or is_before(right[0], left[0]):
            yield [], right[1]
            right = next(rights, END)
        elif left[0] is None:
            yield left[1], []
            yield [], right[1]
            left, right = next(lefts, END), next(rights, END)
        else:
            yield left[1], right[1]
            left, right = next(lefts, END), next(rights, END)


def _rows(lefts: list[Any], rights: list[Any], how: str) -> Iterable[Any]:
    if how in {"semi", "anti"}:
        return lefts if bool(rights) == (how == "semi") else ()
    if lefts and rights:
        return product(lefts, rights)
    if how in _KEEP_LEFT and lefts:
        return [(item, None) for item in lefts]
    return [(None, item) for item in rights] if how in _KEEP_RIGHT else ()


def _runs(items: Iterable[Any], key: Any, side: str) -> Iterator[Run]:
    """Neighbours with one key; one that is out of order is an error, not a wrong row."""
    previous = END
    for run in iter_runs(items, ready_key(key)):
        _require_order(run[0], previous, side)
        previous = run[0]
        yield run


def _keyed(items: Iterator[Any], key_of: Callable[[Any], Any], side: str) -> Iterator[tuple[Any, Any]]:
    """Each item after its key."""
    previous = END
    for item in items:
        key = canonical(key_of(item))
        _require_order(key, previous, side)
        previous = key
        yield key, item


def _require_order(key: Any, previous: Any, side: str) -> None:
    if previous is not END and is_before(key, previous):
        raise NotSortedError(
            f"the {side} side must be sorted by its key, got {brief(key)} after {brief(previous)}"
        )


STREAMS = {
    "merge_align": Stream(merge_align, "both sides sorted, one item of each in memory"),
    "merge_join": Stream(merge_join, "both sides sorted, one run of equal keys in memory"),
}
