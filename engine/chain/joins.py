"""Steps that bring another input to the items by a key: joins and merges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain.planned import Planned, T_co
from engine.kernels.objects.join import HOWS, NULLS
from engine.options import JoinOptions, MergeOptions, require_choice, require_select
from engine.sources import as_source
from engine.steps import Key, require_key

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
V = TypeVar("V")
Nulls = Literal["skip", "match"]


class Joins(Planned[T_co]):
    """A key is a callable, a field name, a position, an expression, or None for the item itself."""

    __slots__ = ()

    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["inner", "cross"] = "inner",
        nulls: Nulls = "skip",
        select: None = None,
    ) -> Chain[tuple[T_co, U]]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["left"],
        nulls: Nulls = "skip",
        select: None = None,
    ) -> Chain[tuple[T_co, U | None]]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["right"],
        nulls: Nulls = "skip",
        select: None = None,
    ) -> Chain[tuple[T_co | None, U]]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["outer"],
        nulls: Nulls = "skip",
        select: None = None,
    ) -> Chain[tuple[T_co | None, U | None]]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["semi", "anti"],
        nulls: Nulls = "skip",
        select: None = None,
    ) -> Chain[T_co]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["inner", "cross"] = "inner",
        nulls: Nulls = "skip",
        select: Callable[[T_co, U], V],
    ) -> Chain[V]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["left"],
        nulls: Nulls = "skip",
        select: Callable[[T_co, U | None], V],
    ) -> Chain[V]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["right"],
        nulls: Nulls = "skip",
        select: Callable[[T_co | None, U], V],
    ) -> Chain[V]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: Literal["outer"],
        nulls: Nulls = "skip",
        select: Callable[[T_co | None, U | None], V],
    ) -> Chain[V]: ...
    @overload
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: str,
        nulls: Nulls = "skip",
        select: Callable[[Any, Any], Any] | None = None,
    ) -> Chain[Any]: ...
    def join(
        self,
        other: Iterable[U],
        *,
        on: Key,
        other_on: Key = None,
        how: str = "inner",
        nulls: Nulls = "skip",
        select: Callable[[Any, Any], Any] | None = None,
    ) -> Chain[Any]:
        """Pairs (item, other item) with equal keys, as SQL joins; None stands for a missing side.

        Args:
            other: the right side; it is read into memory.
            on: the key of the items here.
            other_on: the key of the other items, `on` by default.
            how: inner, left, right, outer, semi or anti (items here only), or cross (`on` is not asked).
            nulls: `skip`: a None key meets nothing, as in SQL; `match`: it meets other Nones.
            select: what to make of the two, instead of a pair; not for semi and anti.

        Raises:
            PlanError: `how` or `nulls` is none of these, or a key is no key.

        Laziness: the items stream, the other side is read first.
        Cost: O(n + m + results); memory for the other side.

        >>> from engine import Chain
        >>> people, mails = [(1, "Ada"), (2, "Kim")], [(1, "ada@example.org")]
        >>> Chain(people).join(mails, on=0, how="left").collect()
        [((1, 'Ada'), (1, 'ada@example.org')), ((2, 'Kim'), None)]
        >>> Chain(people).join(mails, on=0, select=lambda person, mail: (person[1], mail[1])).collect()
        [('Ada', 'ada@example.org')]
        """
        key = require_key("on", on)
        options = JoinOptions(
            as_source(other),
            key if other_on is None else require_key("other_on", other_on),
            require_choice("how", how, HOWS),
            require_choice("nulls", nulls, NULLS),
            require_select(select, how),
        )
        return self._with("join", key, extra=options)

    def kmerge(
        self, *others: Iterable[U], key: Key = None, reverse: bool = False, check: bool = False
    ) -> Chain[T_co | U]:
        """The items of several sorted inputs in one order; of equal ones, the earlier input's first.

        Args:
            others: the other inputs.
            key: by what all of them are sorted.
            reverse: they are sorted from the largest key to the smallest.
            check: find out whether they are, with one comparison for each item.

        Raises:
            NotSortedError: with `check`, at the first item that is out of order.

        Laziness: streams; one item of each input is in memory.
        Cost: O(n log k).

        >>> from engine import Chain
        >>> Chain([1, 4]).kmerge([2, 3], [0]).collect()
        [0, 1, 2, 3, 4]
        """
        options = MergeOptions(tuple(map(as_source, others)), bool(reverse), bool(check))
        return self._with("kmerge", require_key("key", key), extra=options)

    def merge(
        self, other: Iterable[U], key: Key = None, *, reverse: bool = False, check: bool = False
    ) -> Chain[T_co | U]:
        """The items of two sorted inputs in one order; of equal ones, those here first.

        >>> from engine import Chain
        >>> Chain([1, 4]).merge([2, 3]).collect()
        [1, 2, 3, 4]
        """
        return self.kmerge(other, key=key, reverse=reverse, check=check)
