"""The SQL of a shape: composed by SQLAlchemy Core, compiled once, remembered. For bound queries only."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from service.adapters.postgres.columns import BIGINT
from service.adapters.postgres.predicates import AllOf, Form
from service.adapters.postgres.queries import Shape
from service.adapters.postgres.relations import clause_of
from service.adapters.postgres.scopes import Scope

Ending = Literal["rows", "page", "count", "exists"]


class Compiled(NamedTuple):
    """`positions`: which of the query's values each of $1, $2, … takes."""

    sql: str
    positions: tuple[int, ...]


@lru_cache(maxsize=1024)
def compile_shape(shape: Shape, ending: Ending) -> Compiled:
    """Raises ValueError for a shape that names a table which it does not join, or one twice."""
    statement = _ENDINGS[ending](shape)
    compiled = statement.compile(dialect=asyncpg_dialect())  # type: ignore[no-untyped-call]  # untyped upstream
    return Compiled(str(compiled), tuple(map(int, compiled.positiontup or ())))


def marks_of(shape: Shape) -> tuple[int, ...]:
    """Where in the rows of a page the values of the order's terms stand; the total is the last of a row."""
    columns = _columns_of_page(shape)
    return tuple(columns.index(term.column) for term in shape.order)


def _rows(shape: Shape) -> Select[Any]:
    scope = _scope(shape)
    return _walked(_matching(shape, scope), shape, scope)


def _page(shape: Shape) -> Select[Any]:
    scope = _scope(shape)
    matching = _matching(shape, scope)
    shown = matching.with_only_columns(*(column.render(scope) for column in _columns_of_page(shape)))
    return _walked(shown.add_columns(_counted(matching).scalar_subquery()), shape, scope)


def _count(shape: Shape) -> Select[Any]:
    return _counted(_matching(shape, _scope(shape)))


def _exists(shape: Shape) -> Select[Any]:
    return select(exists(_matching(shape, _scope(shape)).with_only_columns(literal_column("1"))))


_ENDINGS = {"rows": _rows, "page": _page, "count": _count, "exists": _exists}


def _columns_of_page(shape: Shape) -> tuple[Any, ...]:
    missing = tuple(term.column for term in shape.order if term.column not in shape.columns)
    return shape.columns + missing


def _scope(shape: Shape) -> Scope:
    joined = [join.relation.table for join in shape.joins]
    optional = [join.relation.table.name for join in shape.joins if join.is_left]
    tables = [clause_of(table) for table in (shape.table, *joined)]
    return Scope(tables, optional, has_subject=shape.has_subject)


def _matching(shape: Shape, scope: Scope) -> Select[Any]:
    """All rows or groups that meet the conditions."""
    statement = _joined(select(*(column.render(scope) for column in shape.columns)), shape, scope)
    if shape.condition != _NO_CONDITION:
        statement = statement.where(shape.condition.render(scope))
    statement = statement.group_by(*(column.render(scope) for column in shape.groups))
    if shape.group_condition != _NO_CONDITION:
        statement = statement.having(shape.group_condition.render(scope))
    return statement


_NO_CONDITION: Form = AllOf()


def _joined(statement: Select[Any], shape: Shape, scope: Scope) -> Select[Any]:
    source: Any = clause_of(shape.table)
    for join in shape.joins:
        relation = join.relation
        source = source.join(clause_of(relation.table), relation.holds(scope, scope), isouter=join.is_left)
    return statement.select_from(source)


def _counted(matching: Select[Any]) -> Select[Any]:
    # The planner takes a plain subquery apart, so it costs nothing; groups need it to be counted.
    every = matching.with_only_columns(literal_column("1").label("one")).subquery("every")
    return select(func.count().label("total")).select_from(every)


def _walked(statement: Select[Any], shape: Shape, scope: Scope) -> Select[Any]:
    """In order, from the place on, as many as are asked for."""
    if shape.place != _NO_CONDITION:
        statement = statement.where(shape.place.render(scope))
    statement = statement.order_by(*(key for term in shape.order for key in term.render(scope)))
    if shape.is_limited:
        statement = statement.limit(scope.bind(BIGINT))
    return statement.offset(scope.bind(BIGINT)) if shape.is_offset else statement
