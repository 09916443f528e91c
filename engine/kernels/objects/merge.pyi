from collections.abc import Iterable
from typing import TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy

_T = TypeVar("_T")

def iter_merged(
    iterables: Iterable[Iterable[_T]], key: KeySpec = None, reverse: bool = False
) -> Lazy[_T]: ...
def collect_merged(
    iterables: Iterable[Iterable[_T]], key: KeySpec = None, reverse: bool = False
) -> list[_T]: ...
