"""What a row is made of, and what can be asked of it: columns by type, and aggregates of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Double, Text, cast, func
from sqlalchemy.types import TypeEngine

from service.adapters.postgres.errors import translating
from service.adapters.postgres.orderings import Term
from service.adapters.postgres.predicates import Comparison, Operator, Predicate
from service.adapters.postgres.scopes import Scope

T = TypeVar("T")

TEXT = Text()
BIGINT = BigInteger()
DOUBLE: TypeEngine[float] = Double()
COLLATION = "chainbook_text"
"""What the texts of every tenant are lowered and sorted by; the first migration makes it."""


class Column(Struct, Generic[T], frozen=True, cache_hash=True):
    """A column of a tenant's table. `unique`: no two rows have the same value, so nothing is tied."""

    table: str
    name: str
    type: TypeEngine[Any]
    nullable: bool = False
    unique: bool = False

    def render(self, scope: Scope) -> ColumnElement[Any]:
        return scope.column(self.table, self.name)

    def argument(self, scope: Scope) -> ColumnElement[Any]:
        """The next value of the query, to be held against this column."""
        return scope.bind(self.type)

    def may_be_null(self, scope: Scope) -> bool:
        return self.nullable or scope.is_optional(self.table)

    def is_null(self) -> Predicate:
        return Predicate(Comparison(self, "null"))


class ScalarColumn(Column[T], frozen=True, cache_hash=True):
    """A column whose values are equal or not, less or more."""

    def equals(self, value: T) -> Predicate:
        return self._compared("=", value)

    def is_below(self, value: T) -> Predicate:
        return self._compared("<", value)

    def is_at_most(self, value: T) -> Predicate:
        return self._compared("<=", value)

    def is_above(self, value: T) -> Predicate:
        return self._compared(">", value)

    def is_at_least(self, value: T) -> Predicate:
        return self._compared(">=", value)

    def is_in(self, values: Iterable[T]) -> Predicate:
        """One argument however many values, so that their number is not part of the SQL."""
        listed = tuple(values)
        if None in listed:
            raise ValueError(f"{self.name} must be one of values, got None among them: ask is_null")
        return Predicate(Comparison(self, "any"), (listed,))

    def ascending(self, *, nulls_first: bool = False) -> Term:
        return Term(self, descending=False, nulls_first=nulls_first)

    def descending(self, *, nulls_first: bool = True) -> Term:
        return Term(self, descending=True, nulls_first=nulls_first)

    def sort_keys(self, rendered: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
        """What decides the place of `rendered`, most important first."""
        return (rendered,)

    def bounds(self, scope: Scope) -> tuple[ColumnElement[Any], ...]:
        """The sort keys of the next value."""
        return self.sort_keys(self.argument(scope))

    def _compared(self, operator: Operator, value: T) -> Predicate:
        if value is None:
            raise ValueError(f"{self.name} must be compared with a value, got None: ask is_null")
        return Predicate(Comparison(self, operator), (value,))


class TextColumn(ScalarColumn[T], frozen=True, cache_hash=True):
    """Text, which sorts without regard to case first, then by what differs."""

    def starts_with(self, text: str) -> Predicate:
        return Predicate(Comparison(self, "like"), (f"{_literally(text)}%",))

    def contains(self, text: str) -> Predicate:
        return Predicate(Comparison(self, "like"), (f"%{_literally(text)}%",))

    def equals_in_any_case(self, text: str) -> Predicate:
        """By what the column is sorted by first, so that the index of that order serves it."""
        lowered = _Lowered(self.table, self.name, self.type, self.nullable, of=self)
        return Predicate(Comparison(lowered, "="), (text,))

    def sort_keys(self, rendered: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
        return (func.lower(rendered), rendered.collate("C"))

    def bounds(self, scope: Scope) -> tuple[ColumnElement[Any], ...]:
        # lower() goes by the collation of its argument, which the columns have and a value has not.
        return self.sort_keys(self.argument(scope).collate(COLLATION))


class _Lowered(Column[str], frozen=True, cache_hash=True, kw_only=True):
    of: TextColumn[Any]

    def render(self, scope: Scope) -> ColumnElement[Any]:
        return func.lower(self.of.render(scope))

    def argument(self, scope: Scope) -> ColumnElement[Any]:
        return func.lower(scope.bind(self.type).collate(COLLATION))


class SearchColumn(Column[str], frozen=True, cache_hash=True):
    """Text stored in lower case to be searched in, so what is looked for may have any case."""

    def contains(self, text: str) -> Predicate:
        return Predicate(Comparison(self, "like"), (f"%{_literally(text)}%",))

    def resembles(self, text: str) -> Predicate:
        """Some words of it are nearly `text`: most of its trigrams are theirs."""
        return Predicate(Comparison(self, "resembles"), (text,))

    def argument(self, scope: Scope) -> ColumnElement[Any]:
        return func.lower(scope.bind(self.type).collate(COLLATION))


class ListColumn(Column[list[str]], frozen=True, cache_hash=True):
    def holds(self, texts: Iterable[str]) -> Predicate:
        """All of `texts` are among those of the column; an index serves it."""
        return Predicate(Comparison(self, "all"), (tuple(texts),))


class WordsColumn(Column[str], frozen=True, cache_hash=True):
    """Words without accents and case, as the migrations make them of a row."""

    def begin_with(self, text: str) -> Predicate:
        """Every word of `text` is the beginning of one; unknown when it has none."""
        return Predicate(Comparison(self, "begun"), (text,))

    def matches(self, words: str) -> Predicate:
        """Full text: all words; "a phrase"; `or`; and a minus before what must not be there."""
        return Predicate(Comparison(self, "words"), (words,))

    def argument(self, scope: Scope) -> ColumnElement[Any]:
        return func.lower(scope.bind(self.type).collate(COLLATION))


class JsonColumn(Column[Mapping[str, Any]], frozen=True, cache_hash=True):
    def holds(self, document: Mapping[str, Any]) -> Predicate:
        """All that `document` has is in the column too, at the same places; an index serves it."""
        return Predicate(Comparison(self, "holds"), (render_json(document),))


class Aggregate(ScalarColumn[T], frozen=True, cache_hash=True):
    """One value for each group; for all rows when there are no groups, NULL when there are no rows."""

    function: Literal["min", "max", "avg"] = "min"

    def render(self, scope: Scope) -> ColumnElement[Any]:
        aggregated = getattr(func, self.function)(scope.column(self.table, self.name))
        return cast(aggregated, DOUBLE) if self.function == "avg" else aggregated


class Count(ScalarColumn[int], frozen=True, cache_hash=True):
    """How many rows there are in each group."""

    def render(self, scope: Scope) -> ColumnElement[Any]:  # noqa: ARG002  # as every column is asked
        return func.count()


COUNT = Count("", "count", BIGINT)


def lowest(column: ScalarColumn[T]) -> Aggregate[T]:
    return Aggregate(column.table, column.name, column.type, nullable=True, function="min")


def highest(column: ScalarColumn[T]) -> Aggregate[T]:
    return Aggregate(column.table, column.name, column.type, nullable=True, function="max")


def average(column: ScalarColumn[int]) -> Aggregate[float]:
    return Aggregate(column.table, column.name, DOUBLE, nullable=True, function="avg")


def render_json(value: object) -> str:
    with translating():
        return msgspec.json.encode(value).decode()


def _literally(text: str) -> str:
    r"""For a LIKE pattern: %, _ and \ mean themselves."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
