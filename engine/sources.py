"""Where a chain's items come from, and how often they may be asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from types import GeneratorType
from typing import Any

from engine.columns import is_column
from engine.errors import PlanError, SourceConsumedError
from engine.kernels.objects.stream import Pass, Trail
from engine.steps import require_iterables

# An array is turned into Python objects by blocks: fast, and flat in memory.
_BLOCK = 4096
# Their length is at hand, and asking for it runs no code of the caller.
_SIZED = (list, tuple, dict, set, frozenset, str, bytes)


class Source:
    """An iterable or a factory of them. A one-shot iterator is handed out once, to whoever is first."""

    __slots__ = ("_factory", "_iterable", "_ticket")

    def __init__(
        self, iterable: Iterable[Any] | None, factory: Callable[[], Iterable[Any]] | None = None
    ) -> None:
        self._iterable = iterable
        self._factory = factory
        # Acquired by the first run and never released: of two threads exactly one gets the iterator.
        self._ticket = threading.Lock() if isinstance(iterable, Iterator) else None

    def __reduce__(self) -> tuple[Any, ...]:
        return (Source, (self._iterable, self._factory))

    def __str__(self) -> str:
        """What it is, never what is in it."""
        if self._factory is not None:
            return f"factory {getattr(self._factory, '__qualname__', type(self._factory).__name__)}"
        iterable: Any = self._iterable
        if isinstance(iterable, range):
            return repr(iterable)
        size = f" of {len(iterable)}" if type(iterable) in _SIZED else ""
        return f"{type(iterable).__name__}{size}"

    @property
    def held(self) -> list[Any] | tuple[Any, ...] | None:
        """The items themselves when they are all in memory and can be given to a kernel as they are."""
        iterable: Any = self._iterable
        held: list[Any] | tuple[Any, ...] | None = iterable if type(iterable) in {list, tuple} else None
        return held

    def open(self) -> tuple[Iterator[Any], bool]:
        """An iterator for one run, and whether the run may close it: it was made here, or is a generator.

        Raises:
            SourceConsumedError: the one-shot iterator was handed out before.
        """
        if self._ticket is not None and not self._ticket.acquire(blocking=False):
            raise SourceConsumedError(
                f"a {self} can be read once, and another run of this chain or of a branch has read it; "
                "use Chain.from_factory, or collect it first"
            )
        iterable = self._iterable if self._factory is None else self._factory()
        if is_column(iterable):
            return _iter_array(iterable), True
        if iterable is None:
            raise PlanError("a factory must give an iterable, got None")
        iterator = iter(iterable)
        return iterator, self._factory is not None or iterator is not iterable or type(
            iterator
        ) is GeneratorType

    def __iter__(self) -> Iterator[Any]:
        """For kernels that close what they read: a file of the caller stays open."""
        iterator, owned = self.open()
        return iterator if owned else Pass(lambda: iterator, (), None, Trail(), owned=False)


def as_source(value: Iterable[Any]) -> Source:
    """The source over an iterable.

    Raises:
        PlanError: it can not be iterated.
    """
    require_iterables("source", [value])
    return Source(value)


def _iter_array(array: Any) -> Iterator[Any]:
    for start in range(0, len(array), _BLOCK):
        yield from array[start : start + _BLOCK].tolist()
