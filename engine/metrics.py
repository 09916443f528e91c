"""What a measured run tells: items, time and memory, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Generic, TypeVar

__all__ = ["Metrics", "Run", "StepMetrics"]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class StepMetrics:
    """One step, or several that a block ran as one.

    Attributes:
        steps: as in errors: `step 2 (map at report.py:31)`.
        kernel: what ran it.
        items_in: items that came to it.
        items_out: items that left it.
        batches: how often its kernel was entered: for each item if it streams, once for a block or list.
        busy_s: seconds spent in it, without the steps above; sampled once in 64 items, so about right.
        held_bytes: what its own lists and tables took in memory when they were fullest, without the items;
            None when it holds no more than an item or a run.
        reason: why this kernel, where that was decided while it ran.
    """

    steps: str
    kernel: str
    items_in: int
    items_out: int
    batches: int
    busy_s: float
    held_bytes: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Metrics:
    """A whole run: each step in order, and the seconds from the beginning to the result."""

    steps: tuple[StepMetrics, ...]
    wall_s: float

    def __str__(self) -> str:
        """A table.

        >>> step = StepMetrics("step 1 (map at a.py:1)", "objects.stream", 2, 2, 2, 0.001)
        >>> print(Metrics((step,), 0.002))
        step                         in      out     busy ms         held
        step 1 (map at a.py:1)        2        2       1.000            -
        in all                                         2.000
        """
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        """The same, for a notebook."""
        from engine.markup import cell, framed, table  # noqa: PLC0415 (for notebooks only)

        kinds = ("", "number", "number", "number", "number")
        heads = map(cell, ("step", "in", "out", "busy ms", "held"), kinds, repeat("th"))
        rows = ("".join(map(cell, row, kinds)) for row in self._html_rows())
        return framed(table(heads, (f"<tr>{row}</tr>" for row in rows)))

    def _html_rows(self) -> Iterator[tuple[str, ...]]:
        from engine.markup import bounded  # noqa: PLC0415 (for notebooks only)

        for step in self.steps:
            flow = f"{step.items_in:,}", f"{step.items_out:,}", f"{step.busy_s * 1000:,.3f}"
            yield bounded(step.steps), *flow, _held(step)
        yield "in all", "", "", f"{self.wall_s * 1000:,.3f}", ""

    def _lines(self) -> Iterator[str]:
        width = max([22, *(len(step.steps) for step in self.steps)])
        yield f"{'step':<{width}} {'in':>8} {'out':>8} {'busy ms':>11} {'held':>12}"
        for step in self.steps:
            flow = f"{step.items_in:>8} {step.items_out:>8} {step.busy_s * 1000:>11.3f}"
            yield f"{step.steps:<{width}} {flow} {_held(step):>12}"
        yield f"{'in all':<{width}} {'':>8} {'':>8} {self.wall_s * 1000:>11.3f}"


def _held(step: StepMetrics) -> str:
    return "-" if step.held_bytes is None else f"{step.held_bytes / 1024:,.0f} KiB"


@dataclass(frozen=True, slots=True)
class Run(Generic[T_co]):
    """What a measured run gave, and what it took."""

    value: T_co
    metrics: Metrics
