from collections.abc import Iterable
from typing import TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.place import Place

_T = TypeVar("_T")

def collect_top(
    iterable: Iterable[_T],
    k: int,
    key: KeySpec = None,
    largest: bool = True,
    place: Place | None = None,
) -> list[_T]: ...
