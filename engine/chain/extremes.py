"""Endings that find the smallest and largest items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, overload

from engine.chain.reading import MISSING, Reading, T_co, found
from engine.steps import Key, require_key
from engine.streams.stream import as_callable_key

D = TypeVar("D")


class _Keyed(NamedTuple):
    """An item that may be the smallest or largest."""

    key: Any
    position: int
    item: Any


class Extremes(Reading[T_co]):
    """Keys are compared as Python does, each made once. Of nothing: the default, else EmptyChainError."""

    __slots__ = ()

    @overload
    def minmax(self, key: Key = None) -> tuple[T_co, T_co]: ...
    @overload
    def minmax(self, key: Key = None, *, default: D) -> tuple[T_co, T_co] | D: ...
    def minmax(self, key: Key = None, *, default: Any = MISSING) -> Any:
        """The item with the smallest key and that with the largest, the first of equal ones, in one pass.

        >>> from engine import Chain
        >>> Chain(["bb", "a", "ccc"]).minmax(len)
        ('a', 'ccc')
        """
        extremes = self._low_high(key, "minmax")
        return found(default, "minmax") if extremes is None else (extremes[0].item, extremes[1].item)

    @overload
    def argmin(self, key: Key = None) -> int: ...
    @overload
    def argmin(self, key: Key = None, *, default: D) -> int | D: ...
    def argmin(self, key: Key = None, *, default: Any = MISSING) -> Any:
        """Where the item with the smallest key stands, counted from 0; the first of equal ones.

        >>> from engine import Chain
        >>> Chain([3, 1, 2]).argmin()
        1
        """
        key_of = as_callable_key(require_key("key", key))
        with self._reading_all("argmin") as items:
            smallest: Any = min(enumerate(items), key=lambda numbered: key_of(numbered[1]), default=None)
        return found(default, "argmin") if smallest is None else smallest[0]

    @overload
    def argmax(self, key: Key = None) -> int: ...
    @overload
    def argmax(self, key: Key = None, *, default: D) -> int | D: ...
    def argmax(self, key: Key = None, *, default: Any = MISSING) -> Any:
        """Where the item with the largest key stands, counted from 0; the first of equal ones.

        >>> from engine import Chain
        >>> Chain([1, 3, 3]).argmax()
        1
        """
        key_of = as_callable_key(require_key("key", key))
        with self._reading_all("argmax") as items:
            largest: Any = max(enumerate(items), key=lambda numbered: key_of(numbered[1]), default=None)
        return found(default, "argmax") if largest is None else largest[0]

    @overload
    def argminmax(self, key: Key = None) -> tuple[int, int]: ...
    @overload
    def argminmax(self, key: Key = None, *, default: D) -> tuple[int, int] | D: ...
    def argminmax(self, key: Key = None, *, default: Any = MISSING) -> Any:
        """Where the item with the smallest key stands and that with the largest, in one pass.

        >>> from engine import Chain
        >>> Chain([3, 1, 2]).argminmax()
        (1, 0)
        """
        extremes = self._low_high(key, "argminmax")
        if extremes is None:
            return found(default, "argminmax")
        return (extremes[0].position, extremes[1].position)

    def min_all(self, key: Key = None) -> list[T_co]:
        """All items with the smallest key, in order; none of none.

        >>> from engine import Chain
        >>> Chain(["bb", "a", "c"]).min_all(len)
        ['a', 'c']
        """
        return self._extremes(key, "min_all", lambda item_key, best: item_key < best)

    def max_all(self, key: Key = None) -> list[T_co]:
        """All items with the largest key, in order; none of none.

        >>> from engine import Chain
        >>> Chain(["bb", "a", "cc"]).max_all(len)
        ['bb', 'cc']
        """
        return self._extremes(key, "max_all", lambda item_key, best: item_key > best)

    def _low_high(self, key: Key, ending: str) -> tuple[_Keyed, _Keyed] | None:
        key_of = as_callable_key(require_key("key", key))
        low: _Keyed | None = None
        high: _Keyed | None = None
        with self._reading_all(ending) as items:
            for position, item in enumerate(items):
                item_key = key_of(item)
                if low is None or item_key < low.key:
                    low = _Keyed(item_key, position, item)
                if high is None or item_key > high.key:
                    high = _Keyed(item_key, position, item)
        return None if low is None or high is None else (low, high)

    def _extremes(self, key: Key, ending: str, is_better: Callable[[Any, Any], bool]) -> list[T_co]:
        key_of = as_callable_key(require_key("key", key))
        best: Any = MISSING
        kept: list[T_co] = []
        with self._reading_all(ending) as items:
            for item in items:
                item_key = key_of(item)
                if best is MISSING or is_better(item_key, best):
                    best, kept = item_key, [item]
                elif not is_better(best, item_key):
                    kept.append(item)
        return kept
