"""What a chain will do, and what it did: as a value, and that value as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, get_args

from engine.backends import of_processes
from engine.errors import PlanError
from engine.metrics import Metrics
from engine.plan import Plan, Stage
from engine.steps import Step

Level: TypeAlias = Literal["all", "logical", "optimised", "physical"]
Format: TypeAlias = Literal["text", "json", "mermaid", "html"]
Description: TypeAlias = dict[str, Any]

# Of the JSON form: raised when a member changes its meaning or goes.
VERSION = 1
_WIDTH = 100


class Explanation(str):
    """A text that a notebook shows as it is, and not as a literal."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from engine.display import render_text  # noqa: PLC0415 (for notebooks only)

        return render_text(self)


class Drawn(str):
    """Markup that a notebook shows as what it draws."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return self


def describe_plan(plan: Plan, metrics: Metrics | None = None) -> Description:
    """All three levels as plain dicts and lists, as `format="json"` writes them."""
    description: Description = {
        "version": VERSION,
        "source": str(plan.source),
        "logical": [_step(step) for step in plan.logical],
        "optimised": [_step(step) for step in plan.optimised],
        "changes": list(plan.changes),
        "physical": [_stage(stage) for stage in plan.stages],
    }
    if metrics is not None:
        description["metrics"] = {
            "wall_s": metrics.wall_s,
            "steps": [
                {name: getattr(step, name) for name in step.__slots__}  # pyright: ignore[reportAny]
                for step in metrics.steps
            ],
        }
    return description


def explain(plan: Plan, level: Level, form: Format, metrics: Metrics | None = None) -> str:
    """The plan in one of its forms.

    Raises:
        PlanError: there is no such level or form.
    """
    _require("level", level, get_args(Level))
    _require("format", form, get_args(Format))
    description = describe_plan(plan, metrics)
    if form == "text":
        return Explanation("\n".join(_text(description, level)))
    if level != "all":
        others = {"logical", "optimised", "physical"} - {level}
        description = {name: part for name, part in description.items() if name not in others}
    if form == "json":
        return Explanation(json.dumps(description, indent=1))
    from engine import display  # noqa: PLC0415 (pictures are drawn rarely)

    if form == "mermaid":
        return Explanation(display.render_mermaid(description))
    return Drawn(display.render_html(description))


def _require(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise PlanError(f"{name} must be one of {', '.join(allowed)}, got {value!r:.100}")


def _step(step: Step) -> Description:
    return {"number": step.number, "step": step.shown(), "place": str(step.place)}


def _stage(stage: Stage) -> Description:
    return {
        "first": stage.steps[0].number,
        "last": stage.steps[-1].number,
        "steps": [step.shown() for step in stage.steps],
        "kernel": stage.kernel.name,
        "reads": "all first" if stage.kernel.barrier else "one by one",
        "holds": stage.kernel.holds,
        "reason": _reason(stage),
    }


def _reason(stage: Stage) -> str:
    reason = stage.kernel.reason
    return f"{reason}; {of_processes(stage.steps[0])}" if stage.kernel.name == "adaptive" else reason


def _text(description: Description, level: Level) -> Iterator[str]:
    if level in {"all", "logical"}:
        yield "logical"
        yield from _step_lines(description["source"], description["logical"])
    if level in {"all", "optimised"}:
        if description["optimised"] == description["logical"]:
            yield "optimised: nothing to rewrite"
        else:
            yield "optimised"
            yield from _step_lines(description["source"], description["optimised"])
            yield from (f"      {change}" for change in description["changes"])
    if level in {"all", "physical"}:
        yield "physical"
        yield from _stage_lines(description["physical"])
    if "metrics" in description:
        yield "measured"
        yield from _metric_lines(description["metrics"])


def _step_lines(source: str, steps: list[Description]) -> Iterator[str]:
    yield f"  {0:>3} {source}"
    for step in steps:
        yield _cut(f"  {step['number']:>3} {step['step']}", f"  {step['place']}")


def _stage_lines(stages: list[Description]) -> Iterator[str]:
    if not stages:
        yield "  the source as it is"
    for stage in stages:
        kind = "reads all first" if stage["reads"] == "all first" else "streams"
        yield f"  {_numbers(stage)}: {stage['kernel']}, {kind}, holds {stage['holds']}"
        yield f"      {stage['reason']}"


def _numbers(stage: Description) -> str:
    first, last = stage["first"], stage["last"]
    return f"step {first}" if first == last else f"steps {first}-{last}"


def _metric_lines(metrics: Description) -> Iterator[str]:
    for step in metrics["steps"]:
        figures = f"  {step['items_in']} in, {step['items_out']} out, {step['busy_s'] * 1000:.3f} ms"
        yield _cut(f"  {step['steps']}", figures)
        if step["reason"] is not None:
            yield f"      {step['kernel']}: {step['reason']}"
    yield f"  in all {metrics['wall_s'] * 1000:.3f} ms"


def _cut(text: str, ending: str) -> str:
    """Both in one line, the text cut so that the ending is seen."""
    room = _WIDTH - len(ending)
    return (text if len(text) <= room else text[: room - 3] + "...") + ending
