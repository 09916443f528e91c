"""How many items come out of a chain, as far as its plan tells, and whether it ever ends.

A step that is not named here lets an unknown number through, and ends when its input does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from math import prod
from typing import Any

from engine.errors import PlanError
from engine.sources import Extent, Source
from engine.steps import Step
from engine.streams import STREAMS
from engine.streams.stream import is_plain_tuple

Rule = Callable[[Extent, Step], Extent]

# They read all items before the first comes out; so do the streams that say so.
_BARRIERS = frozenset({"sort", "take_sorted", "sort_unique", "group_by", "top_k", "bottom_k"})
# They read all of their other inputs first.
_READ_OTHERS = frozenset({"join", "product"})


def extent_of(source: Source, steps: Iterable[Step]) -> Extent:
    """What is known of the number of items that come out; nothing is read."""
    *_, last = _extents(source, steps)
    return last


def require_barriers_end(source: Source, steps: tuple[Step, ...]) -> None:
    """No step has to read an endless input before its first item.

    Raises:
        PlanError: one does; it names the step.
    """
    for extent, step in zip(_extents(source, steps), steps, strict=False):
        if (extent.endless and _reads_all(step)) or (
            step.verb in _READ_OTHERS and any(other.endless for other in _others(step))
        ):
            raise PlanError(f"{step} reads all items first, and they never end; put a take(n) before")


def require_end(source: Source, steps: tuple[Step, ...], ending: str) -> None:
    """The chain ends, so that an ending that needs all items can be answered.

    Raises:
        PlanError: it is known never to end, or a step would have to read an endless input first.
    """
    require_barriers_end(source, steps)
    if extent_of(source, steps).endless:
        raise PlanError(
            f"{ending} needs the last item, and a chain over {source} never ends; put a take(n) before"
        )


def _extents(source: Source, steps: Iterable[Step]) -> Iterator[Extent]:
    """What is known at the source and after each step."""
    return accumulate(steps, _after, initial=source.extent)


def _after(extent: Extent, step: Step) -> Extent:
    rule = _RULES.get(step.verb)
    if rule is not None:
        return rule(extent, step)
    return Extent(0, None, endless=extent.endless)


def _reads_all(step: Step) -> bool:
    stream = STREAMS.get(step.verb)
    return step.verb in _BARRIERS or (stream is not None and (stream.reads_all or stream.needs_end))


def _others(step: Step) -> list[Extent]:
    return [source.extent for source in sources_in(step.extra)]


def sources_in(extra: Any) -> Iterator[Source]:
    """The other inputs of a step, wherever it keeps them."""
    if isinstance(extra, Source):
        yield extra
    elif is_plain_tuple(extra):
        for part in extra:
            yield from sources_in(part)


def _same(extent: Extent, _: Step) -> Extent:
    return extent


def _fewer(extent: Extent, _: Step) -> Extent:
    return Extent(0, extent.upper, extent.endless)


def _cut(extent: Extent, _: Step) -> Extent:
    return Extent(0, extent.upper)


def _take(extent: Extent, step: Step) -> Extent:
    upper = step.count if extent.upper is None else min(extent.upper, step.count)
    return Extent(min(extent.lower, step.count), upper)


def _sized(size: Callable[[int, Step], int]) -> Rule:
    """A rule for a step that makes `size(n, step)` items of n, and ends when its input does."""

    def rule(extent: Extent, step: Step) -> Extent:
        if extent.endless:
            return extent
        upper = None if extent.upper is None else max(0, size(extent.upper, step))
        return Extent(min(sys.maxsize, max(0, size(extent.lower, step))), upper)

    return rule


def _slice(extent: Extent, step: Step) -> Extent:
    _, stop, _ = step.extra
    sliced = _sized(lambda n, step: len(range(n)[slice(*step.extra)]))(extent, step)
    if stop is None or not extent.endless:
        return sliced
    return Extent(0, len(range(*step.extra)))


def _cycle(extent: Extent, step: Step) -> Extent:
    if step.count:
        return _sized(lambda n, step: n * step.count)(extent, step)
    if extent.upper == 0:
        return extent
    return Extent(sys.maxsize if extent.lower else 0, None, endless=True)


def _joined(
    lower: Callable[[Iterable[int]], int], upper: Callable[[Iterable[int]], int], ends: Callable[..., bool]
) -> Rule:
    """A rule for a step of several inputs: what is made of their bounds, and of which are endless."""

    def rule(extent: Extent, step: Step) -> Extent:
        inputs = [extent, *_others(step)]
        bounds = [other.upper for other in inputs if other.upper is not None]
        known = len(bounds) == len(inputs) or (upper is min and bool(bounds))
        least = min(sys.maxsize, lower(other.lower for other in inputs))
        return Extent(least, upper(bounds) if known else None, ends(other.endless for other in inputs))

    return rule


def _product(extent: Extent, step: Step) -> Extent:
    return _joined(prod, prod, any)(extent, step)


def _matched(extent: Extent, step: Step) -> Extent:
    """Of merge_join: it ends when a side ends whose items alone could still make rows."""
    right = _others(step)[0].endless
    endless = {"right": right, "outer": extent.endless or right}.get(step.extra[-1], extent.endless)
    if step.extra[-1] in {"inner", "semi"}:
        endless = extent.endless and right
    return Extent(0, None, endless)


def _align(extent: Extent, step: Step) -> Extent:
    most = _all(extent, step)
    return most._replace(lower=_longest(extent, step).lower)


def _zip_offset(extent: Extent, step: Step) -> Extent:
    return _shortest(extent, step)._replace(lower=0)


def _batching(_: Extent, __: Step) -> Extent:
    return Extent()


def _interleave(extent: Extent, step: Step) -> Extent:
    if step.extra[-1] == "longest":
        return _joined(sum, sum, any)(extent, step)
    return Extent(0, None, _joined(min, min, all)(extent, step).endless)


_shortest = _joined(min, min, all)
_longest = _joined(max, max, any)
_all = _joined(sum, sum, any)

_RULES: dict[str, Rule] = {
    **dict.fromkeys(("map", "starmap", "try_map", "inspect", "enumerate", "scan", "par", "par_map"), _same),
    **dict.fromkeys(("sort", "reverse", "shuffle", "with_position", "windows_circular"), _same),
    **dict.fromkeys(("map_ok", "and_then", "map_err", "recover"), _same),
    **dict.fromkeys(("filter", "filter_map", "skip_while", "filter_ok", "positions"), _fewer),
    **dict.fromkeys(("unique", "dedup", "duplicates", "coalesce", "run_length"), _fewer),
    **dict.fromkeys(("split_when", "chunk_by", "sort_unique"), _fewer),
    "group_by": _cut,
    **dict.fromkeys(("take_while", "take_while_inclusive", "while_some"), _cut),
    **dict.fromkeys(("take", "take_last", "take_sorted", "top_k", "bottom_k"), _take),
    **dict.fromkeys(("skip", "skip_last"), _sized(lambda n, step: n - step.count)),
    **dict.fromkeys(("step_by", "chunks"), _sized(lambda n, step: -(-n // step.count))),
    "chunks_exact": _sized(lambda n, step: n // step.count),
    "windows": _sized(lambda n, step: n - step.count + 1),
    "pairwise": _sized(lambda n, _: n - 1),
    "intersperse": _sized(lambda n, _: 2 * n - 1),
    "pad_to": _sized(lambda n, step: max(n, step.count)),
    "slice": _slice,
    "cycle": _cycle,
    "batching": _batching,
    "concat": _all,
    "kmerge": _all,
    "merge_align": _align,
    "product": _product,
    "zip": _shortest,
    "zip_eq": _shortest,
    "zip_offset": _zip_offset,
    "zip_longest": _longest,
    "interleave": _interleave,
    "merge_join": _matched,
}
