"""Pages, orderings and numbers in a query string, parsed with distrust."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast, get_args

from msgspec import Struct

from service.application.ports import SortField, SortKey
from service.domain.tenant_settings import LARGEST_PAGE

MAX_PAGE_SIZE = LARGEST_PAGE
SORT_FIELDS: tuple[str, ...] = get_args(SortField)
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)

Problems = dict[str, tuple[str, ...]]


class Page(Struct, frozen=True):
    """`number` counts from 1."""

    number: int = 1
    size: int = 50

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def parse_number(
    query: Mapping[str, str], name: str, default: int, *, limit: int, problems: Problems
) -> int:
    """A whole number from 1 to `limit`; a fault goes into `problems` under its name."""
    text = query.get(name)
    if text is None:
        return default
    if _WHOLE_NUMBER.fullmatch(text) and 1 <= int(text) <= limit:
        return int(text)
    problems[name] = (f"must be a whole number from 1 to {limit}, got {text[:40]!r}",)
    return default


def parse_page(
    query: Mapping[str, str], problems: Problems, *, size_name: str = "per_page", default_size: int = 50
) -> Page:
    """`page` and `per_page` (or as v1 calls it)."""
    number = parse_number(query, "page", 1, limit=10_000_000, problems=problems)
    return Page(
        number, parse_number(query, size_name, default_size, limit=MAX_PAGE_SIZE, problems=problems)
    )


def find_unknown(query: Mapping[str, str], known: tuple[str, ...]) -> Problems:
    """A problem for each parameter that is not known: a filter passed over would show too much."""
    return {
        name[:40]: (f"is not known here, expected {', '.join(known)}",)
        for name in query
        if name not in known
    }


def parse_sort(text: str | None, default: tuple[SortKey, ...], problems: Problems) -> tuple[SortKey, ...]:
    """`last_name,-created_at`: a minus turns a column round; only known columns."""
    if not text:
        return default
    names = text.split(",")
    unknown = [name for name in names if name.removeprefix("-") not in SORT_FIELDS]
    if unknown or len(names) > len(SORT_FIELDS):
        problems["sort"] = (f"must name {', '.join(SORT_FIELDS)}, got {text[:80]!r}",)
        return default
    return tuple(
        SortKey(cast("SortField", name.removeprefix("-")), descending=name.startswith("-"))
        for name in names
    )
