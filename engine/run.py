"""Pulling items through a plan; errors that say where they arose."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from engine.kernels.objects import chunk, group, join, merge, unique
from engine.kernels.objects.stream import Pass, Trail
from engine.plan import Plan, Stage
from engine.result import Err, Ok, Result
from engine.sources import Source
from engine.steps import Step, ready_key, require_key
from engine.streams import STREAMS

if TYPE_CHECKING:
    from engine.kernels.objects.stream import Instruction

__all__ = ["Ending", "as_function", "collect", "collect_dict", "iterate"]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Feed:
    """What the next stage reads: an iterator still to be asked for, or items already in memory."""

    open: Callable[[], Iterator[Any]]
    origin: object = None
    owned: bool = True
    held: Iterable[Any] | None = None


def iterate(plan: Plan) -> Pass:
    """The items of a plan, one by one; nothing is read before the first is asked for.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    trail = Trail()
    feed = _source(plan)
    whole = _through_last_barrier(plan.stages)
    if whole:
        # Barriers run one after the other and not inside each other: any number of them needs no recursion.
        feed = Feed(partial(_iter_ready, feed, plan.stages[:whole], trail))
    return _as_pass(_advance(feed, plan.stages[whole:], trail), trail)


def collect(plan: Plan) -> list[Any]:
    """All items of a plan, by the eager form of the last kernel where it has one.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    trail = Trail()
    last = plan.stages[-1] if plan.stages else None
    if last is not None and (eager := _EAGER.get(last.steps[0].verb)):
        feed = _advance(_source(plan), plan.stages[:-1], trail)
        return _guarded(eager, feed, last.steps[0], trail)
    feed = _advance(_source(plan), plan.stages, trail)
    if feed.held is not None:
        return list(feed.held)
    return _as_pass(feed, trail).drain()


def collect_dict(plan: Plan) -> dict[Any, Any]:
    """The pairs of a plan as a dict; groups are not copied from the one they were made in.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    last = plan.stages[-1].steps[0] if plan.stages else None
    if last is None or last.verb != "group_by":
        with Ending(plan) as items:
            return dict(items)
    trail = Trail()
    groups: dict[Any, Any] = _guarded(
        _collect_groups, _advance(_source(plan), plan.stages[:-1], trail), last, trail
    )
    return groups


class Ending:
    """The items for an ending: closed after it, and a StopIteration of its callback is no end.

    A class, because a generator would hand that StopIteration on.
    """

    __slots__ = ("_items",)

    def __init__(self, plan: Plan) -> None:
        self._items = iterate(plan)

    def __enter__(self) -> Pass:
        return self._items

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        self._items.close()
        if isinstance(error, StopIteration):
            raise RuntimeError("a callback raised StopIteration") from error  # noqa: TRY004 (not a wrong type)


def as_function(key: Any) -> Any:
    """A key as sorted and min take it: callable or None.

    Raises:
        PlanError: it is no key.
    """
    ready = ready_key(require_key("key", key))
    return itemgetter(ready) if isinstance(ready, str | int) else ready


def _source(plan: Plan) -> Feed:
    held = plan.source.held
    iterator, owned = plan.source.open()
    return Feed(lambda: iterator, plan.origin, owned, held)


def _through_last_barrier(stages: tuple[Stage, ...]) -> int:
    return max((position + 1 for position, stage in enumerate(stages) if stage.kernel.barrier), default=0)


def _iter_ready(feed: Feed, stages: tuple[Stage, ...], trail: Trail) -> Iterator[Any]:
    return iter(_advance(feed, stages, trail).held or ())


def _advance(feed: Feed, stages: Iterable[Stage], trail: Trail) -> Feed:
    """What comes out of the stages; barriers are run now."""
    for stage in stages:
        feed = _STAGES.get(stage.kernel.name, _streamed)(feed, stage, trail)
    return feed


def _fused(feed: Feed, stage: Stage, trail: Trail) -> Feed:
    one_pass = Pass(feed.open, tuple(map(_instruction, stage.steps)), feed.origin, trail, feed.owned)
    return Feed(lambda: one_pass)


def _streamed(feed: Feed, stage: Stage, trail: Trail) -> Feed:
    step = stage.steps[0]
    items = _STREAMS[step.verb](_input(feed, trail), step)
    return Feed(lambda: items, step)


def _generated(feed: Feed, stage: Stage, trail: Trail) -> Feed:
    """A step of the long tail; whatever it stops at, what it read from is closed."""
    step = stage.steps[0]
    upstream = _as_pass(feed, trail)

    def items() -> Iterator[Any]:
        made = STREAMS[step.verb].run(upstream, step)
        try:
            yield from made
        finally:
            _close(made)
            upstream.close()

    generated = items()
    return Feed(lambda: generated, step)


def _close(iterator: Iterator[Any]) -> None:
    close = getattr(iterator, "close", None)
    if close is not None:
        close()


def _barrier(feed: Feed, stage: Stage, trail: Trail) -> Feed:
    step = stage.steps[0]
    items = _guarded(_BARRIERS[step.verb], feed, step, trail)
    return Feed(lambda: iter(items), held=items)


