from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, final

from engine.kernels.objects.gauges import Gauges
from engine.kernels.objects.machine import ACCESSES as ACCESSES
from engine.kernels.objects.machine import CODES as CODES
from engine.kernels.objects.place import Trail as Trail
from engine.kernels.objects.place import brief as brief

# verb, access, function, count, extra, place
Instruction: TypeAlias = tuple[str, str, Any, int, Any, object]

@final
class Pass(Iterator[Any]):
    def __new__(
        cls,
        open_source: Callable[[], Iterable[Any]],
        steps: tuple[Instruction, ...],
        origin: object,
        trail: Trail,
        owned: bool = True,
        gauges: Gauges | None = None,
    ) -> Pass: ...
    def __next__(self) -> Any: ...
    def number(self) -> int: ...
    def close(self) -> None: ...
    def drain(self) -> list[Any]: ...
    def drain_for(self, seconds: float) -> tuple[list[Any], bool]: ...
    def count(self) -> int: ...
    def sum(self, start: Any = 0) -> Any: ...
