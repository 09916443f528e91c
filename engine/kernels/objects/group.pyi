from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.place import Place

_T = TypeVar("_T")
_A = TypeVar("_A")

def collect_groups(
    iterable: Iterable[_T], key: KeySpec = None, place: Place | None = None
) -> dict[Any, list[_T]]: ...
def count_keys(
    iterable: Iterable[object], key: KeySpec = None, place: Place | None = None
) -> dict[Any, int]: ...
def fold_groups(
    iterable: Iterable[_T],
    key: KeySpec,
    initial: Callable[[], _A],
    step: Callable[[_A, _T], _A],
    place: Place | None = None,
) -> dict[Any, _A]: ...
def reduce_groups(
    iterable: Iterable[_T], key: KeySpec, step: Callable[[_T, _T], _T], place: Place | None = None
) -> dict[Any, _T]: ...