def _guarded(kernel: Callable[[Any, Step], T], feed: Feed, step: Step, trail: Trail) -> T:
    """The kernel's result; an error of its own is given its place, and what it read from is closed."""
    upstream = _input(feed, trail)
    try:
        return kernel(upstream, step)
    except StopIteration as error:
        failure = RuntimeError("a callback raised StopIteration")
        failure.add_note(f"in {step}")
        raise failure from error
    except BaseException as error:
        if trail.seen != id(error):
            error.add_note(f"in {step}")
        raise
    finally:
        if isinstance(upstream, Pass):
            upstream.close()


def _input(feed: Feed, trail: Trail) -> Iterable[Any]:
    """What a kernel reads: items in memory as they are, others by a pass that knows their origin."""
    return feed.held if feed.held is not None else _as_pass(feed, trail)


def _as_pass(feed: Feed, trail: Trail) -> Pass:
    if feed.origin is None and feed.held is None and isinstance(made := _made(feed), Pass):
        return made
    return Pass(feed.open, (), feed.origin, trail, feed.owned)


def _made(feed: Feed) -> Iterator[Any] | None:
    """The pass that a fused stage has made; a deferred one is not opened to see."""
    return None if isinstance(feed.open, partial) else feed.open()


def _instruction(step: Step) -> Instruction:
    function = ready_key(step.function)
    return (step.verb, _access(step.verb, function), function, step.count, step.extra, step)


def _access(verb: str, function: Any) -> str:
    if verb in {"starmap", "flatten"}:
        return "star" if verb == "starmap" else "item"
    if isinstance(function, str):
        return "field"
    return "position" if isinstance(function, int) else "call"


def _sort(items: Iterable[Any], step: Step) -> list[Any]:
    return sorted(items, key=as_function(step.function), reverse=step.extra)


def _take_sorted(items: Iterable[Any], step: Step) -> list[Any]:
    take = heapq.nlargest if step.extra else heapq.nsmallest
    return take(step.count, items, key=as_function(step.function))


def _top_k(items: Iterable[Any], step: Step) -> list[Any]:
    return heapq.nlargest(step.count, items, key=as_function(step.function))


def _collect_groups(items: Iterable[Any], step: Step) -> dict[Any, Any]:
    return group.collect_groups(items, ready_key(step.function))


def _groups(items: Iterable[Any], step: Step) -> list[Any]:
    return list(_collect_groups(items, step).items())


def _join(kernel: Callable[..., Any], items: Iterable[Any], step: Step) -> Any:
    other, other_key, how = step.extra
    return kernel(items, _held(other), ready_key(step.function), ready_key(other_key), how)


def _merge(kernel: Callable[..., Any], items: Iterable[Any], step: Step) -> Any:
    others, reverse = step.extra
    return kernel([items, *map(_held, others)], ready_key(step.function), reverse)


def _held(source: Source) -> Iterable[Any]:
    """What is in memory as it is, which kernels read faster; otherwise the source."""
    return source if source.held is None else source.held


def _parallel(items: Iterable[Any], step: Step) -> Iterator[Any]:
    from engine.parallel import par_map  # noqa: PLC0415 (concurrent.futures and logging, only when in use)

    function = as_function(step.function)
    if step.extra:
        function = partial(_tried, function, step.extra)
    return par_map(function, items, step.count or None)


def _tried(
    function: Callable[[Any], Any], exceptions: tuple[type[Exception], ...], item: Any
) -> Result[Any, Exception]:
    try:
        return Ok(function(item))
    except exceptions as error:
        return Err(error)


_BARRIERS: dict[str, Callable[[Iterable[Any], Step], list[Any]]] = {
    "sort": _sort,
    "take_sorted": _take_sorted,
    "top_k": _top_k,
    "group_by": _groups,
}
_STREAMS: dict[str, Callable[[Iterable[Any], Step], Iterator[Any]]] = {
    "chunk_by": lambda items, step: chunk.iter_runs(items, ready_key(step.function)),
    "unique": lambda items, step: unique.iter_unique(items, ready_key(step.function)),
    "dedup": lambda items, step: unique.iter_dedup(items, ready_key(step.function)),
    "kmerge": partial(_merge, merge.iter_merged),
    "join": partial(_join, join.iter_joined),
    "par_map": _parallel,
}
_EAGER: dict[str, Callable[[Iterable[Any], Step], list[Any]]] = {
    "chunk_by": lambda items, step: chunk.collect_runs(items, ready_key(step.function)),
    "unique": lambda items, step: unique.collect_unique(items, ready_key(step.function)),
    "kmerge": partial(_merge, merge.collect_merged),
    "join": partial(_join, join.collect_joined),
}
_STAGES: dict[str, Callable[[Feed, Stage, Trail], Feed]] = {
    "objects.stream": _fused,
    "generator": _generated,
    "objects.group": _barrier,
    "timsort": _barrier,
    "heap": _barrier,
}
