from collections.abc import Iterable
from typing import TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy
from engine.kernels.objects.place import Place

_T = TypeVar("_T")

def iter_merged(
    iterables: Iterable[Iterable[_T]],
    key: KeySpec = None,
    reverse: bool = False,
    check: bool = False,
    place: Place | None = None,
) -> Lazy[_T]: ...
def collect_merged(
    iterables: Iterable[Iterable[_T]],
    key: KeySpec = None,
    reverse: bool = False,
    check: bool = False,
    place: Place | None = None,
) -> list[_T]: ...
