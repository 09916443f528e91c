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
from engine.options import JoinOptions, MergeOptions
from engine.sources import Extent, Source
from engine.steps import Shown, Step
from engine.streams import STREAMS
from engine.streams.stream import is_plain_tuple

Rule = Callable[[Extent, Step], Extent]

# They read all items before the first comes out; so do the streams that say so.
_BARRIERS = frozenset(
    {"sort", "take_sorted", "sort_unique", "group_by", "top_k", "bottom_k"}
    | {"agg_groups", "counts", "fold_groups", "reduce_groups"}
)
# They read all of their other inputs first.
_READ_OTHERS = frozenset({"join", "product"})
# They end, or keep few, whatever comes in.
_ENDING = frozenset(
    {"take", "take_last", "take_sorted", "top_k", "bottom_k", "group_by", "batching", "while_some"}
    | {"take_while", "take_while_inclusive"}
)
_END_WITH_SHORTEST = frozenset({"zip", "zip_eq", "zip_offset"})
_END_WITH_LONGEST = frozenset({"concat", "kmerge", "merge_align", "product", "zip_longest"})


def extent_of(source: Source, steps: Iterable[Step]) -> Extent:
    """What is known of the number of items that come out; nothing is read."""
    *_, last = accumulate(steps, _after, initial=source.extent)
    return last


def is_endless(source: Source, steps: Iterable[Step]) -> bool:
    """Whether the chain is known never to end, unless it has no items at all.

    Asked by each run, so nothing is computed but this, and no chain inside is asked again.
    """
    *_, last = _ends(source, steps)
    return last


def require_barriers_end(source: Source, steps: tuple[Step, ...]) -> None:
    """No step has to read an endless input before its first item.

    Raises:
        PlanError: one does; it names the step.
    """
    if not _meets_endless(source, steps):
        return
    for endless, step in zip(_ends(source, steps), steps, strict=False):
        if (endless and _reads_all(step)) or (
            step.verb in _READ_OTHERS and any(other.is_endless for other in sources_in(step.extra))
        ):
            raise PlanError(f"{step} reads all items first, and they never end; put a take(n) before")


def require_end(source: Source, steps: tuple[Step, ...], ending: str) -> None:
    """The chain ends, so that an ending that needs all items can be answered.

    Raises:
        PlanError: it is known never to end, or a step would have to read an endless input first.
    """
    if not _meets_endless(source, steps):
        return
    require_barriers_end(source, steps)
    if is_endless(source, steps):
        raise PlanError(
            f"{ending} needs the last item, and a chain over {source} never ends; put a take(n) before"
        )


def sources_in(extra: Any) -> Iterator[Source]:
    """The other inputs of a step, wherever it keeps them."""
    if isinstance(extra, Source):
        yield extra
    elif isinstance(extra, JoinOptions):
        yield extra.other
    elif isinstance(extra, MergeOptions):
        yield from extra.others
    elif is_plain_tuple(extra):
        for part in extra:
            yield from sources_in(part)


def _meets_endless(source: Source, steps: Iterable[Step]) -> bool:
    """Whether anything endless comes in at all: nearly always not, and then nothing else need be asked."""
    if source.is_endless:
        return True
    for step in steps:
        if step.verb == "cycle" or (
            step.extra is not None
            and not isinstance(step.extra, Shown)
            and any(other.is_endless for other in sources_in(step.extra))
        ):
            return True
    return False


def _ends(source: Source, steps: Iterable[Step]) -> Iterator[bool]:
    """Whether what is there at the source, and after each step, is endless."""
    return accumulate(steps, _is_endless_after, initial=source.is_endless)


def _is_endless_after(endless: bool, step: Step) -> bool:  # noqa: FBT001 (what is accumulated)
    verb = step.verb
    if verb in _ENDING or (verb == "slice" and step.extra[1] is not None):
        return False
    if verb == "cycle":
        return endless or not step.count
    others = [other.is_endless for other in sources_in(step.extra)]
    if verb in _END_WITH_SHORTEST or (verb == "interleave" and step.extra[-1] == "shortest"):
        return endless and all(others)
    if verb in _END_WITH_LONGEST or verb == "interleave":
        return endless or any(others)
    if verb == "merge_join":
        return _matches_without_end(step.extra[-1], left=endless, right=others[0])
    return endless


