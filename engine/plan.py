"""A chain made ready to run: rewritten, neighbouring steps fused, a kernel chosen for each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engine.errors import PlanError
from engine.kernels.objects.stream import CODES
from engine.sources import Source
from engine.steps import Step
from engine.streams import STREAMS

# Above this many, sorting all is faster than heapq, which runs in Python (measured: they meet near n / 10).
_HEAP_LIMIT = 1_000
# A kernel calls the one before it: each costs C stack, of which threads have little.
_NESTING_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Kernel:
    """What runs a step that is not fused, and why; a barrier reads all its input first."""

    name: str
    reason: str
    barrier: bool = False


KERNELS = {
    "chunk_by": Kernel("objects.chunk", "consecutive runs, one group in memory"),
    "unique": Kernel("objects.unique", "one hash set of the keys seen"),
    "dedup": Kernel("objects.unique", "compares with the key before"),
    "kmerge": Kernel("objects.merge", "one item of each input in memory"),
    "join": Kernel("objects.join", "hash table of the right side, the left side streams"),
    "par_map": Kernel("threads", "par() before it: in order, two items for each worker in flight"),
    "group_by": Kernel("objects.group", "hash table of all groups", barrier=True),
    "sort": Kernel("timsort", "stable, in memory", barrier=True),
    "top_k": Kernel("heap", "keeps k items", barrier=True),
    "take_sorted": Kernel("heap", "sort before take keeps only what is taken", barrier=True),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a physical plan: steps that one kernel runs."""

    kernel: Kernel
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        first, last = self.steps[0].number, self.steps[-1].number
        steps = f"step {first}" if first == last else f"steps {first}-{last}"
        kind = "reads all first" if self.kernel.barrier else "streams"
        return f"{steps}: {self.kernel.name}, {kind} ({self.kernel.reason})"


@dataclass(frozen=True, slots=True)
class Plan:
    """The three levels of a chain: as written, as rewritten, as it will run."""

    source: Source
    origin: str
    logical: tuple[Step, ...]
    optimised: tuple[Step, ...]
    stages: tuple[Stage, ...]

    def __str__(self) -> str:
        return "\n".join(
            [
                "logical",
                *_lines(self.source, self.logical),
                "optimised" if self.optimised != self.logical else "optimised: nothing to rewrite",
                *(_lines(self.source, self.optimised) if self.optimised != self.logical else ()),
                "physical",
                *(f"  {stage}" for stage in self.stages),
                *(() if self.stages else ("  the source as it is",)),
            ]
        )


def prepare(source: Source, steps: tuple[Step, ...]) -> Plan:
    """The plan of a chain; nothing is read.

    Raises:
        PlanError: `par` is the last step, or too many steps need a kernel of their own.
    """
    optimised = tuple(_rewrite(steps))
    stages = tuple(_stages(optimised))
    _require_depth(stages)
    return Plan(source, f"the source ({source})", steps, optimised, stages)


def _rewrite(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Each step, or the one that stands for it and the next."""
    position = 0
    while position < len(steps):
        step = steps[position]
        following = steps[position + 1] if position + 1 < len(steps) else None
        position += 1
        if step.verb == "par":
            if following is None:
                raise PlanError(f"par must be followed by map, got nothing after {step}")
            yield replace(following, verb="par_map", count=step.count)
            position += 1
        elif step.verb == "sort" and following is not None and _takes_few(following):
            yield replace(step, verb="take_sorted", count=following.count)
            position += 1
        else:
            yield step


def _takes_few(step: Step) -> bool:
    return step.verb == "take" and 0 < step.count <= _HEAP_LIMIT


def _stages(steps: Iterable[Step]) -> Iterator[Stage]:
    fused: list[Step] = []
    for step in steps:
        if step.verb in CODES:
            fused.append(step)
            continue
        if fused:
            yield _fused(fused)
            fused = []
        yield Stage(_kernel(step.verb), (step,))
    if fused:
        yield _fused(fused)


def _kernel(verb: str) -> Kernel:
    if (stream := STREAMS.get(verb)) is not None:
        return Kernel("generator", stream.reason)
    return KERNELS[verb]


def _fused(steps: list[Step]) -> Stage:
    reason = (
        "one streaming step" if len(steps) == 1 else f"{len(steps)} neighbouring steps in one loop in C"
    )
    return Stage(Kernel("objects.stream", reason), tuple(steps))


def _require_depth(stages: tuple[Stage, ...]) -> None:
    nested = 0
    for stage in stages:
        nested = 0 if stage.kernel.barrier else nested + (stage.kernel.name != "objects.stream")
        if nested > _NESTING_LIMIT:
            raise PlanError(
                f"at most {_NESTING_LIMIT} streaming steps with own kernels may follow each other, got "
                f"one more at {stage.steps[0]}; collect() in between"
            )


def _lines(source: Source, steps: tuple[Step, ...]) -> Iterator[str]:
    yield f"  {0:>3} {source}"
    for step in steps:
        yield f"  {step.number:>3} {step.shown()}  {step.place}"
