"""Endings that make one value of all items."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from itertools import count
from typing import Any, TypeVar, overload

from engine.chain.reading import MISSING, Reading, T_co, found
from engine.expr import Expr
from engine.extents import require_end
from engine.kernels.objects.place import brief
from engine.result import Err, Ok, Result
from engine.steps import require_key
from engine.summary import Stats, summarise

U = TypeVar("U")
A = TypeVar("A")
D = TypeVar("D")
E = TypeVar("E")
K = TypeVar("K", bound=Hashable)


class Folding(Reading[T_co]):
    """Folds, products, counts and figures. Of nothing: the default, else EmptyChainError."""

    __slots__ = ()

    def fold_while(self, initial: A, f: Callable[[A, T_co], Result[A, A]]) -> A:
        """A fold that can stop: `f(state, item)` gives Ok(state) to go on, Err(state) to end.

        >>> from engine import Chain, Err, Ok
        >>> Chain.range(100).fold_while(0, lambda total, n: Ok(total + n) if total < 10 else Err(total))
        10
        """
        state = initial
        with self._reading() as items:
            for item in items:
                outcome = _required(f(state, item))
                if isinstance(outcome, Err):
                    return outcome.error
                state = outcome.value
        return state

    def try_fold(self, initial: A, f: Callable[[A, T_co], Result[A, E]]) -> Result[A, E]:
        """Ok of a fold whose steps may fail; the first Err that `f(state, item)` gives ends it.

        >>> from engine import Chain, Err, Ok
        >>> Chain([1, 0]).try_fold(8, lambda state, n: Ok(state // n) if n else Err("zero"))
        Err(error='zero')
        """
        state = initial
        with self._reading() as items:
            for item in items:
                outcome = _required(f(state, item))
                if isinstance(outcome, Err):
                    return outcome
                state = outcome.value
        return Ok(state)

    @overload
    def tree_reduce(self: Folding[U], f: Callable[[U, U], U]) -> U: ...
    @overload
    def tree_reduce(self: Folding[U], f: Callable[[U, U], U], *, default: D) -> U | D: ...
    def tree_reduce(self: Folding[Any], f: Callable[[Any, Any], Any], *, default: Any = MISSING) -> Any:
        """As `reduce` for an `f` that may be grouped freely: neighbours first, so results stay balanced.

        Cost: n - 1 calls; memory for log n results.

        Raises:
            EmptyChainError: there is no item, and no default.

        >>> from engine import Chain
        >>> Chain("abcd").tree_reduce(lambda a, b: f"({a}{b})")
        '((ab)(cd))'
        """
        levels: list[Any] = []
        with self._reading_all("tree_reduce") as items:
            for item in items:
                _carry(levels, item, f)
            whole = MISSING
            for part in levels:
                if part is not MISSING:
                    whole = part if whole is MISSING else f(part, whole)
        return found(default if whole is MISSING else whole, "tree_reduce")

    def prod(self, start: Any = 1) -> Any:
        """The items multiplied; `start` when there are none.

        >>> from engine import Chain
        >>> Chain([2, 3, 4]).prod()
        24
        """
        with self._reading_all("prod") as items:
            return math.prod(items, start=start)

    @overload
    def counts(self) -> dict[T_co, int]: ...
    @overload
    def counts(self, key: Callable[[T_co], K]) -> dict[K, int]: ...
    @overload
    def counts(self, key: Expr | str | int) -> dict[Any, int]: ...
    def counts(self, key: Any = None) -> dict[Any, int]:
        """How often each key comes, in the order in which the keys were first seen.

        >>> from engine import Chain
        >>> Chain("abca").counts()
        {'a': 2, 'b': 1, 'c': 1}
        """
        require_end(self._source, self._steps, "counts")
        counted: Any = self._with("counts", require_key("key", key))
        counts: dict[Any, int] = counted.to_dict()
        return counts

    @overload
    def mean(self) -> float: ...
    @overload
    def mean(self, *, default: D) -> float | D: ...
    def mean(self, *, default: Any = MISSING) -> Any:
        """The mean of numbers, as a float, of a sum that is rounded once.

        Raises:
            EmptyChainError: there is no item, and no default.

        >>> from engine import Chain
        >>> Chain([0.1] * 10).mean()
        0.1
        """
        numbers = count()
        with self._reading_all("mean") as items:
            total = math.fsum(item for item, _ in zip(items, numbers, strict=False))
        read = next(numbers)
        return total / read if read else found(default, "mean")

    @overload
    def stats(self) -> Stats: ...
    @overload
    def stats(self, *, default: D) -> Stats | D: ...
    def stats(self, *, default: Any = MISSING) -> Any:
        """Count, mean, least, greatest and standard deviation (of the population) of numbers, in one pass.

        Raises:
            EmptyChainError: there is no item, and no default.

        >>> from engine import Chain
        >>> Chain([1, 2, 3, 4]).stats()
        Stats(count=4, mean=2.5, min=1.0, max=4.0, stdev=1.118033988749895)
        """
        with self._reading_all("stats") as items:
            stats = summarise(items)
        return found(default, "stats") if stats is None else stats


def _required(outcome: Result[A, E]) -> Result[A, E]:
    """What a step of a fold gave, if it is a Result: without types nothing else would say so."""
    if type(outcome) not in {Ok, Err}:
        raise TypeError(f"f must give Ok or Err, got {brief(outcome)}")
    return outcome


def _carry(levels: list[Any], item: Any, f: Callable[[Any, Any], Any]) -> None:
    """As adding one to a binary number: each level stands for twice as many items as the one below."""
    for level, part in enumerate(levels):
        if part is MISSING:
            levels[level] = item
            return
        item, levels[level] = f(part, item), MISSING
    levels.append(item)
