"""How values look in a notebook: one style for light and dark pages, and texts that are escaped and cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

__all__ = ["bounded", "cell", "dim", "framed", "shortened", "table"]

_WIDTH = 60
_LONG = 200
# Colours are those of the page, lines and fills are see-through: right on any background. & is the class,
# twice: else the rules of a notebook for all tables would win.
_STYLE = (
    "&{font-size:13px;line-height:1.45;overflow-x:auto}"
    "& table{border-collapse:collapse;margin:2px 0;color:inherit}"
    "& caption{caption-side:bottom;text-align:left;padding:3px 8px;color:inherit;opacity:.65}"
    "& tr:nth-child(n){background:transparent}"
    "& tr th,& tr td{padding:2px 8px;text-align:left;vertical-align:top;border:0;max-width:none}"
    "& tr th,& tr td,& tr code{white-space:pre}"
    "& thead tr th{border-bottom:1px solid rgba(128,128,128,.6);vertical-align:bottom}"
    "& tbody tr.part td{border-top:1px solid rgba(128,128,128,.25)}"
    "& tr .number{text-align:right;font-variant-numeric:tabular-nums}"
    "& .dim{opacity:.65;font-weight:normal}"
    "& code,& pre{background:transparent;color:inherit;padding:0;margin:0}"
    "& details{margin:4px 0}& summary{cursor:pointer;opacity:.65}"
).replace("&", ".engine-look.engine-look")


def framed(*parts: str) -> str:
    """The parts as one piece of a page, with the style."""
    return f'<div class="engine-look"><style>{_STYLE}</style>{"".join(parts)}</div>'


def table(heads: Iterable[str], rows: Iterable[str], caption: str = "") -> str:
    """Cells of a head, and rows of cells, all of them markup; the caption is text."""
    head = "".join(heads)
    below = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f"<table>{below}{f'<thead><tr>{head}</tr></thead>' if head else ''}"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def cell(markup: str, kind: str = "", tag: str = "td") -> str:
    """A cell of a table; `kind`: "number", or "dim"."""
    return f'<{tag} class="{kind}">{markup}</{tag}>' if kind else f"<{tag}>{markup}</{tag}>"


def dim(text: object) -> str:
    """What is less important."""
    return f'<span class="dim">{bounded(text, _LONG)}</span>'


def bounded(text: object, width: int = _WIDTH) -> str:
    """A text that is no markup any more, and not long."""
    whole = str(text)
    return escape(whole if len(whole) <= width else whole[: width - 1] + "…")


def shortened(size: int, most: int) -> Iterator[int | None]:
    """Positions to show of `size`: all, or the first and the last with None for those between."""
    if size <= most:
        yield from range(size)
        return
    yield from range(most - most // 2)
    yield None
    yield from range(size - most // 2, size)
