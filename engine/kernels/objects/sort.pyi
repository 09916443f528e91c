from collections.abc import Iterable
from typing import TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.place import Place

_T = TypeVar("_T")

def collect_sorted(
    iterable: Iterable[_T], key: KeySpec = None, reverse: bool = False, place: Place | None = None
) -> list[_T]: ...
