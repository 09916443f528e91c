"""The relational methods of a frame: rows chosen, ordered, grouped and joined, always as a new frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from engine.aggregates import Aggregate
from engine.columns.column import Column
from engine.columns.evaluation import evaluate
from engine.columns.folding import aggregated
from engine.columns.relations import GroupParts
from engine.columns.rows import joined_rows, number_rows, rows_of, rows_of_mask, sorted_rows, taken
from engine.errors import PlanError
from engine.expr import Expr
from engine.kernels.columns.column import ColumnMemory, concatenated
from engine.kernels.columns.take import either_rows
from engine.nodes import Attribute, Constant, Element, Item

__all__ = ["GroupedFrame", "Relational"]

F = TypeVar("F", bound="Relational")


class Relational:
    """What a frame can do with its rows. select, rename, drop, head and slices share memory."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def columns(self) -> tuple[str, ...]: ...

        def __init__(self, data: Mapping[str, Any]) -> None: ...
        def __len__(self) -> int: ...
        def __getitem__(self, key: Any) -> Any: ...

    def drop(self, *names: str) -> Self:
        """All columns but these, in place."""
        gone = {name for name in names if self[name] is not None}
        return type(self)({name: self[name] for name in self.columns if name not in gone})

    def rename(self, names: Mapping[str, str]) -> Self:
        """The same columns under other names, in place.

        >>> from engine import Frame
        >>> Frame({"a": [1], "b": [2]}).rename({"a": "x"}).columns
        ('x', 'b')
        """
        for name in names:
            self[name]
        renamed = [names.get(name, name) for name in self.columns]
        if len(set(renamed)) < len(renamed):
            raise PlanError(f"names must differ, got {', '.join(renamed)}")
        return type(self)({new: self[name] for new, name in zip(renamed, self.columns, strict=True)})

    def with_columns(self, **columns: Any) -> Self:
        """The frame with further columns, or others in place of those of the same name.

        Args:
            columns: whatever `Column` takes, or an expression of `it` over the frame's columns.

        >>> from engine import Frame, it
        >>> Frame({"a": [1, 2]}).with_columns(b=it.a * 10)["b"].to_list()
        [10, 20]
        """
        made = {name: self._computed(values) for name, values in columns.items()}
        return type(self)(self._parts() | made)

    def head(self, n: int = 10) -> Self:
        """The first `n` rows, or all if there are fewer, in place."""
        if n < 0:
            raise PlanError(f"n must be at least 0, got {n}")
        part: Self = self[:n]
        return part

    def take(self, rows: Any) -> Self:
        """The rows of these numbers, in this order; None gives a row of nulls.

        Raises:
            IndexError: a row that there is not.

        >>> from engine import Frame
        >>> Frame({"a": [7, 8, 9]}).take([2, 0])["a"].to_list()
        [9, 7]
        """
        return self._taken(rows_of(rows, len(self)))

    def filter(self, mask: Any) -> Self:
        """The rows where a mask, or an expression of `it`, is true; where it is missing they are not kept.

        Raises:
            TypeError, PlanError: the mask is not of bool, or not as long as the frame.

        >>> from engine import Frame, it
        >>> Frame({"a": [7, 8, 9]}).filter([True, None, False])["a"].to_list()
        [7]
        >>> Frame({"a": [7, None, 9]}).filter(it.a > 7)["a"].to_list()
        [9]
        """
        return self._taken(rows_of_mask(self._computed(mask), len(self)))

    def _computed(self, values: Any) -> Any:
        return evaluate(values, self._parts()) if isinstance(values, Expr) else values

    def _parts(self) -> dict[str, Any]:
        return {name: self[name] for name in self.columns}

    def sort(self, *names: str, descending: bool | Sequence[bool] = False, nulls: str = "last") -> Self:
        """The rows in the order of these columns, the first deciding first; equal rows keep their order.

        Args:
            names: at least one.
            descending: for all, or one for each. NaN is the greatest of all, and then comes first.
            nulls: "last" or "first", whatever the direction.

        Cost: O(n) for each column of numbers, parallel; 32 bytes for each row.

        >>> from engine import Frame
        >>> Frame({"a": [2, 1, 2], "b": [1, 2, 3]}).sort("a", "b", descending=[False, True])["b"].to_list()
        [2, 3, 1]
        """
        return self._taken(self._order(names, descending, nulls))

    def top(self, n: int, *names: str, descending: bool | Sequence[bool] = True) -> Self:
        """The first `n` rows of a sort, nulls last: the greatest unless told otherwise.

        >>> from engine import Frame
        >>> Frame({"a": [2, 5, 3]}).top(2, "a")["a"].to_list()
        [5, 3]
        """
        if n < 0:
            raise PlanError(f"n must be at least 0, got {n}")
        order = self._order(names, descending, "last")
        return self._taken(order.between(0, min(n, len(self))))

    def unique(self, *names: str) -> Self:
        """The first row of each value of these columns, or of all, in row order; nulls equal nulls.

        >>> from engine import Frame
        >>> Frame({"a": [1, 1, 2], "b": [5, 6, 7]}).unique("a")["b"].to_list()
        [5, 7]
        """
        if not (names or self.columns):
            return self
        return self._taken(number_rows(self._keys(names or self.columns))[1])

    def concat(self, *others: Self) -> Self:
        """The rows of this frame and of others with the same columns, one after the other.

        Raises:
            PlanError, TypeError: a frame with other names, or a column of another type.
        """
        for frame in others:
            if frame.columns != self.columns:
                raise PlanError(
                    f"columns must be {', '.join(self.columns)}, got {', '.join(frame.columns)}"
                )
        return type(self)(
            {name: _joined_up(name, [frame[name] for frame in (self, *others)]) for name in self.columns}
        )

    def group_by(self, *names: str) -> GroupedFrame[Self]:
        """The rows in groups of equal values of these columns, in first-seen order; nulls are one group.

        >>> from engine import Frame, it
        >>> sales = Frame({"who": ["ada", "bo", "ada"], "price": [3, 4, 5]})
        >>> list(sales.group_by("who").agg(total=("price", "sum"), least=it.price.min()))
        [{'who': 'ada', 'total': 8, 'least': 3}, {'who': 'bo', 'total': 4, 'least': 4}]
        """
        return GroupedFrame(self, names, GroupParts(*number_rows(self._keys(names))))

    def join(
        self,
        right: Self,
        on: str | Sequence[str],
        other_on: str | Sequence[str] | None = None,
        *,
        how: str = "inner",
        suffix: str = "_right",
    ) -> Self:
        """The rows of both with equal keys, as SQL joins, in the order of the left.

        Args:
            right: the other frame.
            on: the columns of the keys; a row with a missing key matches nothing.
            other_on: their names on the right, if they are others.
            how: inner, left, right, outer (unmatched right rows come last), semi, anti (left columns only).
            suffix: what is added to the name of a right column that the left has too. Key columns of the
                right are left out; of a right row alone the keys stand in those of the left.

        Raises:
            PlanError: unknown `how`, no keys or not as many on both sides, or a name twice with the suffix.
            TypeError: keys of different families.

        >>> from engine import Frame
        >>> people = Frame({"id": [1, 2], "name": ["Ada", "Bo"]})
        >>> list(people.join(Frame({"id": [2, 3], "age": [36, 17]}), on="id", how="outer"))[1:]
        [{'id': 2, 'name': 'Bo', 'age': 36}, {'id': 3, 'name': None, 'age': 17}]
        """
        names, other_names = _names(on), _names(on if other_on is None else other_on)
        if len(names) != len(other_names):
            raise PlanError(f"keys must be as many on both sides, got {len(names)} and {len(other_names)}")
        left_rows, right_rows = joined_rows(self._keys(names), right._keys(other_names), how)
        made = {name: taken(self[name], left_rows) for name in self.columns}
        if how in ("semi", "anti"):
            return type(self)(made)
        if how in ("right", "outer"):
            rows = either_rows(left_rows, right_rows, len(self))
            for name, other in zip(names, other_names, strict=True):
                made[name] = taken(_joined_up(name, [self[name], right[other]]), rows)
        for name in right.columns:
            if name not in other_names:
                made[_free_name(name, made, suffix)] = taken(right[name], right_rows)
        return type(self)(made)

    def _keys(self, names: Sequence[str]) -> list[Column]:
        if not names:
            raise PlanError("keys must be at least one column, got none")
        return [self[name] for name in names]

    def _order(self, names: Sequence[str], descending: Any, nulls: str) -> ColumnMemory:
        keys = self._keys(names)
        falls = [descending] * len(keys) if isinstance(descending, bool) else list(descending)
        if len(falls) != len(keys):
            raise PlanError(f"descending must be one for each of {len(keys)} columns, got {len(falls)}")
        return sorted_rows(keys, len(self), descending=falls, nulls=nulls)

    def _taken(self, rows: ColumnMemory) -> Self:
        return type(self)({name: taken(self[name], rows) for name in self.columns})


