"""What is drawn of a run: bars of the engine's promises, times beside each other, memory."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.drawing import Drawing, Panel, Stroke, render_svg
from benchmarks.tables import Line, figure

# Okabe and Ito's palette: told apart by everyone.
MET, MISSED, ENGINE, OTHERS = "#009e73", "#e69f00", "#0072b2", "#b8c0c8"
LEAST_BYTES = 2_000_000  # below it, pages that happen to be at hand are most of the difference


def render_figures(lines: list[Line]) -> dict[str, str]:
    """File name to SVG, those that have something to show."""
    drawings = {
        "ratios.svg": draw_ratios(lines),
        "times.svg": draw_times(lines),
        "memory.svg": draw_memory(lines),
    }
    return {name: render_svg(drawing) for name, drawing in drawings.items() if drawing.panels}


def draw_ratios(lines: Iterable[Line]) -> Drawing:
    """Each ratio that has a bar, from 1 to the right when the engine is faster."""
    judged = [(line, [verdict for verdict in line["verdicts"] if verdict["unit"] == "×"]) for line in lines]
    scale = _scale_for([verdict for _, found in judged for verdict in found])
    panels = (Panel(_title(line), _ratio_strokes(found, scale)) for line, found in judged if found)
    return Drawing(
        "How many times as fast the engine is",
        "Right of 1 the engine is faster; black: the bar. Green: met, orange: missed. Logarithmic.",
        tuple(panels),
        scale.ticks(),
    )


def draw_times(lines: Iterable[Line]) -> Drawing:
    """Median time of each contender, each question on a scale of its own."""
    panels = [
        Panel(_title(line), _scaled(line, "median_s", 1000, "ms"))
        for line in _largest(lines)
        if not line["is_program"]
    ]
    return Drawing(
        "Time of each contender",
        "Median in milliseconds, shorter is better; each question has a scale of its own.",
        tuple(panels),
    )


def draw_memory(lines: Iterable[Line]) -> Drawing:
    """Peak memory of each contender where it is known and large enough to say something."""
    panels = [
        Panel(_title(line), _scaled(line, "peak_bytes", 1e-6, "MB"))
        for line in _largest(lines)
        if _tells_memory(line)
    ]
    return Drawing(
        "Peak memory of each contender",
        "MB above the data; of whole programs, all of the process. Each question has a scale of its own.",
        tuple(panels),
    )


def _tells_memory(line: Line) -> bool:
    peaks = [entry["peak_bytes"] for entry in line["contenders"].values()]
    return None not in peaks and max(peaks) >= LEAST_BYTES


@dataclass(frozen=True)
class _Scale:
    """Powers of two from `least` to `most`, as shares of a width."""

    least: int
    most: int

    def share(self, ratio: float) -> float:
        return (math.log2(ratio) - self.least) / (self.most - self.least)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        powers = range(self.least, self.most + 1)
        return tuple((self.share(2.0**power), _tick(power)) for power in powers)


def _scale_for(verdicts: list[dict[str, Any]]) -> _Scale:
    shown = [verdict[key] for verdict in verdicts for key in ("measured", "bar")]
    least = math.floor(math.log2(min(shown, default=1.0)))
    most = math.ceil(math.log2(max(shown, default=1.0)))
    return _Scale(min(-1, least), max(2, most))


def _tick(power: int) -> str:
    return str(2**power) if power >= 0 else f"1/{2**-power}"


def _ratio_strokes(verdicts: list[dict[str, Any]], scale: _Scale) -> tuple[Stroke, ...]:
    return tuple(
        Stroke(
            f"× {verdict['against']}",
            scale.share(1.0),
            scale.share(verdict["measured"]),
            f"{figure(verdict['measured'])} / {figure(verdict['bar'])}",
            MET if verdict["is_met"] else MISSED,
            scale.share(verdict["bar"]),
        )
        for verdict in verdicts
    )


def _scaled(line: Line, metric: str, factor: float, unit: str) -> tuple[Stroke, ...]:
    entries = line["contenders"]
    most = max(entry[metric] for entry in entries.values())
    return tuple(
        Stroke(
            name,
            0.0,
            entry[metric] / most if most else 0.0,
            f"{figure(entry[metric] * factor)} {unit}",
            ENGINE if entry["kind"] == "engine" else OTHERS,
        )
        for name, entry in entries.items()
    )


def _largest(lines: Iterable[Line]) -> list[Line]:
    by_name = {line["question"]: line for line in sorted(lines, key=lambda line: line["size"])}
    return [line for line in lines if by_name[line["question"]] is line]


def _title(line: Line) -> str:
    return f"{line['question']}, {line['size']:,}" if line["size"] > 1 else line["question"]
