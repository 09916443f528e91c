from typing import Any

from engine.kernels.columns.column import ColumnMemory

def sort_rows(
    keys: Any, rows: ColumnMemory, *, descending: bool = ..., nulls_first: bool = ...
) -> None: ...
