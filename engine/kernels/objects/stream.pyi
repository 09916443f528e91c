from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, final

CODES: dict[str, int]
ACCESSES: dict[str, int]

# verb, access, function, count, extra, place
Instruction: TypeAlias = tuple[str, str, Any, int, Any, object]

class Trail:
    seen: int | None

def brief(item: object) -> str: ...

@final
class Pass(Iterator[Any]):
    def __new__(
        cls,
        open_source: Callable[[], Iterator[Any]],
        steps: tuple[Instruction, ...],
        origin: object,
        trail: Trail,
        owned: bool = True,
    ) -> Pass: ...
    def __next__(self) -> Any: ...
    def close(self) -> None: ...
    def drain(self) -> list[Any]: ...
