from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, final

from engine.kernels.objects.place import Trail
from engine.kernels.objects.program import Code

# verb ("map" or "filter"), code, the key it is of, what errors call the step
BlockStep: TypeAlias = tuple[str, Code, Any, object]

@final
class Blocks(Iterator[Any]):
    def __new__(
        cls,
        items: list[Any] | tuple[Any, ...],
        steps: tuple[BlockStep, ...],
        trail: Trail,
        ready: Callable[[Any], Any] | None = None,
    ) -> Blocks: ...
    def __next__(self) -> Any: ...
    def close(self) -> None: ...
    def drain(self) -> list[Any]: ...
    def count(self) -> int: ...
    def sum(self, start: Any = 0) -> Any: ...
