from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from engine.kernels.objects.keys import KeySpec

_T = TypeVar("_T")
_A = TypeVar("_A")

def collect_groups(iterable: Iterable[_T], key: KeySpec = None) -> dict[Any, list[_T]]: ...
def fold_groups(
    iterable: Iterable[_T], key: KeySpec, initial: Callable[[], _A], step: Callable[[_A, _T], _A]
) -> dict[Any, _A]: ...
