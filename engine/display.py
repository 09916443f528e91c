"""A plan as others show it, without another program: mermaid text, an inline SVG, a table in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Any

from engine.markup import bounded, cell, dim, framed, shortened, table

_BOX_WIDTH = 560
_LINE_HEIGHT = 18
_GAP = 26
# A picture of thousands of steps helps nobody: the first and the last are drawn.
_MOST_BOXES = 40
_SHOWN_STEPS = 4
_FITTING = 88
# A notebook shows as many parts of a plan, and as many steps of each.
_MOST_ROWS = 12
_STEP_WIDTH = 100
_TEXT_LENGTH = 20_000

Box = tuple[str, tuple[str, ...]]


def render_mermaid(description: dict[str, Any]) -> str:
    """A flow chart, as notebooks, GitHub and documentation tools draw it."""
    lines = ["flowchart TD"]
    boxes = list(_boxes(description))
    for number, (title, details) in enumerate(boxes):
        label = "<br/>".join(_quoted(text) for text in (title, *details))
        lines.append(f'    s{number}["{label}"]')
    lines.extend(f"    s{number} --> s{number + 1}" for number in range(len(boxes) - 1))
    return "\n".join(lines)


def render_html(description: dict[str, Any]) -> str:
    """A picture, and a text that says the same for those who do not see pictures."""
    boxes = list(_boxes(description))
    drawn = "".join(_drawn(boxes))
    height = sum(map(_height, boxes)) + _GAP * (len(boxes) - 1) + 2
    text = escape("\n".join("; ".join((title, *details)) for title, details in boxes))
    return framed(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_BOX_WIDTH + 2}" height="{height}" role="img" '
        f'aria-label="plan" font-family="sans-serif" font-size="12" fill="currentColor">{drawn}</svg>',
        f"<details><summary>as text</summary><pre>{text}</pre></details>",
    )


def render_chain(description: dict[str, Any]) -> str:
    """The table of a notebook: the source, and each step with its line and how it will run."""
    heads = (cell(head, tag="th") for head in ("", "Chain", "", "runs as"))
    source = f"<tr>{cell('0', 'number dim')}{cell(bounded(description['source'], _STEP_WIDTH))}</tr>"
    changes = "".join(f"<div>{dim(change)}</div>" for change in description["changes"][:_SHOWN_STEPS])
    return framed(table(heads, [source, *_plan_rows(description)]), changes)


def render_refused(chain: str, reason: object) -> str:
    """A chain that can not run, and why."""
    return framed(f"<code>{bounded(chain, _STEP_WIDTH)}</code><div>{bounded(reason, _TEXT_LENGTH)}</div>")


def render_text(text: str) -> str:
    """A text with its lines, in the style of the rest."""
    return framed(f"<pre>{bounded(text, _TEXT_LENGTH)}</pre>")


def _plan_rows(description: dict[str, Any]) -> Iterator[str]:
    steps = iter(description["optimised"])
    stages = [(stage, list(islice(steps, len(stage["steps"])))) for stage in description["physical"]]
    for position in shortened(len(stages), _MOST_ROWS):
        yield from _more() if position is None else _stage_rows(*stages[position])


def _stage_rows(stage: dict[str, Any], steps: list[dict[str, Any]]) -> Iterator[str]:
    """The steps that run together, and how, beside them all."""
    shown = list(shortened(len(steps), _MOST_ROWS))
    how = (
        f'<td rowspan="{len(shown)}">{bounded(stage["kernel"])}: reads {stage["reads"]}, '
        f"holds {bounded(stage['holds'])}<br/>{dim(stage['reason'])}</td>"
    )
    yield f'<tr class="part">{_step_cells(steps[0])}{how}</tr>'
    for position in shown[1:]:
        yield from _more() if position is None else (f"<tr>{_step_cells(steps[position])}</tr>",)


def _more() -> tuple[str]:
    return (f"<tr>{cell('⋮', 'number dim')}</tr>",)


def _step_cells(step: dict[str, Any]) -> str:
    number = cell(str(step["number"]), "number dim")
    code = cell(f"<code>{bounded(step['step'], _STEP_WIDTH)}</code>")
    return f"{number}{code}{cell(bounded(step['place']), 'dim')}"


def _boxes(description: dict[str, Any]) -> Iterator[Box]:
    """The source, and each stage with its steps; without a physical level, each step."""
    yield description["source"], ()
    stages = description.get("physical")
    steps = description.get("optimised", description.get("logical", ()))
    if stages is None:
        yield from _shortened([(step["step"], (step["place"],)) for step in steps])
        return
    yield from _shortened(list(map(_stage_box, stages)))


def _stage_box(stage: dict[str, Any]) -> Box:
    inside: list[str] = stage["steps"]
    if len(inside) > _SHOWN_STEPS:
        inside = [*inside[:2], "…", inside[-1]]
    held = f"{stage['kernel']}: reads {stage['reads']}, holds {stage['holds']}"
    return " → ".join(inside), (held, stage["reason"])


def _shortened(boxes: list[Box]) -> list[Box]:
    if len(boxes) <= _MOST_BOXES:
        return boxes
    half = _MOST_BOXES // 2
    return [*boxes[:half], (f"… {len(boxes) - 2 * half} more …", ()), *boxes[-half:]]


def _height(box: Box) -> int:
    return (len(box[1]) + 1) * _LINE_HEIGHT + 10


def _drawn(boxes: list[Box]) -> Iterator[str]:
    top = 1
    for number, box in enumerate(boxes):
        if number:
            yield _arrow(top)
            top += _GAP
        yield _frame(top, _height(box))
        yield _text(box[0], top + _LINE_HEIGHT, "600", "1")
        for line, detail in enumerate(box[1], 2):
            yield _text(detail, top + line * _LINE_HEIGHT, "400", ".7")
        top += _height(box)


def _frame(top: int, height: int) -> str:
    size = f'width="{_BOX_WIDTH}" height="{height}"'
    return f'<rect x="1" y="{top}" {size} rx="5" fill="#8094c0" fill-opacity=".12" stroke="#8094c0"/>'


def _arrow(top: int) -> str:
    middle, end = _BOX_WIDTH // 2, top + _GAP
    return (
        f'<path d="M{middle} {top} V{end - 6}" stroke="#8094c0"/>'
        f'<path d="M{middle - 4} {end - 7} L{middle} {end} L{middle + 4} {end - 7} Z" fill="#8094c0"/>'
    )


def _text(text: str, baseline: int, weight: str, opacity: str) -> str:
    fitting = text if len(text) <= _FITTING else text[: _FITTING - 1] + "…"
    return (
        f'<text x="10" y="{baseline}" font-weight="{weight}" opacity="{opacity}">{escape(fitting)}</text>'
    )


def _quoted(text: str) -> str:
    """A label in which mermaid sees no syntax of its own."""
    return "".join(
        character if character.isalnum() or character in " .,_-+:" else f"#{ord(character)};"
        for character in text[:200]
    )
