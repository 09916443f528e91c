"""Frame: columns of one length under names, in order, which never change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, overload

from engine.columns import display
from engine.columns.column import Column
from engine.columns.reading import read_arrow
from engine.columns.relational import Relational
from engine.columns.types import type_of
from engine.kernels.columns import column_arrow
from engine.kernels.columns.arrays import is_array
from engine.kernels.columns.column import ColumnMemory
from engine.kernels.objects.place import brief

__all__ = ["Frame"]


class Frame(Relational):
    """A table: a `Column` for each name. Iterating it gives the rows as dicts, as `Chain` reads it.

    Args:
        data: a mapping of columns (whatever `Column` takes), anything with Arrow capsules of a table, a
            structured NumPy array, or an iterable of dicts; a field that a dict lacks is missing there.
        dtypes: the types of some columns, where they are not to be told from the values.

    Raises:
        TypeError, ValueError: as `Column`, naming the column; columns of different lengths.

    Laziness: an iterable of dicts is read to its end; columns are not copied where `Column` does not.

    >>> frame = Frame({"name": ["Ada", "Kim"], "age": [36, None]})
    >>> frame
    Frame(2 rows; name: string, age: i64)
    >>> frame["age"].to_list(), list(frame[:1])
    ([36, None], [{'name': 'Ada', 'age': 36}])
    """

    __slots__ = ("__weakref__", "_columns", "_size")

    def __init__(self, data: Any, dtypes: Mapping[str, Any] | None = None) -> None:
        self._columns = _read_columns(data, dict(dtypes or {}))
        self._size = _require_one_length(self._columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(self._columns)

    @property
    def dtypes(self) -> dict[str, str]:
        """The name of each column's type."""
        return {name: column.dtype for name, column in self._columns.items()}

    def __len__(self) -> int:
        """The number of rows."""
        return self._size

    @overload
    def __getitem__(self, key: str) -> Column: ...
    @overload
    def __getitem__(self, key: slice) -> Frame: ...
    def __getitem__(self, key: str | slice) -> Column | Frame:
        """A column by its name, or some of the rows in place."""
        if isinstance(key, slice):
            return Frame({name: column[key] for name, column in self._columns.items()})
        if not isinstance(key, str):
            raise TypeError(f"a frame is asked for a name or a slice of rows, got {brief(key)}")
        if key not in self._columns:
            raise KeyError(f"column must be one of {', '.join(self._columns)}, got {key!r}")
        return self._columns[key]

    def select(self, *names: str) -> Frame:
        """The columns of these names, in this order, in place.

        >>> Frame({"a": [1], "b": [2]}).select("b").columns
        ('b',)
        """
        return Frame({name: self[name] for name in names})

    def to_dicts(self) -> Iterator[dict[str, Any]]:
        """The rows as dicts, made block by block as they are asked for."""
        names = tuple(self._columns)
        return (dict(zip(names, row, strict=True)) for row in zip(*self._columns.values(), strict=True))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.to_dicts()

    def equals(self, other: Frame) -> bool:
        """Whether another frame has equal columns under the same names in the same order."""
        return self.columns == other.columns and all(
            column.equals(other[name]) for name, column in self._columns.items()
        )

    def __arrow_c_schema__(self) -> Any:
        return column_arrow.schema_capsule(self._formats(), table=True)

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """A struct array, in place; another schema than the frame's own is not made on request."""
        return self.__arrow_c_schema__(), column_arrow.array_capsule(
            self._memories(), self._size, table=True
        )

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A stream of one batch, in place; another schema than the frame's own is not made on request."""
        return column_arrow.stream_capsule(self._formats(), self._memories(), self._size, table=True)

    def _formats(self) -> list[tuple[str, str]]:
        return [(name, type_of(column).arrow) for name, column in self._columns.items()]

    def _memories(self) -> list[ColumnMemory]:
        return list(self._columns.values())

    def __repr__(self) -> str:
        """What it is, never what is in it."""
        rows = "1 row" if self._size == 1 else f"{self._size} rows"
        kinds = ", ".join(f"{name}: {column.dtype}" for name, column in list(self._columns.items())[:8])
        return f"Frame({rows}; {kinds}{', …' if len(self._columns) > 8 else ''})"  # noqa: PLR2004 (one line)

    def _repr_html_(self) -> str:
        """The first and last rows as a table, for a notebook."""
        return display.render_table(self._columns, self._size)

    def __reduce__(self) -> tuple[Any, ...]:
        return Frame, (self._columns,)


def _read_columns(data: Any, dtypes: dict[str, Any]) -> dict[str, Column]:
    parts = _parts_of(data)
    if unknown := [name for name in dtypes if name not in parts]:
        raise ValueError(f"dtypes must name columns, got {brief(unknown[0])}")
    return {name: _column_of(name, values, dtypes.get(name)) for name, values in parts.items()}


def _parts_of(data: Any) -> Mapping[str, Any]:
    """What each column is to be made of."""
    if isinstance(data, Frame):
        return {name: data[name] for name in data.columns}
    if isinstance(data, Mapping):
        return _require_names(data)
    if is_array(data) and data.dtype.names:
        return {name: data[name] for name in data.dtype.names}
    if (read := read_arrow(data)) is not None:
        if isinstance(read, dict):
            return read
        raise TypeError(f"a frame must be made of a table, got a single column of {type_of(read)}")
    if isinstance(data, str | bytes) or is_array(data) or not isinstance(data, Iterable):
        raise TypeError(f"a frame must be made of a table, columns or dicts, got {brief(data)}")
    return _turned(data)


def _require_names(columns: Mapping[Any, Any]) -> Mapping[str, Any]:
    for name in columns:
        if not isinstance(name, str):
            raise TypeError(f"columns must have texts as names, got {brief(name)}")
    return columns


def _turned(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Dicts as lists of values by name, None where a dict has no such field."""
    parts: dict[str, list[Any]] = {}
    size = 0
    for size, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise TypeError(f"row {size - 1} must be a dict, got {brief(row)}")
        for name in row:
            if name not in parts:
                parts[name] = [None] * (size - 1)
        for name, values in parts.items():
            values.append(row.get(name))
    _require_names(parts)
    return parts


def _column_of(name: str, values: Any, dtype: Any) -> Column:
    if isinstance(values, Column) and dtype is None:
        return values
    try:
        return Column(values, dtype)
    except TypeError as error:
        raise TypeError(f"column {name!r}: {error}") from error
    except ValueError as error:
        raise ValueError(f"column {name!r}: {error}") from error


def _require_one_length(columns: dict[str, Column]) -> int:
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"columns must be equally long, got {brief(sizes)}")
    return next(iter(sizes.values()), 0)
