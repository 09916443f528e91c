from typing import Any

from engine.kernels.columns.column import ColumnMemory

BLOCK: int
LEVEL: int
ROLES: dict[str, int]

class Space:
    def __init__(self, size: int) -> None: ...
    @property
    def address(self) -> int: ...

class Program:
    grain: int
    def __init__(
        self,
        registers: list[tuple[str, int, int]],
        constants: list[tuple[int, int, int]],
        steps: list[tuple[str, int, tuple[int, ...], int, bytes | None]],
        totals: list[tuple[str, str]],
        level: int = ...,
    ) -> None: ...
    def run(
        self, inputs: list[Any], rows: int, values: int = 0, validity: int = 0
    ) -> tuple[tuple[int, int, int, int] | None, Any]: ...

def address_of(array: Any) -> int: ...
def result_memory(
    values: Space, validity: Space | None, size: int, kind: str, item_size: int, unit: str, zone: str | None
) -> ColumnMemory: ...
def is_nullable(column: ColumnMemory) -> bool: ...
