"""What aggregates are made of: folds of the values of each group or run, counts of those that are there."""

from __future__ import annotations

from typing import Any, Protocol

from engine.columns.column import Column
from engine.columns.keys import array_of_memory, column_like, column_of_texts, ready_key, ready_values
from engine.columns.text_keys import ranks_of
from engine.errors import PlanError
from engine.kernels.columns.column import ColumnMemory
from engine.kernels.columns.group import divided, with_least
from engine.kernels.columns.take import take_rows

__all__ = ["AGGREGATES", "Parts", "aggregated"]

_FOLDS = {"sum": "sum", "min": "least", "max": "greatest", "non_null": "present"}
_EXTREMES = ("min", "max")
# What is divided by how many values there are, less so many.
_DEGREES = {"mean": 0, "var": 1, "std": 1}
AGGREGATES = ("sum", "count", "non_null", "min", "max", "mean", "var", "std", "first", "last")


class Parts(Protocol):
    """Rows in groups, or in runs."""

    size: int

    def counts(self) -> ColumnMemory: ...
    def firsts(self) -> ColumnMemory: ...
    def lasts(self) -> ColumnMemory: ...
    def fold(self, values: Any, how: str, means: ColumnMemory | None = None) -> ColumnMemory: ...


def aggregated(parts: Parts, name: str, values: Any, how: str) -> Any:
    """One value for each part: a column of columns, an array of arrays."""
    if how not in AGGREGATES:
        raise PlanError(f"aggregate must be one of {', '.join(AGGREGATES)}, got {how!r}")
    if isinstance(values, Column):
        _require_size(parts, values, name)
        return _of_column(parts, name, values, how)
    ready = ready_values(values, f"values of {name!r}")
    _require_size(parts, ready, name)
    return _of_array(parts, ready, how)


def _require_size(parts: Parts, values: Any, name: str) -> None:
    if len(values) != parts.size:
        raise PlanError(f"values of {name!r} must have {parts.size} elements, got {len(values)}")


def _of_column(parts: Parts, name: str, values: Column, how: str) -> Column:
    if how == "count":
        return Column(parts.counts())
    if how in ("first", "last"):
        return Column(take_rows(values, parts.firsts() if how == "first" else parts.lasts()))
    _require_meaning(how, values.kind, values.dtype)
    if how == "non_null":
        return Column(parts.fold(ready_key(values, f"values of {name!r}"), "present"))
    if values.kind == "s" and how in _EXTREMES:
        ranks, texts = ranks_of(values)
        return column_of_texts(_extremes(parts, ranks, how), texts)
    ready = ready_values(values, f"values of {name!r}")
    if how in _DEGREES:
        return Column(_divided(parts, ready, how))
    made = _extremes(parts, ready, how) if how in _EXTREMES else parts.fold(ready, _FOLDS[how])
    return column_like(made, values)


def _extremes(parts: Parts, values: ColumnMemory, how: str) -> ColumnMemory:
    made = parts.fold(values, _FOLDS[how])
    if values.null_count:
        return with_least(made, parts.fold(values, "present"), 1)
    return made


def _of_array(parts: Parts, values: Any, how: str) -> Any:
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    if how in ("first", "last"):
        return values[np.asarray(Column(parts.firsts() if how == "first" else parts.lasts()))]
    _require_meaning(how, values.dtype.kind, values.dtype)
    if how == "count":
        return array_of_memory(parts.counts(), "i8").copy()
    if how in _DEGREES:
        return array_of_memory(_divided(parts, values, how), "f8")
    return array_of_memory(parts.fold(values, _FOLDS[how]), _type_of(how, values.dtype))


def _divided(parts: Parts, values: Any, how: str) -> ColumnMemory:
    present = parts.fold(values, "present")
    means = divided(parts.fold(values, "total"), present)
    if how == "mean":
        return with_least(means, present, 1)
    squares = divided(parts.fold(values, "squares", means), present, _DEGREES[how], how == "std")
    return with_least(squares, present, 2)


def _require_meaning(how: str, kind: str, dtype: Any) -> None:
    if (how == "sum" and kind == "M") or (how in _DEGREES and kind in "Mm"):
        raise TypeError(f"there is no {how} of {dtype}; count, min, max, first and last are defined")


def _type_of(how: str, dtype: Any) -> Any:
    if how == "non_null":
        return "i8"
    if how == "sum" and dtype.kind != "m":
        return {"f": "f8", "u": "u8"}.get(dtype.kind, "i8")
    return dtype
