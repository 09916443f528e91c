"""Pulling items through a plan; errors that say where they arose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from engine.backends import ParallelRun
from engine.expr import block_code_of
from engine.kernels.objects.blocks import Blocks
from engine.kernels.objects.place import Place, Trail
from engine.kernels.objects.stream import Pass
from engine.plan import Plan, Stage
from engine.steps import Step, ready_key
from engine.streams import STREAMS
from engine.verbs import VERBS, eager_of

if TYPE_CHECKING:
    from engine.kernels.objects.blocks import BlockStep
    from engine.kernels.objects.stream import Instruction
    from engine.probe import Probe
    from engine.progress import Bar

__all__ = ["Ending", "add_up", "collect", "collect_dict", "count", "iterate"]


T = TypeVar("T")


class Whole(Protocol):
    """Steps whose items can be had one by one, or all at once, which is faster."""

    def drain(self) -> list[Any]: ...
    def count(self) -> int: ...
    def sum(self, start: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Feed:
    """What the next stage reads: an iterator still to be asked for, or items already in memory.

    `whole` gives all of it at once, where there is a faster way to that.
    """

    open: Callable[[], Iterable[Any]]
    origin: object = None
    owned: bool = True
    held: list[Any] | tuple[Any, ...] | None = None
    whole: Whole | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What the stages of one run share: which errors have their place, and the probe if it is measured."""

    probe: Probe | None = None
    last: Stage | None = None
    trail: Trail = field(default_factory=Trail)


def iterate(plan: Plan, probe: Probe | None = None) -> Pass:
    """The items of a plan, one by one; nothing is read before the first is asked for.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    course = _course(plan, probe)
    feed = _source(plan, course)
    whole = _through_last_barrier(plan.stages)
    if whole:
        # Barriers run one after the other and not inside each other: any number of them needs no recursion.
        # What follows reads what they will have made: none of it is in memory yet.
        feed = Feed(partial(_iter_ready, feed, plan.stages[:whole], course))
    return _as_pass(_advance(feed, plan.stages[whole:], course), course)


def collect(plan: Plan, probe: Probe | None = None) -> list[Any]:
    """All items of a plan, by the eager form of the last kernel where it has one.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    course = _course(plan, probe)
    eager = None if course.last is None else eager_of(course.last.steps[0].verb)
    if course.last is not None and eager is not None:
        feed = _advance(_source(plan, course), plan.stages[:-1], course)
        return _guarded(eager, feed, course.last, course)
    feed = _advance(_source(plan, course), plan.stages, course)
    return list(feed.held) if feed.held is not None else _as_whole(feed, course).drain()


def collect_dict(plan: Plan) -> dict[Any, Any]:
    """The pairs of a plan as a dict; what was made in one is not copied from it.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    course = _course(plan)
    verb = None if course.last is None else VERBS.get(course.last.steps[0].verb)
    if course.last is None or verb is None or verb.mapping is None:
        with Ending(plan) as items:
            return dict(items)
    feed = _advance(_source(plan, course), plan.stages[:-1], course)
    return _guarded(verb.mapping, feed, course.last, course)


def count(plan: Plan) -> int:
    """How many items a plan has; none of them is kept.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    course = _course(plan)
    feed = _advance(_source(plan, course), plan.stages, course)
    return len(feed.held) if feed.held is not None else _as_whole(feed, course).count()


def add_up(plan: Plan, start: Any) -> Any:
    """What the built-in sum makes of the items; whole numbers are added in C.

    Raises:
        SourceConsumedError: the source is a one-shot iterator and was given to another run.
    """
    course = _course(plan)
    feed = _advance(_source(plan, course), plan.stages, course)
    return _as_whole(feed, course).sum(start)


class Ending:
    """The items for an ending: closed after it, and a StopIteration of its callback is no end.

    A class, because a generator would hand that StopIteration on.
    """

    __slots__ = ("_items",)

    def __init__(self, plan: Plan, probe: Probe | None = None) -> None:
        self._items = iterate(plan, probe)

    def __enter__(self) -> Pass:
        return self._items

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        self._items.close()
        if isinstance(error, StopIteration):
            raise RuntimeError("a callback raised StopIteration") from error  # noqa: TRY004 (no type)


def _course(plan: Plan, probe: Probe | None = None) -> Course:
    return Course(probe, plan.stages[-1] if plan.stages else None)


def _source(plan: Plan, course: Course) -> Feed:
    held = plan.source.held
    iterator, owned = plan.source.open()
    if course.probe is not None:
        metered = course.probe.source(iterator if held is None else held)
        return Feed(lambda: metered, plan.origin, owned, held)
    # A list is handed to kernels and passes as it is: they read it in place.
    return Feed(lambda: held if isinstance(held, list) else iterator, plan.origin, owned, held)


def _through_last_barrier(stages: tuple[Stage, ...]) -> int:
    return max((position + 1 for position, stage in enumerate(stages) if stage.kernel.barrier), default=0)


def _iter_ready(feed: Feed, stages: tuple[Stage, ...], course: Course) -> Iterator[Any]:
    return iter(_advance(feed, stages, course).held or ())


def _advance(feed: Feed, stages: Iterable[Stage], course: Course) -> Feed:
    """What comes out of the stages; barriers are run now."""
    for stage in stages:
        runs = _barrier if stage.kernel.barrier else _STAGES.get(stage.kernel.name, _streamed)
        feed = runs(feed, stage, course)
    return feed


