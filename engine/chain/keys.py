"""Steps that compare items by a key: runs, groups, joins, merges, sorting, repeats."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain.planned import Planned, T_co
from engine.expr import Expr
from engine.sources import as_source
from engine.steps import Key, require_count, require_how, require_key

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
K = TypeVar("K", bound=Hashable)


class Keys(Planned[T_co]):
    """A key is a callable, a field name, a position, an expression, or None for the item itself."""

    __slots__ = ()

    @overload
    def chunk_by(self, key: Callable[[T_co], U]) -> Chain[tuple[U, list[T_co]]]: ...
    @overload
    def chunk_by(self, key: Expr | str | int | None = None) -> Chain[tuple[Any, list[T_co]]]: ...
    def chunk_by(self, key: Any = None) -> Chain[Any]:
        """Consecutive items with equal keys, as (key, list). The key is asked once for each item.

        Laziness: streams; one run is in memory.
        Cost: O(n).

        >>> from engine import Chain
        >>> Chain("aab").chunk_by().collect()
        [('a', ['a', 'a']), ('b', ['b'])]
        """
        return self._with("chunk_by", require_key("key", key))

    @overload
    def group_by(self, key: Callable[[T_co], K]) -> Chain[tuple[K, list[T_co]]]: ...
    @overload
    def group_by(self, key: Expr | str | int | None = None) -> Chain[tuple[Any, list[T_co]]]: ...
    def group_by(self, key: Any = None) -> Chain[Any]:
        """All items with equal keys, as (key, list), in the order in which the keys were first seen.

        Laziness: reads all items first; all are in memory.
        Cost: O(n).

        >>> from engine import Chain
        >>> Chain(["ada", "bo", "alf"]).group_by(0).collect()
        [('a', ['ada', 'alf']), ('b', ['bo'])]
        """
        return self._with("group_by", require_key("key", key))

    @overload
    def join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: Literal["semi", "anti"]
    ) -> Chain[T_co]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["inner", "left", "right", "outer", "cross"] = "inner",
    ) -> Chain[tuple[Any, Any]]: ...
    @overload
    def join(self, other: Iterable[U], *, on: Key, other_on: Key = None, how: str) -> Chain[Any]: ...
    def join(self, other: Iterable[U], *, on: Key, other_on: Key = None, how: str = "inner") -> Chain[Any]:
        """Pairs (item, other item) with equal keys, as SQL joins; None stands for a missing side.

        Args:
            other: the right side; it is read into memory.
            on: the key of the items here.
            other_on: the key of the other items, `on` by default.
            how: inner, left, right, outer, semi or anti (items here only), or cross (`on` is not asked).

        Raises:
            PlanError: `how` is none of these, or a key is no key.

        Laziness: the items stream, the other side is read first.
        Cost: O(n + m + results); memory for the other side.

        >>> from engine import Chain
        >>> people, mails = [(1, "Ada"), (2, "Kim")], [(1, "ada@example.org")]
        >>> Chain(people).join(mails, on=0, how="left").collect()
        [((1, 'Ada'), (1, 'ada@example.org')), ((2, 'Kim'), None)]
        """
        key = require_key("on", on)
        other_key = key if other_on is None else require_key("other_on", other_on)
        return self._with("join", key, extra=(as_source(other), other_key, require_how(how)))

    def kmerge(self, *others: Iterable[U], key: Key = None, reverse: bool = False) -> Chain[T_co | U]:
        """The items of several sorted inputs in one order; of equal ones, the earlier input's first.

        Laziness: streams; one item of each input is in memory.
        Cost: O(n log k).

        >>> from engine import Chain
        >>> Chain([1, 4]).kmerge([2, 3], [0]).collect()
        [0, 1, 2, 3, 4]
        """
        return self._with(
            "kmerge", require_key("key", key), extra=(tuple(map(as_source, others)), bool(reverse))
        )

    def sort(self, key: Key = None, *, reverse: bool = False) -> Chain[T_co]:
        """The items in the order of their keys; equal ones keep their order.

        Laziness: reads all items first; with a `take` behind it only what is taken is kept.
        Cost: O(n log n).

        >>> from engine import Chain
        >>> Chain(["bb", "a"]).sort(len).collect()
        ['a', 'bb']
        """
        return self._with("sort", require_key("key", key), extra=bool(reverse))

    def top_k(self, k: int, key: Key = None) -> Chain[T_co]:
        """The `k` largest items, largest first; of equal ones the earlier first.

        Laziness: reads all items first; k are in memory.
        Cost: O(n log k).

        >>> from engine import Chain
        >>> Chain([2, 9, 4]).top_k(2).collect()
        [9, 4]
        """
        return self._with("top_k", require_key("key", key), count=require_count("k", k, 1))

    def unique(self, key: Key = None) -> Chain[T_co]:
        """The first item of each key.

        Laziness: streams; the keys seen are in memory.

        >>> from engine import Chain
        >>> Chain("abca").unique().join_str("")
        'abc'
        """
        return self._with("unique", require_key("key", key))

    def dedup(self, key: Key = None) -> Chain[T_co]:
        """The items without those whose key equals the one before.

        Laziness: streams; one key is in memory.

        >>> from engine import Chain
        >>> Chain("aaba").dedup().join_str("")
        'aba'
        """
        return self._with("dedup", require_key("key", key))
