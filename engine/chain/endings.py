"""Endings: what runs a chain and gives its result."""

from __future__ import annotations

import builtins
from collections import deque
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, TypeVar, overload

from engine import run
from engine.chain.reading import MISSING, Reading, T_co, found
from engine.expr import Expr
from engine.steps import Key
from engine.verbs import as_function

U = TypeVar("U")
K = TypeVar("K")
V = TypeVar("V")
A = TypeVar("A")
D = TypeVar("D")
Predicate = Callable[[T_co], object] | Expr | str | int


class Endings(Reading[T_co]):
    """Each runs the chain once; what is above is closed before the result is there."""

    __slots__ = ()

    @overload
    def collect(self) -> list[T_co]: ...
    @overload
    def collect(self, into: Callable[[Iterable[T_co]], U]) -> U: ...
    def collect(self, into: Callable[[Iterable[T_co]], Any] = list) -> Any:
        """All items in a list, or in whatever `into` makes of them.

        >>> from engine import Chain
        >>> Chain("ab").collect(), Chain("ab").collect(tuple)
        (['a', 'b'], ('a', 'b'))
        """
        if into is list:
            return self.to_list()
        # A class takes all there is; a function may stop.
        with self._reading_all("collect") if isinstance(into, type) else self._reading() as items:
            return into(items)

    def to_list(self) -> list[T_co]:
        """All items in a list."""
        return run.collect(self._plan_to_end("to_list"))

    def to_set(self) -> set[T_co]:
        """The different items."""
        return self.collect(set)

    def to_dict(self: Endings[tuple[K, V]]) -> dict[K, V]:
        """A dict of items that are (key, value); of equal keys the last value.

        >>> from engine import Chain
        >>> Chain("aab").group_by().to_dict()
        {'a': ['a', 'a'], 'b': ['b']}
        """
        return run.collect_dict(self._plan_to_end("to_dict"))

    def fold(self, initial: A, f: Callable[[A, T_co], A]) -> A:
        """`f(state, item)` from the initial state over all items.

        >>> from engine import Chain
        >>> Chain([1, 2, 3]).fold(10, lambda total, n: total + n)
        16
        """
        with self._reading_all("fold") as items:
            return reduce(f, items, initial)

    def reduce(self: Endings[U], f: Callable[[U, U], U]) -> U:
        """A fold that begins with the first item.

        Raises:
            EmptyChainError: there is none.

        >>> from engine import Chain
        >>> Chain([1, 5, 3]).reduce(max)
        5
        """
        with self._reading_all("reduce") as items:
            first = next(items, MISSING)
            result: U = reduce(f, items, found(first, "reduce"))
            return result

    def count(self) -> int:
        """How many items there are.

        >>> from engine import Chain
        >>> Chain.range(10).filter(lambda n: n % 3 == 0).count()
        4
        """
        return run.count(self._plan_to_end("count"))

    def sum(self, start: Any = 0) -> Any:
        """The sum as the built-in makes it; `start` when there are no items.

        >>> from engine import Chain
        >>> Chain([1, 2]).sum()
        3
        """
        return run.add_up(self._plan_to_end("sum"), start)

    @overload
    def min(self, key: Key = None) -> T_co: ...
    @overload
    def min(self, key: Key = None, *, default: D) -> T_co | D: ...
    def min(self, key: Key = None, *, default: Any = MISSING) -> Any:
        """The item with the smallest key, the first of equal ones; `default` when there is none.

        Raises:
            EmptyChainError: there is none, and no default.

        >>> from engine import Chain
        >>> Chain(["bb", "a"]).min(len), Chain.empty().min(default=None)
        ('a', None)
        """
        with self._reading_all("min") as items:
            return found(builtins.min(items, key=as_function(key), default=default), "min")

    @overload
    def max(self, key: Key = None) -> T_co: ...
    @overload
    def max(self, key: Key = None, *, default: D) -> T_co | D: ...
    def max(self, key: Key = None, *, default: Any = MISSING) -> Any:
        """The item with the largest key, the first of equal ones; `default` when there is none.

        Raises:
            EmptyChainError: there is none, and no default.

        >>> from engine import Chain
        >>> Chain([1, 3, 2]).max()
        3
        """
        with self._reading_all("max") as items:
            return found(builtins.max(items, key=as_function(key), default=default), "max")

    @overload
    def first(self) -> T_co: ...
    @overload
    def first(self, *, default: D) -> T_co | D: ...
    def first(self, *, default: Any = MISSING) -> Any:
        """The first item; `default` when there is none. Exactly one item is asked for.

        Raises:
            EmptyChainError: there is none, and no default.

        >>> from engine import Chain
        >>> Chain("ab").first(), Chain.empty().first(default="none")
        ('a', 'none')
        """
        with self._with("take", count=1)._reading() as items:  # noqa: SLF001 (of another chain)
            return found(next(items, default), "first")

    @overload
    def last(self) -> T_co: ...
    @overload
    def last(self, *, default: D) -> T_co | D: ...
    def last(self, *, default: Any = MISSING) -> Any:
        """The last item; `default` when there is none.

        Raises:
            EmptyChainError: there is none, and no default.
        """
        with self._reading_all("last") as items:
            kept: deque[Any] = deque(items, maxlen=1)
        return found(kept[0] if kept else default, "last")

    def any(self, predicate: Predicate[T_co] | None = None) -> bool:
        """Whether `predicate` (or the item itself) is true of at least one; stops there.

        >>> from engine import Chain
        >>> Chain([1, 5]).any(lambda n: n > 4)
        True
        """
        asked = _asked(predicate)
        with self._reading() as items:
            return builtins.any(asked(item) for item in items)

    def all(self, predicate: Predicate[T_co] | None = None) -> bool:
        """Whether `predicate` (or the item itself) is true of each; stops at the first that is not."""
        asked = _asked(predicate)
        with self._reading() as items:
            return builtins.all(asked(item) for item in items)

    def for_each(self, f: Callable[[T_co], object]) -> None:
        """Call `f` with each item."""
        with self._reading() as items:
            for item in items:
                f(item)

    def partition(self, predicate: Predicate[T_co]) -> tuple[list[T_co], list[T_co]]:
        """The items for which `predicate` is true, and the others.

        >>> from engine import Chain
        >>> Chain.range(5).partition(lambda n: n % 2)
        ([1, 3], [0, 2, 4])
        """
        asked = _asked(predicate)
        sides: tuple[list[T_co], list[T_co]] = ([], [])
        with self._reading_all("partition") as items:
            for item in items:
                sides[0 if asked(item) else 1].append(item)
        return sides

    def join_str(self, separator: str = "") -> str:
        """The items as texts, with `separator` between them.

        >>> from engine import Chain
        >>> Chain.range(3).join_str(", ")
        '0, 1, 2'
        """
        with self._reading_all("join_str") as items:
            return separator.join(map(str, items))


def _asked(predicate: Any) -> Callable[[Any], object]:
    function: Callable[[Any], object] = as_function(predicate) or bool
    return function