def _fused(feed: Feed, stage: Stage, course: Course) -> Feed:
    made = _pass_of(feed, stage, course)
    # What leaves the last pass is counted by the pass itself.
    if course.probe is None or stage is course.last:
        return Feed(lambda: made, whole=made)
    return _behind(made, None, stage, course)


def _pass_of(feed: Feed, stage: Stage, course: Course) -> Pass:
    gauges = None if course.probe is None else course.probe.gauges(stage)
    steps = tuple(map(_instruction, stage.steps))
    return Pass(feed.open, steps, feed.origin, course.trail, feed.owned, gauges)


def _blocked(feed: Feed, stage: Stage, course: Course) -> Feed:
    """Steps that a block can compute when all items are asked for at once; one by one, a pass does it."""
    if feed.held is None:
        return _fused(feed, stage, course)
    blocks = Blocks(feed.held, tuple(map(_block_step, stage.steps)), course.trail, ready_key)
    whole = blocks if course.probe is None else course.probe.whole(stage, blocks)
    return Feed(partial(_pass_of, feed, stage, course), whole=whole)


def _streamed(feed: Feed, stage: Stage, course: Course) -> Feed:
    step = stage.steps[0]
    kernel = VERBS[step.verb].lazy
    assert kernel is not None  # noqa: S101 (a barrier is not streamed)
    return _behind(kernel(_input(feed, course), step, Place(step, course.trail)), step, stage, course)


def _generated(feed: Feed, stage: Stage, course: Course) -> Feed:
    """A step of the long tail; whatever it stops at, what it read from is closed."""
    step = stage.steps[0]
    upstream = _as_pass(feed, course)

    def items() -> Iterator[Any]:
        made = STREAMS[step.verb].run(upstream, step)
        try:
            yield from made
        finally:
            _close(made)
            upstream.close()

    return _behind(items(), step, stage, course)


def _parallel(feed: Feed, stage: Stage, course: Course) -> Feed:
    step = stage.steps[0]
    assert stage.parallel is not None  # noqa: S101 (its kernel is)
    made = ParallelRun(_input(feed, course), stage.parallel, step, course.trail)
    if course.probe is None:
        return Feed(lambda: iter(made), step, whole=made)
    return _behind(course.probe.chosen(made), step, stage, course)


def _behind(items: Iterator[Any], origin: object, stage: Stage, course: Course) -> Feed:
    made = items if course.probe is None else course.probe.behind(stage, items)
    return Feed(lambda: made, origin)


def _barrier(feed: Feed, stage: Stage, course: Course) -> Feed:
    kernel = eager_of(stage.steps[0].verb)
    assert kernel is not None  # noqa: S101 (a barrier is eager)
    items = _guarded(kernel, feed, stage, course)
    return Feed(lambda: items, held=items)


def _guarded(kernel: Callable[[Any, Step, Place], T], feed: Feed, stage: Stage, course: Course) -> T:
    """The kernel's result; an error of its own is given its place, and what it read from is closed."""
    step = stage.steps[0]
    upstream = _all_input(feed, step, course)
    try:
        called = partial(kernel, upstream, step, Place(step, course.trail))
        return called() if course.probe is None else course.probe.eager(stage, called)
    except StopIteration as error:
        failure = RuntimeError("a callback raised StopIteration")
        failure.add_note(f"in {step}")
        raise failure from error
    except BaseException as error:
        if course.trail.seen != id(error):
            error.add_note(f"in {step}")
        raise
    finally:
        if isinstance(upstream, Pass):
            upstream.close()


def _all_input(feed: Feed, step: Step, course: Course) -> Iterable[Any]:
    """What an eager kernel reads: at once what a block computes, and what is kept anyway."""
    keeps_all = step.verb in VERBS and VERBS[step.verb].keeps_all
    if feed.whole is not None and (keeps_all or not isinstance(feed.whole, Pass)):
        return feed.whole.drain()
    return _input(feed, course)


def _input(feed: Feed, course: Course) -> Iterable[Any]:
    """What a kernel reads: items in memory as they are, others by a pass that knows their origin."""
    return feed.held if feed.held is not None else _as_pass(feed, course)


def _as_pass(feed: Feed, course: Course) -> Pass:
    made = feed.whole if feed.whole is None or isinstance(feed.whole, Pass) else feed.open()
    return made if isinstance(made, Pass) else Pass(feed.open, (), feed.origin, course.trail, feed.owned)


def _as_whole(feed: Feed, course: Course) -> Whole:
    return _as_pass(feed, course) if feed.whole is None else feed.whole


def _close(iterator: Iterator[Any]) -> None:
    close = getattr(iterator, "close", None)
    if close is not None:
        close()


def _instruction(step: Step) -> Instruction:
    function = ready_key(step.function)
    extra = _bar(step) if step.verb == "progress" else step.extra
    return (step.verb, _access(step.verb, function), function, step.count, extra, step)


def _bar(step: Step) -> Bar:
    from engine.progress import Bar  # noqa: PLC0415 (few chains show one)

    return Bar(step.extra)


def _block_step(step: Step) -> BlockStep:
    code = block_code_of(step.function)
    assert code is not None  # noqa: S101 (the plan has asked)
    return (step.verb, code, step.function, step)


def _access(verb: str, function: Any) -> str:
    if verb in {"starmap", "flatten"}:
        return "star" if verb == "starmap" else "item"
    if isinstance(function, str):
        return "field"
    return "position" if isinstance(function, int) else "call"


_STAGES: dict[str, Callable[[Feed, Stage, Course], Feed]] = {
    "objects.stream": _fused,
    "objects.block": _blocked,
    "generator": _generated,
    **dict.fromkeys(("adaptive", "threads", "processes"), _parallel),
}
