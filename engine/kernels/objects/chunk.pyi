from collections.abc import Iterable
from typing import Any, TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy
from engine.kernels.objects.place import Place

_T = TypeVar("_T")

def iter_runs(
    iterable: Iterable[_T], key: KeySpec = None, place: Place | None = None
) -> Lazy[tuple[Any, list[_T]]]: ...
def collect_runs(
    iterable: Iterable[_T], key: KeySpec = None, place: Place | None = None
) -> list[tuple[Any, list[_T]]]: ...