def _matches_without_end(how: str, *, left: bool, right: bool) -> bool:
    """A sorted join ends with a side when the items of the other alone make no rows."""
    if how in {"inner", "semi"}:
        return left and right
    if how == "outer":
        return left or right
    return right if how == "right" else left


def _reads_all(step: Step) -> bool:
    stream = STREAMS.get(step.verb)
    return step.verb in _BARRIERS or (stream is not None and (stream.reads_all or stream.needs_end))


def _after(extent: Extent, step: Step) -> Extent:
    counted = _RULES.get(step.verb, _unknown)(extent, step)
    return counted._replace(endless=_is_endless_after(extent.endless, step))


def _unknown(_: Extent, __: Step) -> Extent:
    return Extent()


def _same(extent: Extent, _: Step) -> Extent:
    return extent


def _fewer(extent: Extent, _: Step) -> Extent:
    return Extent(0, extent.upper)


def _take(extent: Extent, step: Step) -> Extent:
    upper = step.count if extent.upper is None else min(extent.upper, step.count)
    return Extent(min(extent.lower, step.count), upper)


def _sized(size: Callable[[int, Step], int]) -> Rule:
    """A rule for a step that makes `size(n, step)` items of n."""

    def rule(extent: Extent, step: Step) -> Extent:
        upper = None if extent.upper is None else max(0, size(extent.upper, step))
        if extent.lower == sys.maxsize:
            return Extent(sys.maxsize, upper)
        return Extent(min(sys.maxsize, max(0, size(extent.lower, step))), upper)

    return rule


def _slice(extent: Extent, step: Step) -> Extent:
    start, stop, stride = step.extra
    if stop is None:
        return _sized(lambda n, _: len(range(start, n, stride)))(extent, step)
    upper = stop if extent.upper is None else min(stop, extent.upper)
    return Extent(len(range(start, min(stop, extent.lower), stride)), len(range(start, upper, stride)))


def _cycle(extent: Extent, step: Step) -> Extent:
    if step.count or extent.upper == 0:
        return _sized(lambda n, step: n * step.count)(extent, step)
    return Extent(sys.maxsize if extent.lower else 0)


def _joined(lower: Callable[[Iterable[int]], int], upper: Callable[[Iterable[int]], int]) -> Rule:
    """A rule for a step of several inputs: what is made of their bounds."""

    def rule(extent: Extent, step: Step) -> Extent:
        inputs = [extent, *(source.extent for source in sources_in(step.extra))]
        bounds = [other.upper for other in inputs if other.upper is not None]
        known = len(bounds) == len(inputs) or (upper is min and bool(bounds))
        least = min(sys.maxsize, lower(other.lower for other in inputs))
        return Extent(least, upper(bounds) if known else None)

    return rule


def _align(extent: Extent, step: Step) -> Extent:
    return Extent(_longest(extent, step).lower, _all(extent, step).upper)


def _zip_offset(extent: Extent, step: Step) -> Extent:
    return Extent(0, _shortest(extent, step).upper)


def _interleave(extent: Extent, step: Step) -> Extent:
    return _all(extent, step) if step.extra[-1] == "longest" else Extent()


_shortest = _joined(min, min)
_longest = _joined(max, max)
_all = _joined(sum, sum)

_RULES: dict[str, Rule] = {
    **dict.fromkeys(
        ("map", "starmap", "try_map", "inspect", "enumerate", "scan", "par", "progress"), _same
    ),
    **dict.fromkeys(("sort", "reverse", "shuffle", "with_position", "windows_circular"), _same),
    **dict.fromkeys(("map_ok", "and_then", "map_err", "recover", "validate"), _same),
    **dict.fromkeys(("filter", "filter_map", "skip_while", "filter_ok", "positions"), _fewer),
    **dict.fromkeys(("unique", "dedup", "duplicates", "coalesce", "run_length"), _fewer),
    **dict.fromkeys(("split_when", "chunk_by", "sort_unique"), _fewer),
    **dict.fromkeys(("take_while", "take_while_inclusive", "while_some", "group_by"), _fewer),
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
    "concat": _all,
    "kmerge": _all,
    "merge_align": _align,
    "product": _joined(prod, prod),
    "zip": _shortest,
    "zip_eq": _shortest,
    "zip_offset": _zip_offset,
    "zip_longest": _longest,
    "interleave": _interleave,
}
