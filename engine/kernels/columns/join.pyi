from typing import Any

from engine.kernels.columns.column import ColumnMemory

KINDS: tuple[str, ...]

def join_rows(
    left: Any, right: Any, how: str, grain: int = 32_768, narrow_rows: int = ...
) -> tuple[ColumnMemory, ColumnMemory]: ...
