"""What names mean while a query is rendered: its tables, and the arguments it has used so far."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, TableClause, Text, bindparam
from sqlalchemy.types import TypeEngine


class Scope:
    """`optional` names the tables of left joins: all their columns may be NULL."""

    def __init__(
        self, tables: Iterable[TableClause], optional: Iterable[str] = (), *, has_subject: bool = False
    ) -> None:
        self._tables = {table.name: table for table in tables}
        self._optional = frozenset(optional)
        self._numbers = count()
        self._subject = self.bind(Text()) if has_subject else None

    @property
    def subject(self) -> BindParameter[str]:
        """The text that the query is about. Raises ValueError when there is none."""
        if self._subject is None:
            raise ValueError("an order by relevance needs a query about a text, got one about nothing")
        return self._subject

    def table(self, name: str) -> TableClause:
        """Raises ValueError for one that is not joined: SQL would multiply with it."""
        if name not in self._tables:
            raise ValueError(f"a column must be of {', '.join(self._tables)}, got one of {name}")
        return self._tables[name]

    def column(self, table: str, name: str) -> ColumnElement[Any]:
        return self.table(table).c[name]

    def is_optional(self, table: str) -> bool:
        return table in self._optional

    def bind(self, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """The next argument: its name is its position among the values."""
        return bindparam(str(next(self._numbers)), type_=type_)

    def inside(self, table: TableClause) -> Scope:
        """That of a subquery over `table`, whose arguments are numbered on."""
        if table.name in self._tables:
            raise ValueError(f"a query must name a table once, got {table.name} inside itself")
        inner = Scope([table])
        inner._numbers = self._numbers
        return inner
