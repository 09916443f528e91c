"""The cells of one CSV row by what their columns mean; what has no field is kept by its header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from service.domain.csv_columns import Column

# Google puts several values into one cell.
GOOGLE_SEPARATOR = " ::: "
_TOWN_PARTS = ("city", "state", "region", "postal code")
_Cells = list[tuple[Column, str]]


class CsvRow(NamedTuple):
    """Texts by field, and in `kept` the others by header."""

    first_name: str
    last_name: str
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    address: str
    labels: str
    metadata: str
    kept: dict[str, str]


def sort_cells(columns: Sequence[Column], cells: Sequence[str]) -> CsvRow:
    found: dict[str, _Cells] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell:
            found.setdefault(column.meaning, []).append((column, cell))
    firsts = {meaning: cells_[0][1] for meaning, cells_ in found.items()}
    address, unused_parts = _read_address(found)
    return CsvRow(
        first_name=f"{firsts.get('first_name', '')} {firsts.get('middle_name', '')}".strip(),
        last_name=firsts.get("last_name", ""),
        names=tuple(firsts[meaning] for meaning in ("name", "organisation") if meaning in firsts),
        emails=_split_values(found.get("email", [])),
        phones=_split_values(found.get("mobile", []) + found.get("phone", [])),
        address=address,
        labels=firsts.get("labels", ""),
        metadata=firsts.get("metadata", ""),
        kept={column.header: cell for column, cell in (*_unused(found), *unused_parts)},
    )


def _split_values(cells: _Cells) -> tuple[str, ...]:
    """Every value of the cells, each once."""
    values = [value.strip() for _, cell in cells for value in cell.split(GOOGLE_SEPARATOR)]
    return tuple(dict.fromkeys(filter(None, values)))


def _read_address(found: dict[str, _Cells]) -> tuple[str, _Cells]:
    """The written address, else the lines of the first one that is in parts; and the parts left over."""
    parts = found.get("address_part", [])
    if "address" in found or not parts:
        return next((cell for _, cell in found.get("address", [])), ""), parts
    group = parts[0][0].group
    used = [(column, cell) for column, cell in parts if column.group == group]
    return "\n".join(_iter_address_lines(used)), [part for part in parts if part[0].group != group]


def _iter_address_lines(parts: _Cells) -> Iterable[str]:
    words = [(column.header.casefold(), cell) for column, cell in parts]
    country = [cell for header, cell in words if "country" in header]
    streets = [cell for header, cell in words if not header.endswith((*_TOWN_PARTS, "country"))]
    town = [cell for header, cell in words if header.endswith(_TOWN_PARTS) and "country" not in header]
    yield from filter(None, (*streets, " ".join(town), *country))


def _unused(found: dict[str, _Cells]) -> Iterable[tuple[Column, str]]:
    """What no field took: unknown columns, second columns for one field, a company beside a name."""
    for meaning, cells in found.items():
        if meaning in ("unknown", "organisation"):
            yield from cells
        elif meaning == "name":
            yield from cells[0 if _has_own_name(found) else 1 :]
        elif meaning not in ("email", "phone", "mobile", "address_part"):
            yield from cells[1:]


def _has_own_name(found: dict[str, _Cells]) -> bool:
    """Whether the name column says something else than the columns for its parts."""
    parts = [found[m][0][1] for m in ("first_name", "middle_name", "last_name") if m in found]
    return bool(parts) and found["name"][0][1] != " ".join(parts)
