"""Steps that compare items by a key: runs, groups, sorting, repeats."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from engine.aggregates import Aggregate
from engine.chain.planned import Planned, T_co, restore
from engine.expr import Expr
from engine.options import require_aggregates
from engine.steps import Key, require_count, require_key

if TYPE_CHECKING:
    from engine.chain import Chain
    from engine.chain.grouped import Grouped

U = TypeVar("U")
K = TypeVar("K", bound=Hashable)


class Keys(Planned[T_co]):
    """A key is a callable, a field name, a position, an expression, or None for the item itself."""

    __slots__ = ()

    @overload
    def chunk_by(self, key: Callable[[T_co], U], agg: None = None) -> Chain[tuple[U, list[T_co]]]: ...
    @overload
    def chunk_by(
        self, key: Expr | str | int | None = None, agg: None = None
    ) -> Chain[tuple[Any, list[T_co]]]: ...
    @overload
    def chunk_by(self, key: Callable[[T_co], U], agg: Aggregate) -> Chain[tuple[U, Any]]: ...
    @overload
    def chunk_by(
        self, key: Callable[[T_co], U], agg: Mapping[str, Aggregate]
    ) -> Chain[tuple[U, dict[str, Any]]]: ...
    @overload
    def chunk_by(
        self, key: Expr | str | int | None = None, *, agg: Aggregate | Mapping[str, Aggregate]
    ) -> Chain[tuple[Any, Any]]: ...
    def chunk_by(self, key: Any = None, agg: Any = None) -> Chain[Any]:
        """Consecutive items with equal keys, as (key, list). The key is asked once for each item.

        Args:
            key: what is equal within a run.
            agg: an aggregate such as `it["amount"].sum()`, for (key, value) instead; or names and
                aggregates, for (key, values by name). The lists are never made then.

        Raises:
            PlanError: `key` is no key, or `agg` neither.

        Laziness: streams; one run is in memory, with `agg` one item.
        Cost: O(n).

        >>> from engine import Chain, it
        >>> Chain("aab").chunk_by().collect()
        [('a', ['a', 'a']), ('b', ['b'])]
        >>> Chain("aab").chunk_by(agg=it.count()).collect()
        [('a', 2), ('b', 1)]
        """
        if agg is None:
            return self._with("chunk_by", require_key("key", key))
        return self._with("agg_runs", require_key("key", key), extra=require_aggregates(agg))

    @overload
    def group_by(self, key: Callable[[T_co], K]) -> Grouped[K, T_co]: ...
    @overload
    def group_by(self, key: Expr | str | int | None = None) -> Grouped[Any, T_co]: ...
    def group_by(self, key: Any = None) -> Grouped[Any, T_co]:
        """All items with equal keys, as (key, list), in the order in which the keys were first seen.

        With `agg`, `fold` or `reduce` behind it, something smaller than a list is made of each group.

        Laziness: reads all items first; all are in memory.
        Cost: O(n).

        >>> from engine import Chain
        >>> Chain(["ada", "bo", "alf"]).group_by(0).collect()
        [('a', ['ada', 'alf']), ('b', ['bo'])]
        """
        from engine.chain.grouped import Grouped  # noqa: PLC0415 (which is a chain itself)

        chain = self._with("group_by", require_key("key", key))
        grouped: Grouped[Any, T_co] = restore(Grouped, chain._source, chain._steps)  # noqa: SLF001 (of another chain)
        return grouped

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

    def bottom_k(self, k: int, key: Key = None) -> Chain[T_co]:
        """The `k` smallest items, smallest first; of equal ones the earlier first.

        Laziness: reads all items first; k are in memory.
        Cost: O(n log k).

        >>> from engine import Chain
        >>> Chain([2, 9, 4]).bottom_k(2).collect()
        [2, 4]
        """
        return self._with("bottom_k", require_key("key", key), count=require_count("k", k, 1))

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
