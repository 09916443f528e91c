"""The order of rows as values, and the condition that a row comes after a place in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, false, or_, true, tuple_

from service.adapters.postgres.predicates import Predicate
from service.adapters.postgres.scopes import Scope

if TYPE_CHECKING:
    from service.adapters.postgres.columns import ScalarColumn


class Term(Struct, frozen=True, cache_hash=True):
    """One column of an order."""

    column: ScalarColumn[Any]
    descending: bool
    nulls_first: bool

    def reversed(self) -> Term:
        return Term(self.column, not self.descending, not self.nulls_first)

    def render(self, scope: Scope) -> Iterator[ColumnElement[Any]]:
        for key in self.column.sort_keys(self.column.render(scope)):
            directed = key.desc() if self.descending else key.asc()
            yield self._with_nulls(directed) if self.column.may_be_null(scope) else directed

    def _with_nulls(self, directed: Any) -> ColumnElement[Any]:
        placed: ColumnElement[Any] = directed.nulls_first() if self.nulls_first else directed.nulls_last()
        return placed


def beyond(terms: tuple[Term, ...], values: Sequence[object]) -> Predicate:
    """Rows that come after the row, there or not, that has these values of the terms."""
    if len(values) != len(terms):
        raise ValueError(f"a place must have {len(terms)} values, got {len(values)}")
    given = tuple(value for value in values if value is not None)
    return Predicate(Beyond(terms, tuple(value is None for value in values)), given)


class Beyond(Struct, frozen=True, cache_hash=True):
    """Row comparison, which an index serves, as far as directions agree; else column by column."""

    terms: tuple[Term, ...]
    are_null: tuple[bool, ...]

    def render(self, scope: Scope) -> ColumnElement[bool]:
        places = [
            _Place(
                term,
                term.column.sort_keys(term.column.render(scope)),
                () if is_null else term.column.bounds(scope),
            )
            for term, is_null in zip(self.terms, self.are_null, strict=True)
        ]
        return _after(list(_steps(places, scope)))

    def may_be_null(self, scope: Scope) -> bool:
        return any(term.column.may_be_null(scope) for term in self.terms)


class _Place(NamedTuple):
    """A term with what it sorts by, and the values of the place for that; none for NULL."""

    term: Term
    keys: tuple[ColumnElement[Any], ...]
    bounds: tuple[ColumnElement[Any], ...]


class _Step(NamedTuple):
    """Conditions on a few terms: at the place or after it, and after it."""

    reached: ColumnElement[bool]
    passed: ColumnElement[bool]


def _after(steps: Sequence[_Step]) -> ColumnElement[bool]:
    first, *rest = steps
    return and_(first.reached, or_(first.passed, _after(rest))) if rest else first.passed


def _steps(places: Sequence[_Place], scope: Scope) -> Iterator[_Step]:
    def direction(place: _Place) -> tuple[bool, Term | None]:
        is_alone = place.term.column.may_be_null(scope)
        return place.term.descending, place.term if is_alone else None

    for (_, alone), run in groupby(places, key=direction):
        members = list(run)
        yield _nullable_step(members[0], scope) if alone else _row_step(members)


def _row_step(places: Sequence[_Place]) -> _Step:
    keys = _row([key for place in places for key in place.keys])
    bounds = _row([bound for place in places for bound in place.bounds])
    if places[0].term.descending:
        return _Step(keys <= bounds, keys < bounds)
    return _Step(keys >= bounds, keys > bounds)


def _nullable_step(place: _Place, scope: Scope) -> _Step:
    is_null = place.term.column.render(scope).is_(None)
    if place.bounds:
        step = _row_step([place])
        return step if place.term.nulls_first else _Step(*(or_(part, is_null) for part in step))
    return _Step(true(), ~is_null) if place.term.nulls_first else _Step(is_null, false())


def _row(parts: Sequence[ColumnElement[Any]]) -> Any:
    return tuple_(*parts) if len(parts) > 1 else parts[0]
