"""What steps with more than a key are told: frozen values, checked when the chain is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from engine.aggregates import Aggregate
from engine.errors import PlanError
from engine.kernels.objects.place import brief
from engine.steps import Shown

if TYPE_CHECKING:
    from engine.sources import Source
    from engine.validation import Validator

Backend: TypeAlias = Literal["auto", "threads", "processes", "serial"]

# A join without pairs.
_ALONE = frozenset({"semi", "anti"})


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """The right side of a join, and how the two meet."""

    other: Source
    other_key: Any
    how: str
    nulls: str
    select: Callable[[Any, Any], Any] | None


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """The other inputs of a merge, and what is promised of all of them."""

    others: tuple[Source, ...]
    reverse: bool
    check: bool


@dataclass(frozen=True, slots=True)
class Aggregates(Shown):
    """What to make of each group. `names` are None for one value that needs no name."""

    names: tuple[str, ...] | None
    aggregates: tuple[Aggregate, ...]

    def __str__(self) -> str:
        """As in `explain`."""
        if self.names is None:
            return str(self.aggregates[0])
        return ", ".join(f"{name}={made}" for name, made in zip(self.names, self.aggregates, strict=True))


@dataclass(frozen=True, slots=True)
class Validation(Shown):
    """What each item has to be, and the number of the first."""

    validator: Validator[Any]
    start: int

    def __str__(self) -> str:
        """As in `explain`: the rules by name."""
        return str(self.validator)


@dataclass(frozen=True, slots=True)
class Parallel(Shown):
    """What `par` was told of the step after it."""

    workers: int | None
    backend: Backend
    io: bool
    ordered: bool
    in_flight: int | None
    pure: bool | None = None

    def __str__(self) -> str:
        """As in `explain`: what differs from the default."""
        told = (
            "" if self.workers is None else str(self.workers),
            "" if self.backend == "auto" else f"backend={self.backend!r}",
            "io=True" if self.io else "",
            "" if self.ordered else "ordered=False",
            "" if self.in_flight is None else f"in_flight={self.in_flight}",
            "" if self.pure is None else f"pure={self.pure}",
        )
        return ", ".join(filter(None, told))


def require_aggregates(named: Mapping[str, object] | Aggregate) -> Aggregates:
    """One aggregate, or at least one by name, or PlanError."""
    if isinstance(named, Aggregate):
        return Aggregates(None, (named,))
    if not isinstance(named, Mapping) or not named:  # type: ignore[redundant-expr]  # callers may be untyped
        raise PlanError(f"agg must be an aggregate, or a mapping of names to some, got {brief(named)}")
    made: list[Aggregate] = []
    for name, value in named.items():
        if not isinstance(value, Aggregate):
            raise PlanError(f"{name} must be an aggregate such as it['x'].sum(), got {brief(value)}")
        made.append(value)
    return Aggregates(tuple(named), tuple(made))


def require_select(select: object, how: str) -> Any:
    """A function of both sides of a pair, or None, or PlanError."""
    if select is not None and how in _ALONE:
        raise PlanError(f"select must be None where no pairs are made, got {brief(select)} for {how}")
    if select is not None and not callable(select):
        raise PlanError(f"select must be callable, got {brief(select)}")
    return select


def require_choice(name: str, value: str, allowed: Iterable[str]) -> str:
    """One of the words allowed, or PlanError."""
    choices = tuple(allowed)
    if value not in choices:
        raise PlanError(f"{name} must be one of {', '.join(choices)}, got {brief(value)}")
    return value
