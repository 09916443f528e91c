"""The one query whose text depends on what is asked: a list of contacts, composed from Select -> Select.

SQLAlchemy Core is the expression language only. The shape of a query (which conditions, which order) is
compiled once and cached; the values are arguments of each run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from service.adapters.postgres.contact_rows import COLUMNS, render_json
from service.application.ports import ContactFilter, ContactQuery, SortKey

_BIGGEST = 2**63 - 1

_contacts = table("contacts", *map(column, COLUMNS), column("search_text"))


class Compiled(NamedTuple):
    """`names`: which value each of $1, $2, … takes."""

    sql: str
    names: tuple[str, ...]


class Shape(NamedTuple):
    conditions: tuple[str, ...]
    sort: tuple[SortKey, ...]


def page_statement(query: ContactQuery) -> tuple[str, list[Any]]:
    """Rows of COLUMNS and the total; one row with no id when the page is empty."""
    return _with_arguments(_compile_page(_shape(query)), query)


def stream_statement(query: ContactQuery) -> tuple[str, list[Any]]:
    """Rows of COLUMNS."""
    return _with_arguments(_compile_stream(_shape(query)), query)


@lru_cache(maxsize=1024)
def _compile_page(shape: Shape) -> Compiled:
    page = _rows(shape).subquery("page")
    total = _matching(
        shape.conditions, select(func.count().label("total")).select_from(_contacts)
    ).subquery("every")
    joined = select(*(page.c[name] for name in COLUMNS), total.c.total)
    joined = joined.select_from(total.outerjoin(page, true()))
    return _compile(_ordered(shape.sort, page.c, joined))


@lru_cache(maxsize=1024)
def _compile_stream(shape: Shape) -> Compiled:
    return _compile(_rows(shape))


def _rows(shape: Shape) -> Select[Any]:
    matching = _matching(shape.conditions, select(*(_contacts.c[name] for name in COLUMNS)))
    return _sliced(_ordered(shape.sort, _contacts.c, matching))


def _matching(conditions: tuple[str, ...], statement: Select[Any]) -> Select[Any]:
    return statement.where(
        _contacts.c.deleted_at.is_(None), *(_CONDITIONS[name].holds() for name in conditions)
    )


def _ordered(sort: tuple[SortKey, ...], columns: Any, statement: Select[Any]) -> Select[Any]:
    directed = [
        part.desc() if key.descending else part.asc()
        for key in sort
        for part in _SORT_PARTS[key.field](columns[key.field])
    ]
    # Numbers are unique already: without the id, the order is that of their index.
    is_unique = any(key.field == "number" for key in sort)
    return statement.order_by(*directed, *(() if is_unique else (columns.id,)))


def _as_it_is(sorted_by: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return (sorted_by,)


def _as_text(sorted_by: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    # Without regard to case first; the second part tells apart what differs in nothing else.
    return (func.lower(sorted_by), sorted_by.collate("C"))


# The allow list: no other column can be sorted by.
_SORT_PARTS: dict[str, Callable[[ColumnElement[Any]], tuple[ColumnElement[Any], ...]]] = {
    "number": _as_it_is,
    "last_name": _as_text,
    "first_name": _as_text,
    "email": _as_text,
    "phone": _as_text,
    "created_at": _as_it_is,
    "updated_at": _as_it_is,
}


def _sliced(statement: Select[Any]) -> Select[Any]:
    # LIMIT NULL is no limit, so one text serves both.
    return statement.offset(bindparam("offset", type_=BigInteger)).limit(
        bindparam("limit", type_=BigInteger)
    )


def _compile(statement: Select[Any]) -> Compiled:
    compiled = statement.compile(dialect=asyncpg_dialect())  # type: ignore[no-untyped-call]  # untyped upstream
    return Compiled(str(compiled), tuple(compiled.positiontup or ()))


class _Condition(NamedTuple):
    holds: Callable[[], ColumnElement[bool]]
    argument: Callable[[Any], object]


def _substring(text: str) -> str:
    r"""A LIKE pattern in which %, _ and \ mean themselves."""
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _text(name: str) -> Any:
    return bindparam(name, type_=Text)


def _full_name() -> Any:
    return func.btrim(
        _contacts.c.first_name.op("||")(literal_column("' '")).op("||")(_contacts.c.last_name)
    )


def _has_metadata(name: str) -> ColumnElement[bool]:
    # Containment, so that the index on metadata serves it.
    return _contacts.c.metadata.op("@>", is_comparison=True)(cast(_text(name), JSONB))


_CONDITIONS: dict[str, _Condition] = {
    "search": _Condition(
        lambda: _contacts.c.search_text.like(func.lower(_text("search").collate("chainbook_text"))),
        _substring,
    ),
    "name_contains": _Condition(lambda: _full_name().like(_text("name_contains")), _substring),
    "email_contains": _Condition(lambda: _contacts.c.email.like(_text("email_contains")), _substring),
    "phone_contains": _Condition(lambda: _contacts.c.phone.like(_text("phone_contains")), _substring),
    "gender": _Condition(lambda: _has_metadata("gender"), lambda gender: render_json({"gender": gender})),
    "age": _Condition(lambda: _has_metadata("age"), lambda age: render_json({"age": age})),
    "after_number": _Condition(
        lambda: _contacts.c.number > bindparam("after_number", type_=BigInteger),
        lambda number: max(-_BIGGEST, min(number, _BIGGEST)),
    ),
}


def _shape(query: ContactQuery) -> Shape:
    asked = tuple(
        name for name in ContactFilter.__struct_fields__ if getattr(query.where, name) is not None
    )
    return Shape(asked, query.sort)


def _with_arguments(compiled: Compiled, query: ContactQuery) -> tuple[str, list[Any]]:
    return compiled.sql, [_argument(name, query) for name in compiled.names]


def _argument(name: str, query: ContactQuery) -> object:
    if name == "offset":
        return min(query.offset, _BIGGEST)
    if name == "limit":
        return None if query.limit is None else min(query.limit, _BIGGEST)
    return _CONDITIONS[name].argument(getattr(query.where, name))
