"""Endings that compare items with each other, or with those of another input."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from itertools import zip_longest
from typing import Any, NamedTuple

from engine.chain.reading import MISSING, Reading, T_co
from engine.sources import as_source
from engine.steps import Key, require_key
from engine.streams.stream import as_callable_key, canonical, is_before, opened


class Difference(NamedTuple):
    """Where two inputs differ first; a side that has ended there is named by `ended`."""

    position: int
    left: Any
    right: Any
    ended: str | None = None


class Comparing(Reading[T_co]):
    """Each stops at the first item that decides."""

    __slots__ = ()

    def all_equal(self, key: Key = None) -> bool:
        """Whether all items have equal keys; true of none and of one.

        >>> from engine import Chain
        >>> Chain([1, 1.0, True]).all_equal(), Chain("ab").all_equal()
        (True, False)
        """
        key_of = as_callable_key(require_key("key", key))
        with self._reading() as items:
            first = MISSING
            for item in items:
                item_key = canonical(key_of(item))
                if first is MISSING:
                    first = item_key
                elif item_key is not first and item_key != first:
                    return False
        return True

    def all_unique(self, key: Key = None) -> bool:
        """Whether no two items have equal keys.

        Laziness: stops at the first repeat; the keys seen are in memory.

        >>> from engine import Chain
        >>> Chain("abc").all_unique(), Chain("aba").all_unique()
        (True, False)
        """
        key_of = as_callable_key(require_key("key", key))
        seen: set[Any] = set()
        with self._reading() as items:
            for item in items:
                item_key = canonical(key_of(item))
                if item_key in seen:
                    return False
                seen.add(item_key)
        return True

    def is_sorted(self, key: Key = None, *, reverse: bool = False, strict: bool = False) -> bool:
        """Whether the items are in the order of their keys, NaN last.

        Args:
            key: what to compare; the item itself by default.
            reverse: whether the order goes down.
            strict: whether equal neighbours are out of order.

        >>> from engine import Chain
        >>> Chain([1, 2, 2]).is_sorted(), Chain([1, 2, 2]).is_sorted(strict=True)
        (True, False)
        """
        key_of = as_callable_key(require_key("key", key))
        before = MISSING
        with self._reading() as items:
            for item in items:
                item_key = canonical(key_of(item))
                if before is not MISSING and not _in_order(before, item_key, reverse, strict):
                    return False
                before = item_key
        return True

    def equals(self, other: Iterable[object]) -> bool:
        """Whether both give equal items in the same order, and equally many.

        Laziness: both are read side by side, to the first difference.

        >>> from engine import Chain
        >>> Chain.range(3).equals([0, 1, 2]), Chain.range(3).equals([0, 1])
        (True, False)
        """
        return self.first_difference(other) is None

    def first_difference(self, other: Iterable[object]) -> Difference | None:
        """Where both differ first, and the items there; None when they do not.

        Laziness: both are read side by side, to the first difference.

        >>> from engine import Chain
        >>> Chain("abc").first_difference("axc")
        Difference(position=1, left='b', right='x', ended=None)
        """
        with self._reading() as items, ExitStack() as stack:
            others = opened([as_source(other)], stack)[0]
            pairs = zip_longest(items, others, fillvalue=MISSING)
            for position, (left, right) in enumerate(pairs):
                if left is MISSING:
                    return Difference(position, None, right, "left")
                if right is MISSING:
                    return Difference(position, left, None, "right")
                if left is not right and left != right:
                    return Difference(position, left, right)
        return None


def _in_order(left: Any, right: Any, reverse: bool, strict: bool) -> bool:  # noqa: FBT001 (flags of is_sorted)
    if reverse:
        left, right = right, left
    return is_before(left, right) if strict else not is_before(right, left)
