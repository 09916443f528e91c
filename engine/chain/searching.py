"""Endings that look for an item, and read no further than they must."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar, overload

from engine.chain.order import Predicate
from engine.chain.reading import MISSING, Reading, T_co, found
from engine.errors import EmptyChainError, LengthError
from engine.expr import Expr
from engine.kernels.objects.place import brief
from engine.result import Err, Ok, Result
from engine.steps import require_callable, require_count, require_key
from engine.streams.stream import as_callable_key

U = TypeVar("U")
D = TypeVar("D")


class Searching(Reading[T_co]):
    """What is above is closed as soon as the answer is known."""

    __slots__ = ()

    @overload
    def nth(self, n: int) -> T_co: ...
    @overload
    def nth(self, n: int, *, default: D) -> T_co | D: ...
    def nth(self, n: int, *, default: Any = MISSING) -> Any:
        """The item at position `n`, counted from 0; `default` when there are not so many.

        Raises:
            EmptyChainError: there are not so many, and no default.

        >>> from engine import Chain
        >>> Chain("abc").nth(1)
        'b'
        """
        position = require_count("n", n, 0)
        with self._reading() as items:
            return found(next(islice(items, position, None), default), f"nth({position})")

    @overload
    def find(self, predicate: Predicate[T_co]) -> T_co: ...
    @overload
    def find(self, predicate: Predicate[T_co], *, default: D) -> T_co | D: ...
    def find(self, predicate: Predicate[T_co], *, default: Any = MISSING) -> Any:
        """The first item for which `predicate` is true; `default` when there is none.

        Raises:
            EmptyChainError: there is none, and no default.

        >>> from engine import Chain
        >>> Chain([1, 5, 7]).find(lambda n: n > 4)
        5
        """
        holds = _asked("predicate", predicate)
        with self._reading() as items:
            for item in items:
                if holds(item):
                    return item
        return found(default, "find")

    @overload
    def find_map(self, f: Callable[[T_co], U | None]) -> U: ...
    @overload
    def find_map(self, f: Callable[[T_co], U | None], *, default: D) -> U | D: ...
    @overload
    def find_map(self, f: Expr | str | int, *, default: Any = ...) -> Any: ...
    def find_map(self, f: Any, *, default: Any = MISSING) -> Any:
        """The first that `f` makes of an item and that is not None; `default` when there is none.

        Raises:
            EmptyChainError: there is none, and no default.

        >>> from engine import Chain
        >>> Chain(["x", "7", "9"]).find_map(lambda text: int(text) if text.isdigit() else None)
        7
        """
        function = _asked("f", f)
        with self._reading() as items:
            for item in items:
                if (made := function(item)) is not None:
                    return made
        return found(default, "find_map")

    @overload
    def position(self, predicate: Predicate[T_co]) -> int: ...
    @overload
    def position(self, predicate: Predicate[T_co], *, default: D) -> int | D: ...
    def position(self, predicate: Predicate[T_co], *, default: Any = MISSING) -> Any:
        """Where the first item stands for which `predicate` is true, counted from 0.

        Raises:
            EmptyChainError: there is none, and no default.

        >>> from engine import Chain
        >>> Chain("abc").position(lambda letter: letter > "a")
        1
        """
        holds = _asked("predicate", predicate)
        with self._reading() as items:
            for position, item in enumerate(items):
                if holds(item):
                    return position
        return found(default, "position")

    def contains(self, item: object) -> bool:
        """Whether an item is there that is, or equals, this one; stops there.

        >>> from engine import Chain
        >>> Chain.range(5).contains(3)
        True
        """
        with self._reading() as items:
            return any(each is item or each == item for each in items)

    def exactly_one(self) -> Result[T_co, EmptyChainError | LengthError]:
        """Ok of the only item; Err of an exception that says whether there was none, or more.

        Laziness: at most two items are read.

        >>> from engine import Chain
        >>> Chain([7]).exactly_one(), Chain([]).exactly_one().is_ok()
        (Ok(value=7), False)
        """
        match self._first_two():
            case [item]:
                return Ok(item)
            case []:
                return Err(EmptyChainError("exactly_one needs one item, got an empty chain"))
            case more:
                return Err(LengthError(f"exactly_one needs one item, got {brief(more)} and perhaps more"))

    def at_most_one(self) -> Result[T_co | None, LengthError]:
        """Ok of the only item, or of None when there is none; Err of an exception when there are more.

        Laziness: at most two items are read.

        >>> from engine import Chain
        >>> Chain([]).at_most_one(), Chain("ab").at_most_one().is_ok()
        (Ok(value=None), False)
        """
        first_two = self._first_two()
        if len(first_two) > 1:
            return Err(LengthError(f"at most one item is allowed, got {brief(first_two)} and perhaps more"))
        return Ok(first_two[0] if first_two else None)

    def _first_two(self) -> list[T_co]:
        with self._reading() as items:
            return list(islice(items, 2))


def _asked(name: str, function: Any) -> Callable[[Any], Any]:
    if callable(function):
        asked: Callable[[Any], Any] = require_callable(name, function)
        return asked
    return as_callable_key(require_key(name, function, optional=False))
