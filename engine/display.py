"""Pictures of a plan that need no other program: mermaid text, and HTML with an inline SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

_BOX_WIDTH = 560
_LINE_HEIGHT = 18
_GAP = 26
# A picture of thousands of steps helps nobody: the first and the last are drawn.
_MOST_BOXES = 40
_SHOWN_STEPS = 4
_FITTING = 88

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
    return (
        f'<div class="engine-plan"><svg xmlns="http://www.w3.org/2000/svg" width="{_BOX_WIDTH + 2}" '
        f'height="{height}" role="img" aria-label="plan" font-family="sans-serif" font-size="12">'
        f"{drawn}</svg><details><summary>as text</summary><pre>{text}</pre></details></div>"
    )


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
        yield _text(box[0], top + _LINE_HEIGHT, "600", "#1b2a41")
        for line, detail in enumerate(box[1], 2):
            yield _text(detail, top + line * _LINE_HEIGHT, "400", "#4a5568")
        top += _height(box)


def _frame(top: int, height: int) -> str:
    size = f'width="{_BOX_WIDTH}" height="{height}"'
    return f'<rect x="1" y="{top}" {size} rx="5" fill="#f4f6fb" stroke="#56709c"/>'


def _arrow(top: int) -> str:
    middle, end = _BOX_WIDTH // 2, top + _GAP
    return (
        f'<path d="M{middle} {top} V{end - 6}" stroke="#56709c"/>'
        f'<path d="M{middle - 4} {end - 7} L{middle} {end} L{middle + 4} {end - 7} Z" fill="#56709c"/>'
    )


def _text(text: str, baseline: int, weight: str, colour: str) -> str:
    fitting = text if len(text) <= _FITTING else text[: _FITTING - 1] + "…"
    return f'<text x="10" y="{baseline}" font-weight="{weight}" fill="{colour}">{escape(fitting)}</text>'


def _quoted(text: str) -> str:
    """A label in which mermaid sees no syntax of its own."""
    return "".join(
        character if character.isalnum() or character in " .,_-+:" else f"#{ord(character)};"
        for character in text[:200]
    )
