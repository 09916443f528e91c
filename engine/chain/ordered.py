"""Steps over two inputs that are sorted by one key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain.planned import Planned, T_co
from engine.errors import PlanError
from engine.kernels.objects.place import brief
from engine.sources import as_source
from engine.steps import Key, require_key

if TYPE_CHECKING:
    from engine.chain import Chain
    from engine.sides import Aligned

U = TypeVar("U")

_HOWS = ("inner", "left", "right", "outer", "semi", "anti")


class Ordered(Planned[T_co]):
    """Both stream side by side; a run raises NotSortedError where a side is out of order."""

    __slots__ = ()

    def merge_align(self, other: Iterable[U], key: Key = None) -> Chain[Aligned[T_co, U]]:
        """The items of both in the order of their keys: `Both` of equal keys, else `Left` or `Right`.

        Of several with one key, the first is put beside the first, the second beside the second.

        Laziness: streams; one item of each side is in memory.
        Cost: O(n + m).

        >>> from engine import Chain
        >>> Chain([1, 2]).merge_align([2, 3]).collect()
        [Left(value=1), Both(left=2, right=2), Right(value=3)]
        """
        return self._with("merge_align", require_key("key", key), extra=(as_source(other),))

    @overload
    def merge_join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: Literal["semi", "anti"]
    ) -> Chain[T_co]: ...
    @overload
    def merge_join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: Literal["inner"] = "inner"
    ) -> Chain[tuple[T_co, U]]: ...
    @overload
    def merge_join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: Literal["left"]
    ) -> Chain[tuple[T_co, U | None]]: ...
    @overload
    def merge_join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: Literal["right"]
    ) -> Chain[tuple[T_co | None, U]]: ...
    @overload
    def merge_join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: Literal["outer"]
    ) -> Chain[tuple[T_co | None, U | None]]: ...
    @overload
    def merge_join(self, other: Iterable[U], *, on: Key, other_on: Key = None, how: str) -> Chain[Any]: ...
    def merge_join(
        self, other: Iterable[U], *, on: Key, other_on: Key = None, how: str = "inner"
    ) -> Chain[Any]:
        """The rows of `join`, of two sides that are sorted by their keys, in the order of the keys.

        Args:
            other: the right side.
            on: the key of the items here.
            other_on: the key of the other items, `on` by default.
            how: inner, left, right, outer, semi or anti (items here only).

        Raises:
            PlanError: `how` is none of these, or a key is no key.

        Laziness: streams; of each side, the items with one key are in memory.
        Cost: O(n + m + results).

        >>> from engine import Chain
        >>> people, mails = [(1, "Ada"), (2, "Kim")], [(1, "ada@example.org")]
        >>> Chain(people).merge_join(mails, on=0, how="left").collect()
        [((1, 'Ada'), (1, 'ada@example.org')), ((2, 'Kim'), None)]
        """
        if how not in _HOWS:
            raise PlanError(f"how must be one of {', '.join(_HOWS)}, got {brief(how)}")
        key = require_key("on", on)
        other_key = key if other_on is None else require_key("other_on", other_on)
        return self._with("merge_join", key, extra=(as_source(other), other_key, how))
