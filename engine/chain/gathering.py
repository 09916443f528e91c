"""Endings that gather items in containers of a given shape, or hand them on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice
from typing import Any, Literal, TypeVar, overload

from engine import run
from engine.chain.reading import Reading, T_co
from engine.errors import LengthError
from engine.expr import Expr
from engine.extents import require_end
from engine.kernels.objects.place import brief
from engine.result import Err, Ok, Result
from engine.sides import Left, Right
from engine.steps import require_callable, require_count, require_key
from engine.streams.stream import END

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
K = TypeVar("K", bound=Hashable)

# In which list of partition_map, and what of it.
_SIDES: dict[type, tuple[int, str]] = {
    Ok: (0, "value"),
    Left: (0, "value"),
    Err: (1, "error"),
    Right: (1, "value"),
}


class Gathering(Reading[T_co]):
    """Each runs the chain once."""

    __slots__ = ()

    def to_tuple(self) -> tuple[T_co, ...]:
        """All items in a tuple.

        >>> from engine import Chain
        >>> Chain.range(3).to_tuple()
        (0, 1, 2)
        """
        return tuple(run.collect(self._plan_to_end("to_tuple")))

    @overload
    def to_groups(self) -> dict[T_co, list[T_co]]: ...
    @overload
    def to_groups(self, key: Callable[[T_co], K]) -> dict[K, list[T_co]]: ...
    @overload
    def to_groups(self, key: Expr | str | int) -> dict[Any, list[T_co]]: ...
    def to_groups(self, key: Any = None) -> dict[Any, Any]:
        """All items by their keys, in the order in which the keys were first seen.

        >>> from engine import Chain
        >>> Chain(["ada", "bo", "alf"]).to_groups(0)
        {'a': ['ada', 'alf'], 'b': ['bo']}
        """
        require_end(self._source, self._steps, "to_groups")
        grouped: Any = self._with("group_by", require_key("key", key))
        groups: dict[Any, Any] = grouped.to_dict()
        return groups

    def collect_batches(self, n: int) -> Iterator[list[T_co]]:
        """An iterator of lists of `n` items, the last perhaps shorter: for whoever writes them in batches.

        Laziness: one batch is read at a time. The iterator has `close()`.

        >>> from engine import Chain
        >>> [len(batch) for batch in Chain.range(5).collect_batches(2)]
        [2, 2, 1]
        """
        batches: Iterator[list[T_co]] = iter(self._with("chunks", count=require_count("n", n, 1)))
        return batches

    @overload
    def collect_exact(self, n: Literal[1]) -> tuple[T_co]: ...
    @overload
    def collect_exact(self, n: Literal[2]) -> tuple[T_co, T_co]: ...
    @overload
    def collect_exact(self, n: Literal[3]) -> tuple[T_co, T_co, T_co]: ...
    @overload
    def collect_exact(self, n: Literal[4]) -> tuple[T_co, T_co, T_co, T_co]: ...
    @overload
    def collect_exact(self, n: int) -> tuple[T_co, ...]: ...
    def collect_exact(self, n: int) -> tuple[Any, ...]:
        """All items in a tuple, which must be `n`.

        Raises:
            LengthError: there are fewer or more.

        Laziness: at most n + 1 items are read.

        >>> from engine import Chain
        >>> first, last = Chain(["Ada", "Lovelace"]).collect_exact(2)
        >>> last
        'Lovelace'
        """
        wanted = require_count("n", n, 0)
        with self._reading() as items:
            gathered = tuple(islice(items, wanted))
            extra = next(items, END)
        if len(gathered) < wanted:
            raise LengthError(f"there must be {wanted} items, got {len(gathered)}")
        if extra is not END:
            raise LengthError(f"there must be {wanted} items, got more, the next one {brief(extra)}")
        return gathered

    @overload
    def unzip(self: Gathering[tuple[A, B]], n: Literal[2] = 2) -> tuple[list[A], list[B]]: ...
    @overload
    def unzip(self: Gathering[tuple[A, B, C]], n: Literal[3]) -> tuple[list[A], list[B], list[C]]: ...
    @overload
    def unzip(
        self: Gathering[tuple[A, B, C, D]], n: Literal[4]
    ) -> tuple[list[A], list[B], list[C], list[D]]: ...
    @overload
    def unzip(self: Gathering[Iterable[A]], n: int) -> tuple[list[A], ...]: ...
    def unzip(self: Gathering[Any], n: int = 2) -> tuple[list[Any], ...]:
        """The items, each of `n` parts, as `n` lists: one of the first parts, one of the second, and so on.

        Raises:
            LengthError: an item has fewer or more parts.

        >>> from engine import Chain
        >>> Chain("ab").enumerate().unzip()
        ([0, 1], ['a', 'b'])
        """
        lists: tuple[list[Any], ...] = tuple([] for _ in range(require_count("n", n, 1)))
        with self._reading_all("unzip") as items:
            for position, item in enumerate(items):
                parts = tuple(item)
                if len(parts) != n:
                    raise LengthError(f"item {position} must have {n} parts, got {brief(item)}")
                for gathered, part in zip(lists, parts, strict=True):
                    gathered.append(part)
        return lists

    @overload
    def partition_map(self, f: Callable[[T_co], Result[A, B]]) -> tuple[list[A], list[B]]: ...
    @overload
    def partition_map(self, f: Callable[[T_co], Left[A] | Right[B]]) -> tuple[list[A], list[B]]: ...
    def partition_map(self, f: Callable[[T_co], Any]) -> tuple[list[Any], list[Any]]:
        """What `f` makes of the items, in two lists: of all Ok or Left, and of all Err or Right.

        Raises:
            TypeError: `f` made something else.

        >>> from engine import Chain, Left, Right
        >>> Chain([1, "a", 2]).partition_map(lambda x: Left(x) if isinstance(x, int) else Right(x))
        ([1, 2], ['a'])
        """
        require_callable("f", f)
        sides: tuple[list[Any], list[Any]] = ([], [])
        with self._reading_all("partition_map") as items:
            for item in items:
                made = f(item)
                if type(made) not in _SIDES:
                    raise TypeError(f"f must give Ok or Err, or Left or Right, got {brief(made)}")
                side, part = _SIDES[type(made)]
                sides[side].append(getattr(made, part))
        return sides

    def sink(self, f: Callable[[Iterator[T_co]], object]) -> int:
        """Hand the items to `f` as one iterator (`file.writelines`, `writer.writerows`); how many it took.

        Laziness: `f` reads as far as it likes; what is above is closed when it returns.

        >>> from engine import Chain
        >>> import io
        >>> file = io.StringIO()
        >>> Chain(["a", "b"]).map(lambda line: line + chr(10)).sink(file.writelines)
        2
        """
        require_callable("f", f)
        taken = 0

        def counting(items: Iterator[T_co]) -> Iterator[T_co]:
            nonlocal taken
            for item in items:
                taken += 1
                yield item

        with self._reading() as items:
            f(counting(items))
        return taken
