"""One reading of a source for many readers: stored for all, or each item for one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from engine.sources import Extent, Measured

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
D = TypeVar("D")

_END: Any = object()


class Cached(Measured):
    """The items of an iterable, read once as far as any reader has come, and kept for all of them.

    An error of the iterable is kept too: every reader meets it at the same place.

    >>> cached = Cached(iter("ab"))
    >>> list(cached), list(cached)
    (['a', 'b'], ['a', 'b'])
    """

    __slots__ = ("_complete", "_failure", "_items", "_iterable", "_iterator", "_lock", "_name")

    def __init__(self, iterable: Iterable[Any]) -> None:
        self._iterable = iterable
        # Made now, from the names of caches inside: a thousand of them must not ask each other in turn.
        self._name = f"cache of {iterable!r:.200}"
        self._iterator: Iterator[Any] | None = None
        self._items: list[Any] = []
        self._complete = False
        self._failure: Exception | None = None
        # Re-entrant: a callback that reads the cache it feeds gets an error instead of waiting.
        self._lock = threading.RLock()

    def __reduce__(self) -> tuple[Any, ...]:
        return (Cached, (self._iterable,))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items) if self._complete else self._iter_open()

    def _iter_open(self) -> Iterator[Any]:
        position = 0
        while position < len(self._items) or self._extend(position):
            yield self._items[position]
            position += 1

    def __str__(self) -> str:
        return self._name

    @property
    def extent(self) -> Extent:
        iterable: object = self._iterable
        return iterable.extent if isinstance(iterable, Measured) else Extent(len(self._items))

    def is_infinite(self) -> bool:
        return isinstance(self._iterable, Measured) and self._iterable.is_infinite()

    def _extend(self, position: int) -> bool:
        """Whether there is an item at this position; reads it if no other reader has."""
        with self._lock:
            if position < len(self._items):
                return True
            if self._complete:
                return False
            if self._failure is not None:
                raise self._failure
            item = self._pull()
            if item is _END:
                self._complete = True
                self._iterator = None
                return False
            self._items.append(item)
            return True

    def _pull(self) -> Any:
        try:
            if self._iterator is None:
                self._iterator = iter(self._iterable)
            return next(self._iterator, _END)
        except Exception as error:
            self._failure = error
            raise


class Shared(Iterator[T_co], Generic[T_co]):
    """An iterator that many threads and chains may pull from: each item goes to one of them.

    Nothing is read before the first item is asked for. An error is met by all: to none it is the end.

    >>> shared = Shared("abc")
    >>> next(shared), list(shared)
    ('a', ['b', 'c'])
    """

    __slots__ = ("_failure", "_iterator", "_lock", "_open")

    def __init__(self, iterable: Iterable[T_co]) -> None:
        self._open: Callable[[], Iterator[T_co]] = lambda: iter(iterable)
        self._iterator: Iterator[T_co] | None = None
        self._failure: Exception | None = None
        self._lock = threading.RLock()

    def __next__(self) -> T_co:
        with self._lock:
            if self._failure is not None:
                raise self._failure
            try:
                if self._iterator is None:
                    self._iterator = self._open()
                return next(self._iterator)
            except StopIteration:
                raise
            except Exception as error:
                self._failure = error
                raise

    def close(self) -> None:
        """End it for all: what is above is closed at once."""
        with self._lock:
            iterator: Any = self._iterator
            self._iterator = iter(())
            if hasattr(iterator, "close"):
                iterator.close()


class Peekable(Iterator[T_co], Generic[T_co]):
    """An iterator whose next item can be looked at before it is taken; for one thread.

    >>> items = Peekable(iter("ab"))
    >>> items.peek(None), list(items), items.peek(None)
    ('a', ['a', 'b'], None)
    """

    __slots__ = ("_iterator", "_next")

    def __init__(self, iterator: Iterator[T_co]) -> None:
        self._iterator = iterator
        self._next: Any = _END

    def __next__(self) -> T_co:
        if self._next is _END:
            return next(self._iterator)
        item: T_co = self._next
        self._next = _END
        return item

    def peek(self, default: D) -> T_co | D:
        """The item that comes next; it stays where it is. `default` at the end."""
        if self._next is _END:
            self._next = next(self._iterator, _END)
        found: T_co | D = default if self._next is _END else self._next
        return found

    def close(self) -> None:
        """End it: what is above is closed at once."""
        self._next = _END
        iterator: Any = self._iterator
        if hasattr(iterator, "close"):
            iterator.close()
