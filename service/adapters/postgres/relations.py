"""Tables and how their rows belong together: what can be joined is what is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Generic, TypeVar

import sqlalchemy
from msgspec import Struct
from sqlalchemy import ColumnElement, Select, TableClause, literal_column, select

from service.adapters.postgres.columns import Column, ScalarColumn
from service.adapters.postgres.predicates import EVERYTHING, AllOf, Form, Predicate
from service.adapters.postgres.scopes import Scope

T = TypeVar("T")


class Table(Struct, Generic[T], frozen=True, cache_hash=True):
    """`columns` are those that `read` makes a T of; `others` can only be asked about. `key` is unique."""

    name: str
    key: ScalarColumn[Any]
    columns: tuple[Column[Any], ...]
    read: Callable[[Iterable[Any]], T]
    others: tuple[Column[Any], ...] = ()


class Relation(Struct, frozen=True, cache_hash=True):
    """To a row belong those of `table` whose column `far` equals its own column `near`."""

    near: ScalarColumn[Any]
    table: Table[Any]
    far: ScalarColumn[Any]

    def exists(self, condition: Predicate = EVERYTHING) -> Predicate:
        """One of the rows that belong there meets the condition."""
        return Predicate(Exists(self, condition.form), condition.values)

    def holds(self, near: Scope, far: Scope) -> ColumnElement[bool]:
        holding: ColumnElement[bool] = self.near.render(near) == self.far.render(far)
        return holding


class Join(Struct, frozen=True, cache_hash=True):
    """`is_left`: rows to which none belong stay, with NULL in the columns of the other table."""

    relation: Relation
    is_left: bool


class Exists(Struct, frozen=True, cache_hash=True):
    relation: Relation
    condition: Form

    def render(self, scope: Scope) -> ColumnElement[bool]:
        table = clause_of(self.relation.table)
        inner = scope.inside(table)
        found: Select[Any] = (
            select(literal_column("1")).select_from(table).where(self.relation.holds(scope, inner))
        )
        if self.condition != AllOf():
            found = found.where(self.condition.render(inner))
        return found.correlate_except(table).exists()

    def may_be_null(self, scope: Scope) -> bool:  # noqa: ARG002  # as every form is asked
        return False


@cache
def clause_of(table: Table[Any]) -> TableClause:
    """The table as SQLAlchemy knows it."""
    columns = (sqlalchemy.column(column.name, column.type) for column in (*table.columns, *table.others))
    return sqlalchemy.table(table.name, *columns)