class GroupedFrame(Generic[F]):
    """The rows of a frame in groups; `Frame.group_by` makes it."""

    __slots__ = ("_frame", "_names", "_parts")

    def __init__(self, frame: F, names: tuple[str, ...], parts: GroupParts) -> None:
        self._frame, self._names, self._parts = frame, names, parts

    def __len__(self) -> int:
        return len(self._parts.firsts())

    def __repr__(self) -> str:
        return f"GroupedFrame({self._parts.size} rows in {len(self)} groups of {', '.join(self._names)})"

    def agg(self, **aggregates: tuple[str, str] | Aggregate) -> F:
        """A frame of the keys and of one column for each named aggregate, a row for each group.

        Args:
            aggregates: `name=(column, how)`, with the hows of `Grouped.agg`, or `name=it.column.sum()`.

        Raises:
            PlanError: an unknown aggregate, one of more than a column, or one with the name of a key.
            TypeError: an aggregate that has no meaning for the type.
        """
        keys = {name: taken(self._frame[name], self._parts.firsts()) for name in self._names}
        for name in aggregates:
            if name in keys:
                raise PlanError(f"an aggregate can not be named {name!r}: that is a column of the keys")
        made = {name: self._aggregate(name, *_asked(of)) for name, of in aggregates.items()}
        return type(self._frame)(keys | made)

    def _aggregate(self, name: str, column: str | None, how: str) -> Column:
        if column is None:
            return Column(self._parts.counts())
        made: Column = aggregated(self._parts, name, self._frame[column], how)
        return made


