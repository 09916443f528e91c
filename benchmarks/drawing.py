"""Horizontal bars in panels, as SVG. Knows nothing of benchmarks; lengths are shares of the width."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 920
PLOT_LEFT, PLOT_WIDTH = 320, 440
ROW, PANEL_HEAD, MARGIN = 20, 26, 16
HEADING = 66
FONT = "font-family='Helvetica, Arial, DejaVu Sans, sans-serif' font-size='13'"
BOLD = "font-weight='bold'"
INK, FAINT, GRID = "#1f2328", "#59636e", "#d8dee4"


@dataclass(frozen=True)
class Stroke:
    """One bar.

    Args:
        start, end: where it begins and ends, 0 to 1.
        mark: where a line across it stands, if anywhere.
    """

    label: str
    start: float
    end: float
    text: str
    colour: str
    mark: float | None = None


@dataclass(frozen=True)
class Panel:
    title: str
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True)
class Drawing:
    """A title, a line that explains it, panels below each other, ticks (place, label) behind them."""

    title: str
    explains: str
    panels: tuple[Panel, ...]
    ticks: tuple[tuple[float, str], ...] = ()


def render_svg(drawing: Drawing) -> str:
    """The picture as one SVG document, readable on any background."""
    height = HEADING + sum(map(_height, drawing.panels)) + MARGIN
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' {FONT}>",
        f"<title>{escape(drawing.title)}</title>",
        f"<rect width='{WIDTH}' height='{height}' fill='#ffffff'/>",
        _text(MARGIN, 26, drawing.title, f"font-size='17' {BOLD}"),
        _text(MARGIN, 46, drawing.explains, f"fill='{FAINT}'"),
        *_ticks(drawing.ticks, height),
    ]
    top = HEADING
    for panel in drawing.panels:
        parts += _panel(panel, top)
        top += _height(panel)
    return "\n".join([*parts, "</svg>", ""])


def _height(panel: Panel) -> int:
    return PANEL_HEAD + ROW * len(panel.strokes)


def _panel(panel: Panel, top: int) -> list[str]:
    parts = [_text(MARGIN, top + 18, panel.title, BOLD)]
    for number, stroke in enumerate(panel.strokes):
        parts += _stroke(stroke, top + PANEL_HEAD + number * ROW)
    return parts


def _stroke(stroke: Stroke, top: int) -> list[str]:
    low, high = sorted((_place(stroke.start), _place(stroke.end)))
    size = f"width='{max(1.0, high - low):.1f}' height='{ROW - 6}'"
    parts = [
        _text(PLOT_LEFT - 10, top + 14, stroke.label, "text-anchor='end'"),
        f"<rect x='{low:.1f}' y='{top + 3}' {size} fill='{stroke.colour}'/>",
        _text(PLOT_LEFT + PLOT_WIDTH + 12, top + 14, stroke.text),
    ]
    if stroke.mark is not None:
        parts.append(_line(_place(stroke.mark), top, top + ROW, f"stroke='{INK}' stroke-width='2.5'"))
    return parts


def _ticks(ticks: tuple[tuple[float, str], ...], height: int) -> list[str]:
    parts = []
    for share, label in ticks:
        at = _place(share)
        parts.append(_line(at, HEADING, height - MARGIN, f"stroke='{GRID}'"))
        parts.append(_text(at, HEADING - 4, label, f"text-anchor='middle' font-size='11' fill='{FAINT}'"))
    return parts


def _place(share: float) -> float:
    return PLOT_LEFT + PLOT_WIDTH * min(1.0, max(0.0, share))


def _line(x: float, top: float, bottom: float, style: str) -> str:
    return f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{top}' y2='{bottom}' {style}/>"


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' {style}>{escape(text)}</text>"
