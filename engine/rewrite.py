"""Rewriting the steps of a chain into fewer or cheaper ones that give the same items, errors and calls.

Only what is safe on any object is done: no predicate moves before a function, since either may raise,
and being pure does not say that it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import PlanError
from engine.expr import Expr, block_code_of, node_of
from engine.memoised import Memoised
from engine.options import Parallel
from engine.signatures import Annotated, located
from engine.steps import Step

# Above this many, sorting all is faster than keeping the best few (measured: they meet near n / 10).
_HEAP_LIMIT = 1_000
# One item out for one item in, and in the same order, whatever they compute.
_ONE_TO_ONE = frozenset({"map", "starmap", "enumerate", "inspect", "scan", "try_map", "map_ok", "map_err"})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Steps, and a sentence for each change that was made to get there."""

    steps: tuple[Step, ...]
    changes: tuple[str, ...]


def rewrite(steps: tuple[Step, ...]) -> Rewritten:
    """The steps that stand for those given. Takes time in proportion to their number.

    Raises:
        PlanError: `par` is the last step.
    """
    kept: list[Step] = []
    changes: list[str] = []
    for step in steps:
        if _without(kept, step, changes):
            continue
        # What a par is for is called as one.
        stages = (step,) if kept and kept[-1].verb == "par" else _stages(step)
        if len(stages) != 1:
            changes.append(f"step {step.number}: a pipeline of {len(stages)} is as many maps")
        kept.extend(stages)
    if kept and kept[-1].verb == "par":
        raise PlanError(f"par must be followed by map, got nothing after {kept[-1]}")
    return Rewritten(tuple(kept), tuple(changes))


def _without(kept: list[Step], step: Step, changes: list[str]) -> bool:
    """Whether the step could be left out, having changed what is kept if need be."""
    if (reason := _idle(step)) is not None:
        changes.append(f"step {step.number}: {reason}")
        return True
    if step.verb == "take" and (change := _take_of_sorted(kept, step)):
        changes.append(change)
        return True
    rule = _PAIRS.get((kept[-1].verb, step.verb)) if kept else None
    if rule is None or (made := rule(kept[-1], step)) is None:
        return False
    if kept[-1].verb == "par":
        changes.append(f"step {kept[-1].number}: {_why_serial(kept[-1].extra)}")
    else:
        changes.append(f"steps {kept[-1].number} and {step.number}: {made.verb} does both")
    kept[-1] = made
    return True


def _stages(step: Step) -> tuple[Step, ...]:
    """A map of a pipeline as a map of each of its functions: the same calls, item by item."""
    if step.verb != "map" or not isinstance(step.function, Annotated):
        return (step,)
    from engine.composed import stages_of  # noqa: PLC0415 (loaded already by whoever composed something)

    function: Any = step.function
    functions = stages_of(function)
    if len(functions) == 1 and functions[0] is function:
        return (step,)
    label = "" if step.label is None else f"{step.label}: "
    return tuple(
        replace(step, function=function, label=f"{label}step {number} of pipeline ({located(function)})")
        for number, function in enumerate(functions, 1)
    )


def _idle(step: Step) -> str | None:
    """Why the step changes nothing, if it does not."""
    if step.verb == "skip" and step.count == 0:
        return "skip(0) skips nothing"
    if step.verb == "step_by" and step.count == 1:
        return "step_by(1) takes every item"
    return "concat() adds nothing" if step.verb == "concat" and not step.extra else None


def _take_of_sorted(kept: list[Step], take: Step) -> str | None:
    """A take after a sort, with nothing but one-to-one steps between: sort only what is taken."""
    if not 0 < take.count <= _HEAP_LIMIT:
        return None
    position = len(kept) - 1
    while position >= 0 and kept[position].verb in _ONE_TO_ONE:
        position -= 1
    if position < 0 or kept[position].verb != "sort":
        return None
    sort = kept[position]
    kept[position] = replace(sort, verb="take_sorted", count=take.count)
    return f"steps {sort.number} and {take.number}: only what is taken is kept while sorting"


def same_key(first: Any, second: Any) -> bool:
    """Whether two keys are surely the same; functions are when they are one object.

    >>> from engine import it
    >>> same_key(it["a"] + 1, it["a"] + 1), same_key("a", "b")
    (True, False)
    """
    if isinstance(first, Expr) and isinstance(second, Expr):
        return node_of(first) == node_of(second)
    return first is second or (
        isinstance(first, str | int) and type(first) is type(second) and bool(first == second)
    )


def _fewer(take: Step, step: Step) -> Step:
    return replace(step, count=min(take.count, step.count))


def _further(skip: Step, step: Step) -> Step:
    return replace(step, count=skip.count + step.count)


def _why_serial(options: Parallel) -> str:
    if options.backend == "serial":
        return "par is serial, as asked"
    return "par adds nothing to an expression, which runs in C under the interpreter's lock"


def _once(first: Step, step: Step) -> Step | None:
    """Doing the same twice is doing it once, for steps with a key."""
    same = same_key(first.function, step.function) and first.extra == step.extra
    return first if same else None


def _distinct_sorted(sort: Step, step: Step) -> Step | None:
    """The first item of each key is found before sorting, if asking for keys twice goes unnoticed."""
    readable = sort.function is None or isinstance(sort.function, str | int | Expr | Memoised)
    if not readable or not same_key(sort.function, step.function):
        return None
    return replace(sort, verb="sort_unique")


def _without_par(par: Step, step: Step) -> Step | None:
    """A serial one, and what runs in C under the interpreter's lock, need no par."""
    options: Parallel = par.extra
    readable = step.verb != "try_map" and block_code_of(step.function) is not None
    idle = options.backend == "serial" or (options.backend == "auto" and readable and not options.io)
    return step if idle else None


_PAIRS: dict[tuple[str, str], Callable[[Step, Step], Step | None]] = {
    ("take", "take"): _fewer,
    ("skip", "skip"): _further,
    ("sort", "sort"): _once,
    ("unique", "unique"): _once,
    ("dedup", "dedup"): _once,
    ("sort", "dedup"): _distinct_sorted,
    ("par", "map"): _without_par,
    ("par", "try_map"): _without_par,
    ("par", "filter"): _without_par,
}