def _asked(aggregate: tuple[str, str] | Aggregate) -> tuple[str | None, str]:
    """The column and what to make of it; no column where rows are counted."""
    if not isinstance(aggregate, Aggregate):
        column, how = aggregate
        return column, how
    match aggregate.of:
        case Item() if aggregate.how == "count":
            return None, "count"
        case Attribute(of=Item(), name=name):
            return name, aggregate.how
        case Element(of=Item(), key=Constant(value=str(name))):
            return name, aggregate.how
    raise PlanError(f"an aggregate must be of one column, such as it.price.sum(), got {aggregate!r}")


def _names(keys: str | Sequence[str]) -> tuple[str, ...]:
    return (keys,) if isinstance(keys, str) else tuple(keys)


def _joined_up(name: str, parts: list[Column]) -> Column:
    for part in parts:
        if part.dtype != parts[0].dtype:
            raise TypeError(f"column {name!r} must be of type {parts[0].dtype}, got {part.dtype}")
    return Column(concatenated(list(parts)))


def _free_name(name: str, taken_names: Mapping[str, Any], suffix: str) -> str:
    if name not in taken_names:
        return name
    if name + suffix in taken_names:
        raise PlanError(f"names must differ, got {name + suffix!r} twice; choose another suffix")
    return name + suffix
