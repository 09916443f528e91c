"""Steps that look at neighbours: windows, chunks, states and what stands between two items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain.planned import Planned, T_co
from engine.steps import Key, require_callable, require_count, require_key

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
A = TypeVar("A")


class Neighbours(Planned[T_co]):
    """Each streams; what is in memory is bounded by the size of a window, chunk or part."""

    __slots__ = ()

    def scan(self, initial: A, f: Callable[[A, T_co], A]) -> Chain[A]:
        """Each state on the way of a fold: `f(state, item)`, without the initial one.

        >>> from engine import Chain
        >>> Chain([1, 2, 3]).scan(0, lambda total, n: total + n).collect()
        [1, 3, 6]
        """
        return self._with("scan", require_callable("f", f), extra=initial)

    @overload
    def windows(self, n: Literal[2], *, circular: bool = False) -> Chain[tuple[T_co, T_co]]: ...
    @overload
    def windows(self, n: Literal[3], *, circular: bool = False) -> Chain[tuple[T_co, T_co, T_co]]: ...
    @overload
    def windows(self, n: int, *, circular: bool = False) -> Chain[tuple[T_co, ...]]: ...
    def windows(self, n: int, *, circular: bool = False) -> Chain[Any]:
        """Each `n` neighbours as a tuple; none when there are fewer.

        Args:
            n: the size of a window.
            circular: after the last item the first ones come again, so that every item begins a window.

        Raises:
            PlanError: `n` is less than 1.

        >>> from engine import Chain
        >>> Chain("abcd").windows(3).collect()
        [('a', 'b', 'c'), ('b', 'c', 'd')]
        >>> Chain("abc").windows(2, circular=True).collect()
        [('a', 'b'), ('b', 'c'), ('c', 'a')]
        """
        return self._with("windows_circular" if circular else "windows", count=require_count("n", n, 1))

    def pairwise(self) -> Chain[tuple[T_co, T_co]]:
        """Each item with the next.

        >>> from engine import Chain
        >>> Chain("abc").pairwise().collect()
        [('a', 'b'), ('b', 'c')]
        """
        return self._with("pairwise")

    def chunks(self, n: int, *, exact: bool = False) -> Chain[list[T_co]]:
        """Lists of `n` items; the last may be shorter, or with `exact` raises LengthError.

        Raises:
            PlanError: `n` is less than 1.

        >>> from engine import Chain
        >>> Chain.range(5).chunks(2).collect()
        [[0, 1], [2, 3], [4]]
        """
        return self._with("chunks_exact" if exact else "chunks", count=require_count("n", n, 1))

    def batching(self, f: Callable[[Iterator[T_co]], U | None]) -> Chain[U]:
        """What `f` makes of the items that it takes from the iterator it is given; None ends the chain.

        Use `next(items, None)` in it: a StopIteration that leaks from `f` is an error.

        >>> from engine import Chain
        >>> Chain([2, "a", "b", 1, "c"]).batching(
        ...     lambda items: [next(items) for _ in range(n)] if (n := next(items, None)) else None
        ... ).collect()
        [['a', 'b'], ['c']]
        """
        return self._with("batching", require_callable("f", f))

    def split_when(self, predicate: Callable[[T_co, T_co], object]) -> Chain[list[T_co]]:
        """Lists of neighbours, split between two for which `predicate(item, next)` is true.

        Laziness: streams; one part is in memory.

        >>> from engine import Chain
        >>> Chain([1, 2, 5, 6]).split_when(lambda a, b: b > a + 1).collect()
        [[1, 2], [5, 6]]
        """
        return self._with("split_when", require_callable("predicate", predicate))

    def coalesce(self: Neighbours[U], f: Callable[[U, U], U | None]) -> Chain[U]:
        """The items, with neighbours merged into `f(item, next)`; None keeps both.

        What was merged is offered to `f` again, with the item after it.

        >>> from engine import Chain
        >>> Chain([1, 2, -1, -4, 3]).coalesce(lambda a, b: a + b if a * b > 0 else None).collect()
        [3, -5, 3]
        """
        return self._with("coalesce", require_callable("f", f))

    def run_length(self, key: Key = None) -> Chain[tuple[T_co, int]]:
        """The first of each run of items with equal keys, and how long the run is.

        >>> from engine import Chain
        >>> Chain("aab").run_length().collect()
        [('a', 2), ('b', 1)]
        """
        return self._with("run_length", require_key("key", key))

    def duplicates(self, key: Key = None) -> Chain[T_co]:
        """The items whose key came before: what `unique` leaves out.

        Laziness: streams; the keys seen are in memory.

        >>> from engine import Chain
        >>> Chain("abcaba").duplicates().join_str("")
        'aba'
        """
        return self._with("duplicates", require_key("key", key))

    def intersperse(self, separator: U) -> Chain[T_co | U]:
        """The items with `separator` between each two.

        >>> from engine import Chain
        >>> Chain("abc").intersperse("-").join_str("")
        'a-b-c'
        """
        return self._with("intersperse", extra=separator)

    def with_position(self) -> Chain[tuple[Literal["first", "middle", "last", "only"], T_co]]:
        """Each item after a word that says where it stands: first, middle, last, or only.

        Laziness: streams, one item ahead.

        >>> from engine import Chain
        >>> Chain("abc").with_position().collect()
        [('first', 'a'), ('middle', 'b'), ('last', 'c')]
        """
        return self._with("with_position")
