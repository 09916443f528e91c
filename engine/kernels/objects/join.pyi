from collections.abc import Callable, Iterable
from typing import Any

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy
from engine.kernels.objects.place import Place

HOWS: tuple[str, ...]
NULLS: tuple[str, ...]

def iter_joined(
    left: Iterable[Any],
    right: Iterable[Any],
    left_key: KeySpec,
    right_key: KeySpec,
    how: str = "inner",
    nulls: str = "skip",
    select: Callable[[Any, Any], Any] | None = None,
    place: Place | None = None,
) -> Lazy[Any]: ...
def collect_joined(
    left: Iterable[Any],
    right: Iterable[Any],
    left_key: KeySpec,
    right_key: KeySpec,
    how: str = "inner",
    nulls: str = "skip",
    select: Callable[[Any, Any], Any] | None = None,
    place: Place | None = None,
) -> list[Any]: ...
