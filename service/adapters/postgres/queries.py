"""Queries as immutable values: what is asked of a tenant's tables, not yet of whom.

Every method gives a new query, so parts are shared, and any function from a query to a query is a part too.
There is no SQL here and no way to run one: that takes a transaction (`Statements.query`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, overload

from msgspec import Struct, structs

from service.adapters.postgres.columns import Column, ScalarColumn
from service.adapters.postgres.orderings import Term, beyond
from service.adapters.postgres.predicates import EVERYTHING, Form, Predicate
from service.adapters.postgres.relations import Join, Relation, Table

T = TypeVar("T")
U = TypeVar("U")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

# As much as an argument of type bigint takes.
_BIGGEST = 2**63 - 1


class Shape(Struct, frozen=True, cache_hash=True):
    """All that the SQL of a query depends on: two queries of one shape differ in their arguments only."""

    table: Table[Any]
    columns: tuple[Column[Any], ...]
    joins: tuple[Join, ...]
    condition: Form
    groups: tuple[Column[Any], ...]
    group_condition: Form
    place: Form
    order: tuple[Term, ...]
    is_limited: bool
    is_offset: bool
    has_subject: bool


class Query(Struct, Generic[T], frozen=True):
    """Rows of a table that meet conditions, in an order, each as a value of type T.

    >>> from service.adapters.postgres.tables import CONTACTS, Contacts
    >>> adas = Query.over(CONTACTS).where(Contacts.FIRST_NAME.equals("Ada"))
    >>> adas.where(Contacts.NUMBER.is_above(7)).take(10).values
    ('Ada', 7, 10)
    >>> adas.shape == Query.over(CONTACTS).where(Contacts.FIRST_NAME.equals("Eve")).shape
    True
    """

    table: Table[Any]
    read: Callable[[Iterable[Any]], T]
    columns: tuple[Column[Any], ...]
    joins: tuple[Join, ...] = ()
    condition: Predicate = EVERYTHING
    groups: tuple[Column[Any], ...] = ()
    group_condition: Predicate = EVERYTHING
    terms: tuple[Term, ...] = ()
    place: tuple[object, ...] = ()
    is_backward: bool = False
    limit: int | None = None
    offset: int = 0
    subject: str | None = None

    @classmethod
    def over(cls, table: Table[U]) -> Query[U]:
        """Every row of the table."""
        return Query(table, table.read, table.columns)

    def through(self, *parts: Callable[[Query[T]], Query[T]]) -> Query[T]:
        """The parts applied one after the other."""
        query = self
        for part in parts:
            query = part(query)
        return query

    def about(self, text: str) -> Query[T]:
        """What relevance is measured by. It leaves no row out."""
        return structs.replace(self, subject=text)

    def where(self, condition: Predicate) -> Query[T]:
        """Only rows that meet this condition too."""
        return structs.replace(self, condition=self.condition & condition)

    def join(self, relation: Relation) -> Query[T]:
        """With the rows that belong to each; those to which none belong are left out."""
        return structs.replace(self, joins=(*self.joins, Join(relation, is_left=False)))

    def left_join(self, relation: Relation) -> Query[T]:
        return structs.replace(self, joins=(*self.joins, Join(relation, is_left=True)))

    @overload
    def select(self, first: Column[A], /) -> Query[tuple[A]]: ...
    @overload
    def select(self, first: Column[A], second: Column[B], /) -> Query[tuple[A, B]]: ...
    @overload
    def select(self, first: Column[A], second: Column[B], third: Column[C], /) -> Query[tuple[A, B, C]]: ...
    @overload
    def select(self, *columns: Column[Any]) -> Query[tuple[Any, ...]]: ...
    def select(self, *columns: Column[Any]) -> Query[Any]:
        """Tuples of these columns instead of T."""
        return structs.replace(self, columns=columns, read=tuple)

    def group_by(self, *columns: Column[Any]) -> Query[T]:
        """One row for each combination of values; select names some of them, and aggregates."""
        return structs.replace(self, groups=(*self.groups, *columns))

    def having(self, condition: Predicate) -> Query[T]:
        """Only groups that meet this condition on aggregates too."""
        return structs.replace(self, group_condition=self.group_condition & condition)

    def order_by(self, *terms: Term) -> Query[T]:
        """Rows that are equal in all terms so far by these; the key of the table breaks the last tie."""
        return structs.replace(self, terms=(*self.terms, *terms))

    def take(self, count: int) -> Query[T]:
        """The first `count` rows of what there would be."""
        limit = count if self.limit is None else min(count, self.limit)
        return structs.replace(self, limit=min(limit, _BIGGEST))

    def skip(self, count: int) -> Query[T]:
        """Without the first `count` rows of what there would be."""
        limit = None if self.limit is None else max(0, self.limit - count)
        return structs.replace(self, offset=min(self.offset + count, _BIGGEST), limit=limit)

    def after(self, place: Iterable[object]) -> Query[T]:
        """Rows beyond a place in the order: the values that a row, there or not, has of its terms."""
        return structs.replace(self, place=tuple(place), is_backward=False)

    def before(self, place: Iterable[object]) -> Query[T]:
        """Rows that lead up to a place; the nearest ones, when not all are taken. Their order stays."""
        return structs.replace(self, place=tuple(place), is_backward=True)

    def with_one_more(self) -> Query[T]:
        """With the row that would be next, if there is a limit."""
        return self if self.limit is None else structs.replace(self, limit=min(self.limit + 1, _BIGGEST))

    @property
    def is_inside(self) -> bool:
        """Whether rows that come before in the order may have been left out."""
        return bool(self.place or self.offset)

    @property
    def order(self) -> tuple[Term, ...]:
        """The terms that tell any two rows apart; none when the order says nothing."""
        if not self.terms and not self.is_inside and self.limit is None:
            return ()
        return tuple(self._iter_order())

    @property
    def shape(self) -> Shape:
        return Shape(
            self.table,
            self.columns,
            self.joins,
            self.condition.form,
            self.groups,
            self.group_condition.form,
            self._beyond.form,
            self._walked,
            self.limit is not None,
            self.offset > 0,
            self.subject is not None,
        )

    @property
    def values(self) -> tuple[object, ...]:
        """The arguments, in the order in which the shape asks for them."""
        subject = () if self.subject is None else (self.subject,)
        limit = () if self.limit is None else (self.limit,)
        offset = (self.offset,) if self.offset else ()
        conditions = self.condition.values + self.group_condition.values + self._beyond.values
        return subject + conditions + limit + offset

    @property
    def _walked(self) -> tuple[Term, ...]:
        """The order in which the server finds the rows: away from the place."""
        return tuple(term.reversed() for term in self.order) if self.is_backward else self.order

    @property
    def _beyond(self) -> Predicate:
        if not self.place:
            return EVERYTHING
        if self.groups:
            raise ValueError(f"a place must be one of rows, got a query of groups over {self.table.name}")
        return beyond(self._walked, self.place)

    def _iter_order(self) -> Iterator[Term]:
        keys = self._keys()
        seen = set()
        for term in (*self.terms, *(key.ascending() for key in keys)):
            if term.column not in seen:
                seen.add(term.column)
                yield term
            # Beyond a unique column nothing is tied, and its index gives this order.
            if keys == (term.column,) or (len(keys) == 1 and self._is_unique(term.column)):
                return

    def _keys(self) -> tuple[ScalarColumn[Any], ...]:
        """Columns that together tell any two rows apart."""
        if self.groups:
            return tuple(column for column in self.groups if isinstance(column, ScalarColumn))
        joined = (join.relation for join in self.joins)
        return self.table.key, *(one.table.key for one in joined if not one.far.unique)

    def _is_unique(self, column: Column[Any]) -> bool:
        return column.unique and column.table == self.table.name and not self.groups
