from collections.abc import Iterable
from typing import Any

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy

HOWS: tuple[str, ...]

def iter_joined(
    left: Iterable[Any], right: Iterable[Any], left_key: KeySpec, right_key: KeySpec, how: str = "inner"
) -> Lazy[Any]: ...
def collect_joined(
    left: Iterable[Any], right: Iterable[Any], left_key: KeySpec, right_key: KeySpec, how: str = "inner"
) -> list[Any]: ...
