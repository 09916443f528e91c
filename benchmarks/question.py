"""What a benchmark asks: one job, the ways to do it, and what the engine promises about it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

NO_SIZE = (1,)  # of a question that has no data
Kind = Literal["engine", "loop", "rival", "baseline"]
Lane = Literal["objects", "columns", "threads"]


@dataclass(frozen=True)
class Ratio:
    """A bar: the engine is `at_least` times as fast as the best of `against`.

    Args:
        against: names of contenders; the fastest of them in this run counts.
        engine: the contender that is held against them.
        sizes: the sizes at which the bar holds; empty for every size.
    """

    says: str
    at_least: float
    against: tuple[str, ...]
    engine: str = "engine"
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A bar: `metric` of each contender `of` is at most so much, or so much above that of `above`.

    Args:
        metric: `median_s` or `peak_bytes`.
        of_it: a contender whose share of the figure is told beside it.
        sizes: as with `Ratio`.
    """

    says: str
    at_most: float
    of: tuple[str, ...]
    metric: str
    above: str | None = None
    of_it: str | None = None
    sizes: tuple[int, ...] = ()


Bar = Ratio | Limit


def as_it_is(result: Any) -> Any:
    return result


@dataclass(frozen=True)
class Contender:
    """One way to do a job.

    Args:
        run: gets the data and returns the whole result; of a lazy question, an iterator.
        compared_as: the result in the form that is compared, made outside the clock.
        job: contenders with the same job have equal results; most questions have one job.
        needs: a package that only `ci/bench` installs; without it the contender does not take part.
        up_to: the largest size it is asked at; above it, it would take minutes.
    """

    name: str
    kind: Kind
    run: Callable[[Any], Any]
    compared_as: Callable[[Any], Any] = as_it_is
    job: str = ""
    needs: str = ""
    up_to: int = sys.maxsize


@dataclass(frozen=True)
class Question:
    """One job over `size` records of seeded data, each contender called in one process.

    Args:
        sizes: what `size` is measured when nobody says otherwise.
        consume: what is timed together with the call: nothing of an eager question, walking of a lazy one.
        told_s: the seconds that a result tells, where they are asked for and not those of the call.
    """

    name: str
    asks: str
    make_data: Callable[[int], Any]
    contenders: tuple[Contender, ...]
    bars: tuple[Bar, ...] = ()
    sizes: tuple[int, ...] = (10_000, 1_000_000)
    lane: Lane = "objects"
    consume: Callable[[Any], Any] = as_it_is
    comparable: Callable[[Any], Any] = list
    told_s: Callable[[Any], float] | None = None

    def at(self, size: int) -> Question:
        """The question to those who take part at this size."""
        taking_part = (
            contender
            for contender in self.contenders
            if size <= contender.up_to and (not contender.needs or find_spec(contender.needs))
        )
        return replace(self, contenders=tuple(taking_part))


def rival(module: str, name: str) -> Callable[[Any], Any]:
    """A function of a file in `rivals`, which is imported when it first runs."""

    def run(data: Any) -> Any:
        return getattr(import_module(f"benchmarks.rivals.{module}"), name)(data)

    return run


@dataclass(frozen=True)
class Program:
    """Source of a whole program with `{size}` in it; what it prints is its result."""

    name: str
    kind: Kind
    source: str
    job: str = ""


@dataclass(frozen=True)
class ProgramQuestion:
    """What only a process of its own can tell: start, and memory above the interpreter's."""

    name: str
    asks: str
    contenders: tuple[Program, ...]
    bars: tuple[Bar, ...] = ()
    sizes: tuple[int, ...] = NO_SIZE
    lane: Lane = "objects"
    max_rounds: int = 25


AnyQuestion = Question | ProgramQuestion
