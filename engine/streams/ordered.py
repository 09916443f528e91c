"""Two inputs that are sorted by the same key, side by side: no table of either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from engine.errors import NotSortedError
from engine.kernels.objects.stream import brief
from engine.sides import Both, Left, Right
from engine.streams.stream import END, Stream, as_callable_key, asked, canonical, is_before, opened

if TYPE_CHECKING:
    from engine.steps import Step

Keyed = tuple[Any, Any]


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
        lefts = _keyed(items, asked(step), "left")
        rights = _keyed(opened([other], stack)[0], as_callable_key(other_key), "right")
        runs = _runs(rights)
        run = next(runs, END)
        matched = False
        for key, item in lefts:
            while run is not END and is_before(run[0], key):
                yield from () if matched else _lonely(run, how)
                run, matched = next(runs, END), False
            if run is END and how in {"inner", "semi", "right"}:
                return
            partners = run[1] if run is not END and key is not None and not is_before(key, run[0]) else ()
            matched = matched or bool(partners)
            yield from _rows(item, partners, how)
        while run is not END and how in {"right", "outer"}:
            yield from () if matched else _lonely(run, how)
            run, matched = next(runs, END), False


def _lonely(run: tuple[Any, list[Any]], how: str) -> Iterable[Any]:
    return [(None, item) for item in run[1]] if how in {"right", "outer"} else ()


def _rows(item: Any, partners: Iterable[Any], how: str) -> Iterable[Any]:
    """What an item of the left side and its partners make; there may be none."""
    if how in {"semi", "anti"}:
        return [item] if bool(partners) == (how == "semi") else ()
    if not partners and how in {"left", "outer"}:
        return [(item, None)]
    return [(item, partner) for partner in partners]


def _runs(keyed: Iterator[Keyed]) -> Iterator[tuple[Any, list[Any]]]:
    """Neighbours with one key."""
    run: tuple[Any, list[Any]] | None = None
    for key, item in keyed:
        if run is not None and not is_before(run[0], key):
            run[1].append(item)
            continue
        if run is not None:
            yield run
        run = (key, [item])
    if run is not None:
        yield run


def _keyed(items: Iterator[Any], key_of: Any, side: str) -> Iterator[Keyed]:
    """Each item after its key; one that is out of order is an error, not a wrong row."""
    previous = END
    for item in items:
        key = canonical(key_of(item))
        if previous is not END and is_before(key, previous):
            raise NotSortedError(
                f"the {side} side must be sorted by its key, got {brief(key)} after {brief(previous)}"
            )
        previous = key
        yield key, item


STREAMS = {
    "merge_align": Stream(merge_align, "both sides sorted, one item of each in memory"),
    "merge_join": Stream(merge_join, "both sides sorted, one run of equal keys in memory"),
}
