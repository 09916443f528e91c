from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias

from engine.kernels.objects.keys import KeySpec
from engine.kernels.objects.lazy import Lazy
from engine.kernels.objects.place import Place

# "any" and "all" are of columns alone, and refused here.
How: TypeAlias = Literal["count", "sum", "mean", "min", "max", "any", "all", "first", "last", "list", "set"]
AggregateSpec: TypeAlias = tuple[How, KeySpec]

HOWS: Final[dict[How, int]]

def agg_runs(
    iterable: Iterable[object],
    key: KeySpec,
    aggregates: tuple[AggregateSpec, ...],
    place: Place | None = None,
) -> Lazy[tuple[Any, tuple[Any, ...]]]: ...
def agg_groups(
    iterable: Iterable[object],
    key: KeySpec,
    aggregates: tuple[AggregateSpec, ...],
    place: Place | None = None,
) -> list[tuple[Any, tuple[Any, ...]]]: ...
