from collections.abc import Iterable
from typing import TypeVar

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy

_T = TypeVar("_T")

def iter_unique(iterable: Iterable[_T], key: KeySpec = None) -> Lazy[_T]: ...
def iter_dedup(iterable: Iterable[_T], key: KeySpec = None) -> Lazy[_T]: ...
def collect_unique(iterable: Iterable[_T], key: KeySpec = None) -> list[_T]: ...
