"""Columns as a table in a notebook: the first and last rows, short cells, no markup of the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.markup import bounded, cell, dim, framed, shortened, table

__all__ = ["render_table"]

_ROWS = 10
_COLUMNS = 20
_NUMBERS = "iuf"


def render_table(columns: Mapping[str, Any], size: int) -> str:
    """HTML: names and types above the first and the last rows, and below how many there are."""
    shown = dict(list(columns.items())[:_COLUMNS])
    heads = (_head(name, column) for name, column in shown.items())
    hidden = len(columns) - len(shown)
    caption = f"{_counted(size, 'row')}, {_counted(len(columns), 'column')}"
    return framed(
        table(
            [cell("", tag="th"), *heads],
            _rows(list(shown.values()), size),
            f"{caption}, the last {hidden:,} not shown" if hidden else caption,
        )
    )


def _rows(columns: list[Any], size: int) -> Iterator[str]:
    for row in shortened(size, _ROWS):
        if row is None:
            values = "".join(cell("⋮", _kind(column)) for column in columns)
        else:
            values = "".join(cell(_read(column, row), _kind(column)) for column in columns)
        yield f"<tr>{cell('⋮' if row is None else str(row), 'number dim')}{values}</tr>"


def _head(name: str, column: Any) -> str:
    return cell(f"{bounded(name)}<br/>{dim(column.dtype)}", _kind(column), "th")


def _kind(column: Any) -> str:
    return "number" if column.kind in _NUMBERS else ""


def _read(column: Any, row: int) -> str:
    """A value that can not be shown must not take the table away."""
    try:
        value = column[row]
    except ValueError as error:
        return f"<i>{bounded(error)}</i>"
    if value is None:
        return '<i class="dim">null</i>'
    return bounded(f"{value:.10g}" if isinstance(value, float) else value)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
