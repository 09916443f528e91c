"""Columns as a table in a notebook: a few rows, short cells, nothing that the values could inject."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

__all__ = ["render_table"]

_ROWS = 10
_COLUMNS = 20
_WIDTH = 60


def render_table(columns: Mapping[str, Any], size: int) -> str:
    """An HTML table of the first rows of columns, and how many there are."""
    shown = dict(list(columns.items())[:_COLUMNS])
    heads = "".join(f"<th>{_cell(name)}</th>" for name in shown)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_read(column, row)}</td>' for column in shown.values())}</tr>"
        for row in range(min(size, _ROWS))
    )
    counted = f"{size} rows, {len(columns)} columns"
    return (
        f"<table><caption>{counted}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _read(column: Any, row: int) -> str:
    """A value that can not be shown must not take the table away."""
    try:
        value = column[row]
    except ValueError as error:
        return f"<i>{_cell(error)}</i>"
    return "<i>null</i>" if value is None else _cell(value)


def _cell(value: object) -> str:
    text = str(value)
    return html.escape(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")
