"""Measuring a run: gauges inside passes, meters between stages, a stopwatch around eager kernels."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, TypeVar

from engine.backends import ParallelRun
from engine.kernels.objects.blocks import Blocks
from engine.kernels.objects.gauges import Gauges, Meter
from engine.metrics import Metrics, StepMetrics
from engine.plan import Stage

T = TypeVar("T")


@dataclass(slots=True)
class _Part:
    """What was measured of one stage: one that streams has a meter behind it."""

    stage: Stage | None
    gauges: Gauges | None = None
    meter: Meter | None = None
    items_out: int = 0
    seconds: float = 0.0
    held_bytes: int | None = None
    eager: bool = False

    def read(self) -> tuple[int, float]:
        """Items that left it, and the seconds spent in it and all above."""
        return (self.items_out, self.seconds) if self.meter is None else self.meter.gauges.read()[0]


class Probe:
    """What one run tells; given to it, and read when it has ended."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self._runs: list[ParallelRun] = []
        self._began_at = perf_counter()

    def source(self, items: Iterable[Any]) -> Iterable[Any]:
        """The items that a run begins with; those in memory are only counted."""
        if isinstance(items, list | tuple):
            self._parts.append(_Part(None, items_out=len(items), eager=True))
            return items
        return self._metered(_Part(None), items)

    def gauges(self, stage: Stage) -> Gauges:
        """One gauge for each step of a pass, and one for what leaves it."""
        gauges = Gauges(len(stage.steps) + 1)
        self._parts.append(_Part(stage, gauges=gauges))
        return gauges

    def behind(self, stage: Stage, items: Iterator[Any]) -> Iterator[Any]:
        """What a stage gives, counted and timed."""
        last = self._parts[-1]
        return self._metered(last if last.stage is stage else _Part(stage), items)

    def chosen(self, made: ParallelRun) -> Iterator[Any]:
        """The items of a step that chooses its backend while it runs; which one is told afterwards."""
        self._runs.append(made)
        return iter(made)

    def whole(self, stage: Stage, made: Blocks) -> MeasuredBlocks:
        """Blocks that are measured when all of them are asked for."""
        return MeasuredBlocks(self, stage, made)

    def eager(self, stage: Stage, kernel: Callable[[], T]) -> T:
        """The result of a kernel that reads all its input at once."""
        part = _Part(stage, eager=True)
        began_at = perf_counter()
        result = kernel()
        part.seconds = perf_counter() - began_at
        if isinstance(result, list | tuple | dict):
            part.items_out, part.held_bytes = len(result), _container_bytes(stage, result)
        elif isinstance(result, int):
            part.items_out = result
        self._parts.append(part)
        return result

    def read(self) -> Metrics:
        """What was measured until now."""
        steps: list[StepMetrics] = []
        above: _Part | None = None
        for part in self._parts:
            if part.stage is not None:
                steps.extend(_steps(part, above))
            above = part
        told = tuple(map(self._with_choice, steps))
        return Metrics(told, perf_counter() - self._began_at)

    def _with_choice(self, step: StepMetrics) -> StepMetrics:
        for made in self._runs:
            if step.steps == made.name:
                return replace(step, kernel=made.choice.backend, reason=made.choice.reason)
        return step

    def _metered(self, part: _Part, items: Iterable[Any]) -> Meter:
        part.meter = Meter(items)
        if not self._parts or self._parts[-1] is not part:
            self._parts.append(part)
        return part.meter


@dataclass(frozen=True, slots=True)
class MeasuredBlocks:
    """All that blocks give, measured as one."""

    probe: Probe
    stage: Stage
    made: Blocks

    def drain(self) -> list[Any]:
        return self.probe.eager(self.stage, self.made.drain)

    def count(self) -> int:
        return self.probe.eager(self.stage, self.made.count)

    def sum(self, start: Any) -> Any:
        return self.probe.eager(self.stage, lambda: self.made.sum(start))


def _steps(part: _Part, above: _Part | None) -> Iterator[StepMetrics]:
    assert part.stage is not None  # noqa: S101 (asked by the only caller)
    items_in, seconds_above = (0, 0.0) if above is None else above.read()
    if part.gauges is not None:
        yield from _fused_steps(part.stage, part.gauges)
        return
    items_out, seconds = part.read()
    # What is above an eager kernel, or above a stream, is pulled from inside of it.
    busy_s = max(0.0, seconds - (0.0 if above is None or above.eager else seconds_above))
    names = _named(part.stage)
    batches = 1 if part.eager else items_out
    yield StepMetrics(names, part.stage.kernel.name, items_in, items_out, batches, busy_s, part.held_bytes)


def _fused_steps(stage: Stage, gauges: Gauges) -> Iterator[StepMetrics]:
    readings = gauges.read()
    for position, step in enumerate(stage.steps):
        came, seconds = readings[position]
        left = readings[position + 1][0]
        yield StepMetrics(str(step), stage.kernel.name, came, left, came, seconds)


def _named(stage: Stage) -> str:
    first, last = stage.steps[0], stage.steps[-1]
    return str(first) if first is last else f"{first} to {last}"


def _container_bytes(stage: Stage, result: Any) -> int:
    """Of the lists and tables that hold the items, not of the items."""
    if stage.steps[0].verb != "group_by":
        return sys.getsizeof(result)
    groups = result.values() if isinstance(result, dict) else (group for _, group in result)
    return sys.getsizeof(result) + sum(map(sys.getsizeof, groups))
