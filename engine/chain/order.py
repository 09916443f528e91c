"""Steps that depend on where an item stands: cuts, windows, and other inputs beside or after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from engine.chain.planned import Planned, T_co
from engine.expr import Expr
from engine.sources import as_source
from engine.steps import require_callable, require_count, require_key

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
V = TypeVar("V")
A = TypeVar("A")


class Order(Planned[T_co]):
    """Cutting, sliding and combining by position: fused with their neighbours into one loop."""

    __slots__ = ()

    def take(self, n: int) -> Chain[T_co]:
        """The first `n` items. Exactly `n` are read, and generators above are closed with the last.

        >>> from engine import Chain
        >>> from itertools import count
        >>> Chain(count()).take(3).collect()
        [0, 1, 2]
        """
        return self._with("take", count=require_count("n", n, 0))

    def skip(self, n: int) -> Chain[T_co]:
        """All but the first `n` items.

        >>> from engine import Chain
        >>> Chain.range(5).skip(3).collect()
        [3, 4]
        """
        return self._with("skip", count=require_count("n", n, 0))

    def step_by(self, n: int) -> Chain[T_co]:
        """Every `n`th item, beginning with the first.

        >>> from engine import Chain
        >>> Chain.range(7).step_by(3).collect()
        [0, 3, 6]
        """
        return self._with("step_by", count=require_count("n", n, 1))

    def take_while(self, predicate: Callable[[T_co], object] | Expr | str | int) -> Chain[T_co]:
        """The items before the first for which `predicate` is false.

        >>> from engine import Chain
        >>> Chain([1, 2, 9, 1]).take_while(lambda n: n < 5).collect()
        [1, 2]
        """
        return self._with("take_while", require_key("predicate", predicate, optional=False))

    def skip_while(self, predicate: Callable[[T_co], object] | Expr | str | int) -> Chain[T_co]:
        """The items from the first on for which `predicate` is false.

        >>> from engine import Chain
        >>> Chain([1, 2, 9, 1]).skip_while(lambda n: n < 5).collect()
        [9, 1]
        """
        return self._with("skip_while", require_key("predicate", predicate, optional=False), count=1)

    def scan(self, initial: A, f: Callable[[A, T_co], A]) -> Chain[A]:
        """Each state on the way of a fold: `f(state, item)`, without the initial one.

        >>> from engine import Chain
        >>> Chain([1, 2, 3]).scan(0, lambda total, n: total + n).collect()
        [1, 3, 6]
        """
        return self._with("scan", require_callable("f", f), extra=initial)

    def windows(self, n: int) -> Chain[tuple[T_co, ...]]:
        """Each `n` neighbours as a tuple; none when there are fewer.

        Raises:
            PlanError: `n` is less than 1.

        >>> from engine import Chain
        >>> Chain("abcd").windows(3).collect()
        [('a', 'b', 'c'), ('b', 'c', 'd')]
        """
        return self._with("windows", count=require_count("n", n, 1))

    def chunks(self, n: int) -> Chain[list[T_co]]:
        """Lists of `n` items; the last may be shorter.

        Raises:
            PlanError: `n` is less than 1.

        >>> from engine import Chain
        >>> Chain.range(5).chunks(2).collect()
        [[0, 1], [2, 3], [4]]
        """
        return self._with("chunks", count=require_count("n", n, 1))

    def concat(self, *others: Iterable[U]) -> Chain[T_co | U]:
        """The items, and then those of each other input.

        >>> from engine import Chain
        >>> Chain("a").concat("bc", "d").join_str("")
        'abcd'
        """
        return self._with("concat", extra=tuple(map(as_source, others)))

    @overload
    def zip(self, other: Iterable[U], /) -> Chain[tuple[T_co, U]]: ...
    @overload
    def zip(self, other: Iterable[U], another: Iterable[V], /) -> Chain[tuple[T_co, U, V]]: ...
    @overload
    def zip(self, *others: Iterable[Any]) -> Chain[tuple[Any, ...]]: ...
    def zip(self, *others: Iterable[Any]) -> Chain[Any]:
        """Each item with the one at the same place of each other input; ends with the shortest.

        >>> from engine import Chain
        >>> Chain("ab").zip([1, 2, 3]).collect()
        [('a', 1), ('b', 2)]
        """
        return self._with("zip", extra=tuple(map(as_source, others)))

    @overload
    def product(self, other: Iterable[U], /) -> Chain[tuple[T_co, U]]: ...
    @overload
    def product(self, *others: Iterable[Any]) -> Chain[tuple[Any, ...]]: ...
    def product(self, *others: Iterable[Any]) -> Chain[Any]:
        """Each item with each combination of items of the other inputs.

        Laziness: the items stream; the others are read into memory at the first item.

        >>> from engine import Chain
        >>> Chain("ab").product([1, 2]).collect()
        [('a', 1), ('a', 2), ('b', 1), ('b', 2)]
        """
        return self._with("product", extra=tuple(map(as_source, others)))
