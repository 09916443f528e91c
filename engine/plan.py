"""A chain made ready to run: rewritten, neighbouring steps fused, a kernel chosen for each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.errors import PlanError
from engine.expr import block_code_of
from engine.extents import require_barriers_end
from engine.options import Parallel
from engine.rewrite import rewrite
from engine.sources import Source
from engine.steps import Step
from engine.verbs import Kernel, is_fused, kernel_of, parallel_kernel

# A kernel calls the one before it: each costs C stack, of which threads have little.
_NESTING_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a physical plan: steps that one kernel runs, and what a par before them was told."""

    kernel: Kernel
    steps: tuple[Step, ...]
    parallel: Parallel | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The three levels of a chain: as written, as rewritten, as it will run."""

    source: Source
    origin: str
    logical: tuple[Step, ...]
    optimised: tuple[Step, ...]
    changes: tuple[str, ...]
    stages: tuple[Stage, ...]


def prepare(source: Source, steps: tuple[Step, ...]) -> Plan:
    """The plan of a chain; nothing is read.

    Raises:
        PlanError: `par` is the last step, or too many steps need a kernel of their own.
    """
    require_barriers_end(source, steps)
    optimised = rewrite(steps)
    stages = tuple(_stages(optimised.steps, in_memory=source.held is not None))
    _require_depth(stages)
    return Plan(source, f"the source ({source})", steps, optimised.steps, optimised.changes, stages)


def _stages(steps: Iterable[Step], *, in_memory: bool) -> Iterator[Stage]:
    """Neighbours that a pass or a block runs together; `in_memory`: what they read is a list."""
    fused: list[Step] = []
    coming = iter(steps)
    for step in coming:
        if is_fused(step.verb):
            fused.append(step)
            continue
        yield from _fused(fused, in_memory=in_memory)
        fused = []
        stage = _beside(step.extra, next(coming)) if step.verb == "par" else Stage(kernel_of(step), (step,))
        in_memory = stage.kernel.barrier
        yield stage
    yield from _fused(fused, in_memory=in_memory)


def _beside(options: Parallel, step: Step) -> Stage:
    return Stage(parallel_kernel(options, step), (step,), options)


def _fused(steps: list[Step], *, in_memory: bool) -> Iterator[Stage]:
    if not steps:
        return
    if in_memory and all(map(_is_readable, steps)):
        reason = f"{_counted(steps)} evaluated in C over blocks of 256 records, without a Python call"
        yield Stage(Kernel("objects.block", reason, "one block"), tuple(steps))
    else:
        yield Stage(Kernel("objects.stream", f"{_counted(steps)} in one loop in C"), tuple(steps))


def _counted(steps: list[Step]) -> str:
    return "one step" if len(steps) == 1 else f"{len(steps)} neighbouring steps"


def _is_readable(step: Step) -> bool:
    """Whether a block can compute it: a map or filter whose function the planner can read."""
    return step.verb in {"map", "filter"} and block_code_of(step.function) is not None


def _depth(stage: Stage) -> int:
    """How much of the stack a stage needs: a generator as much as two kernels."""
    if stage.kernel.name == "objects.stream":
        return 0
    return 2 if stage.kernel.name == "generator" else 1


def _require_depth(stages: tuple[Stage, ...]) -> None:
    nested = 0
    for stage in stages:
        nested = 0 if stage.kernel.barrier else nested + _depth(stage)
        if nested > _NESTING_LIMIT:
            raise PlanError(
                f"at most {_NESTING_LIMIT} streaming steps with own kernels may follow each other, got "
                f"one more at step {stage.steps[0].number} ({stage.steps[0].verb}); collect() in between"
            )
