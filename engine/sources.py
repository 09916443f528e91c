"""Where a chain's items come from, how often they may be asked for, and how many there are."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import count, cycle, repeat
from types import GeneratorType
from typing import Any, NamedTuple

from engine.errors import PlanError, SourceConsumedError
from engine.kernels.columns.arrays import is_array, is_column
from engine.kernels.objects.place import Trail
from engine.kernels.objects.stream import Pass
from engine.steps import require_iterables

# An array is turned into Python objects by blocks: fast, and flat in memory.
_BLOCK = 4096
# Their length is at hand, and asking for it runs no code of the caller.
_SIZED = (list, tuple, dict, set, frozenset, str, bytes, range)
_END: Any = object()


class Extent(NamedTuple):
    """How many items there are: at least `lower`, at most `upper` if that is known.

    `endless`: the end is never reached, though a filter may let fewer through than `lower` could say.
    """

    lower: int = 0
    upper: int | None = None
    endless: bool = False


ENDLESS = Extent(sys.maxsize, None, endless=True)


class Measured:
    """An iterable that knows how many items it has, and says in `str` what it is."""

    __slots__ = ()

    @property
    def extent(self) -> Extent:
        return Extent()

    def is_infinite(self) -> bool:
        return False


class Source:
    """An iterable or a factory of them. A one-shot iterator is handed out once, to whoever is first.

    What a preview read of a one-shot iterator is kept, and comes first when it is handed out.
    """

    __slots__ = ("_factory", "_failure", "_iterable", "_kept", "_ticket", "is_endless")

    def __init__(
        self,
        iterable: Iterable[Any] | None,
        factory: Callable[[], Iterable[Any]] | None = None,
        kept: Iterable[Any] = (),
    ) -> None:
        self._iterable = iterable
        self._factory = factory
        self._kept: list[Any] = list(kept)
        self._failure: Exception | None = None
        # Known from the start: each run asks, and chains inside chains must not ask each other in turn.
        self.is_endless = type(iterable) not in _SIZED and _is_endless(iterable)
        # Acquired by the first run and never released: of two threads exactly one gets the iterator.
        self._ticket = threading.Lock() if isinstance(iterable, Iterator) else None

    def __reduce__(self) -> tuple[Any, ...]:
        return (Source, (self._iterable, self._factory, self._kept))

    def __str__(self) -> str:
        """What it is, never what is in it."""
        if self._factory is not None:
            return f"factory {getattr(self._factory, '__qualname__', type(self._factory).__name__)}"
        iterable: Any = self._iterable
        if isinstance(iterable, range):
            return repr(iterable)
        if isinstance(iterable, Measured):
            return str(iterable)
        size = f" of {len(iterable)}" if type(iterable) in _SIZED else ""
        return f"{type(iterable).__name__}{size}"

    @property
    def iterable(self) -> Iterable[Any] | None:
        """What it was made of; None when a factory makes it."""
        return self._iterable

    @property
    def held(self) -> list[Any] | tuple[Any, ...] | None:
        """The items themselves when they are all in memory and can be given to a kernel as they are."""
        iterable: Any = self._iterable
        held: list[Any] | tuple[Any, ...] | None = iterable if type(iterable) in {list, tuple} else None
        return held

    @property
    def extent(self) -> Extent:
        """How many items there are, as far as that is known without reading any."""
        iterable: Any = self._iterable
        if isinstance(iterable, Measured):
            return iterable.extent
        if type(iterable) in _SIZED or _has_length(iterable):
            return Extent(len(iterable), len(iterable))
        return ENDLESS if self.is_endless else Extent(len(self._kept))

    def open(self) -> tuple[Iterator[Any], bool]:
        """An iterator for one run, and whether the run may close it: it was made here, or is a generator.

        Raises:
            SourceConsumedError: the one-shot iterator was handed out before.
        """
        self._take()
        iterable = self._iterable if self._factory is None else self._factory()
        if is_array(iterable):
            return _iter_array(iterable), True
        if iterable is None:
            raise PlanError("a factory must give an iterable, got None")
        iterator = iter(iterable)
        if self._kept or self._failure is not None:
            return self._iter_kept(iterator), True
        return iterator, self._factory is not None or iterator is not iterable or type(
            iterator
        ) is GeneratorType

    def __iter__(self) -> Iterator[Any]:
        """For kernels that close what they read: a file of the caller stays open."""
        iterator, owned = self.open()
        return iterator if owned else Pass(lambda: iterator, (), None, Trail(), owned=False)

    def previewed(self) -> Source:
        """A source of the same items that leaves them all to the runs to come."""
        return self if self._ticket is None else Source(_Preview(self))

    def _take(self) -> None:
        if self._ticket is not None and not self._ticket.acquire(blocking=False):
            raise SourceConsumedError(
                f"a {self} can be read once, and another run of this chain or of a branch has read it; "
                "use Chain.from_factory, or collect it first"
            )

    def iter_preview(self) -> Iterator[Any]:
        """The items, each kept for the runs to come; none of those can begin meanwhile."""
        self._take()
        try:
            yield from self._kept
            self._raise_failure()
            while (item := self._pull()) is not _END:
                yield item
        finally:
            if self._ticket is not None:
                self._ticket.release()

    def _pull(self) -> Any:
        iterator: Any = self._iterable
        try:
            item = next(iterator, _END)
        except Exception as error:
            self._failure = error
            raise
        if item is not _END:
            self._kept.append(item)
        return item

    def _iter_kept(self, rest: Iterator[Any]) -> Iterator[Any]:
        try:
            yield from self._kept
            self._raise_failure()
            yield from rest
        finally:
            if isinstance(rest, GeneratorType):
                rest.close()

    def _raise_failure(self) -> None:
        """An iterator that failed in a preview has ended: without this a run would look complete."""
        if self._failure is not None:
            raise self._failure


class _Preview(Measured):
    """The items of a one-shot source for a preview, under the name of the source."""

    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        self._source = source

    def __iter__(self) -> Iterator[Any]:
        return self._source.iter_preview()

    def __str__(self) -> str:
        return str(self._source)


def as_source(value: Iterable[Any]) -> Source:
    """The source over an iterable.

    Raises:
        PlanError: it can not be iterated.
    """
    require_iterables("source", [value])
    return Source(value)


def _is_endless(iterable: Any) -> bool:
    if isinstance(iterable, Measured):
        return iterable.is_infinite()
    try:
        return isinstance(iterable, count | cycle) or (
            isinstance(iterable, repeat) and iterable.__length_hint__() < 0
        )
    except TypeError:  # how a repeat without an end says so
        return True


def _has_length(iterable: Any) -> bool:
    return is_column(iterable) and not (is_array(iterable) and iterable.ndim == 0)


def _iter_array(array: Any) -> Iterator[Any]:
    for start in range(0, len(array), _BLOCK):
        yield from array[start : start + _BLOCK].tolist()
