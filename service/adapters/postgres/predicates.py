"""Conditions as values: a form, which is all that the SQL depends on, and the values that it is asked with.

The two never meet before the driver binds them, so no value can become SQL. `&`, `|` and `~` make a Boolean
algebra: what is unknown to SQL (a comparison with NULL) does not hold, and its negation does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Protocol

from msgspec import Struct
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    any_,
    cast,
    false,
    func,
    literal_column,
    not_,
    or_,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.adapters.postgres.scopes import Scope

if TYPE_CHECKING:
    from service.adapters.postgres.columns import Column

Operator = Literal[
    "=", "<", "<=", ">", ">=", "any", "all", "like", "holds", "words", "begun", "resembles", "null"
]


class Form(Protocol):
    """A condition without its values. Equal forms are the same SQL."""

    def render(self, scope: Scope) -> ColumnElement[bool]:
        """Binds as many values as the predicate has, in their order."""
        ...

    def may_be_null(self, scope: Scope) -> bool: ...


class Predicate(Struct, frozen=True):
    """A condition on the rows of a query.

    >>> from service.adapters.postgres.tables import Contacts
    >>> ada = Contacts.FIRST_NAME.equals("Ada") & Contacts.NUMBER.is_above(7)
    >>> ada.values
    ('Ada', 7)
    >>> ada.form == (Contacts.FIRST_NAME.equals("Eve") & Contacts.NUMBER.is_above(0)).form
    True
    """

    form: Form
    values: tuple[object, ...] = ()

    def __and__(self, other: Predicate) -> Predicate:
        return Predicate(_flat(AllOf, self.form, other.form), self.values + other.values)

    def __or__(self, other: Predicate) -> Predicate:
        return Predicate(_flat(AnyOf, self.form, other.form), self.values + other.values)

    def __invert__(self) -> Predicate:
        form = self.form.inner if isinstance(self.form, Not) else Not(self.form)
        return Predicate(form, self.values)

    def __bool__(self) -> bool:
        raise TypeError("a predicate is not true or false by itself: combine with &, | and ~")


class Comparison(Struct, frozen=True, cache_hash=True):
    """A column held against at most one value."""

    column: Column[Any]
    operator: Operator

    def render(self, scope: Scope) -> ColumnElement[bool]:
        return _RENDERED[self.operator](self.column.render(scope), self.column, scope)

    def may_be_null(self, scope: Scope) -> bool:
        return self.operator != "null" and self.column.may_be_null(scope)


class AllOf(Struct, frozen=True, cache_hash=True):
    parts: tuple[Form, ...] = ()

    def render(self, scope: Scope) -> ColumnElement[bool]:
        return and_(true(), *(part.render(scope) for part in self.parts))

    def may_be_null(self, scope: Scope) -> bool:
        return any(part.may_be_null(scope) for part in self.parts)


class AnyOf(Struct, frozen=True, cache_hash=True):
    parts: tuple[Form, ...] = ()

    def render(self, scope: Scope) -> ColumnElement[bool]:
        return or_(false(), *(part.render(scope) for part in self.parts))

    def may_be_null(self, scope: Scope) -> bool:
        return any(part.may_be_null(scope) for part in self.parts)


class Not(Struct, frozen=True, cache_hash=True):
    inner: Form

    def render(self, scope: Scope) -> ColumnElement[bool]:
        rendered = self.inner.render(scope)
        # A plain NOT where it means the same: the planner makes x >= 1 of NOT (x < 1), and finds an index.
        return rendered.is_not(true()) if self.inner.may_be_null(scope) else not_(rendered)

    def may_be_null(self, scope: Scope) -> bool:  # noqa: ARG002  # as every form is asked
        return False


EVERYTHING = Predicate(AllOf())
NOTHING = Predicate(AnyOf())


def _binary(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Column[Any], Scope], Any]:
    return lambda rendered, column, scope: compare(rendered, column.argument(scope))


def _any(rendered: Any, column: Column[Any], scope: Scope) -> Any:
    return rendered == any_(scope.bind(ARRAY(column.type)))


def _holds(rendered: Any, _column: Column[Any], scope: Scope) -> Any:
    return rendered.op("@>", is_comparison=True)(cast(scope.bind(Text()), JSONB))


def _words(rendered: Any, column: Column[Any], scope: Scope) -> Any:
    # Without stemming: an address book has names of every language.
    simple: ColumnElement[str] = literal_column("'simple'")
    asked = func.websearch_to_tsquery(simple, func.unaccent(column.argument(scope)))
    return rendered.op("@@", is_comparison=True)(asked)


def _begun(rendered: Any, _column: Column[Any], scope: Scope) -> Any:
    return rendered.op("@@", is_comparison=True)(func.words_asked(scope.bind(Text())))


def _null(rendered: Any, _column: Column[Any], _scope: Scope) -> Any:
    return rendered.is_(None)


_RENDERED: dict[Operator, Callable[[Any, Column[Any], Scope], ColumnElement[bool]]] = {
    "=": _binary(operator.eq),
    "<": _binary(operator.lt),
    "<=": _binary(operator.le),
    ">": _binary(operator.gt),
    ">=": _binary(operator.ge),
    "like": _binary(lambda rendered, pattern: rendered.like(pattern)),
    "any": _any,
    "all": _binary(lambda rendered, texts: rendered.op("@>", is_comparison=True)(texts)),
    "holds": _holds,
    "words": _words,
    "begun": _begun,
    "resembles": _binary(lambda rendered, text: rendered.op("%>", is_comparison=True)(text)),
    "null": _null,
}


def _flat(kind: type[AllOf | AnyOf], left: Form, right: Form) -> Form:
    """One level for one operator, so that (a & b) & c and a & (b & c) are the same value."""
    parts = _parts(kind, left) + _parts(kind, right)
    return parts[0] if len(parts) == 1 else kind(parts)


def _parts(kind: type[AllOf | AnyOf], form: Form) -> tuple[Form, ...]:
    return form.parts if isinstance(form, kind) else (form,)
