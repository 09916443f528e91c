"""Columns as NumPy arrays; the one module of columns that loads NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns.types import type_of
from engine.errors import PlanError
from engine.kernels.columns.column import ColumnMemory
from engine.kernels.columns.column_values import values_of

__all__ = ["array_as", "array_of"]

_MISSING = ("error", "mask", "nan")


def array_of(column: ColumnMemory, *, copy: bool | None, missing: str) -> NDArray[Any]:
    """As `Column.to_numpy` promises."""
    if missing not in _MISSING:
        raise PlanError(f"missing must be one of {', '.join(_MISSING)}, got {missing!r}")
    if column.null_count == 0:
        return _whole_array(column, copy=copy)
    if missing == "error":
        raise ValueError(
            f"an array can not hold nulls, and the column has {column.null_count}; see missing="
        )
    if copy is False and (missing == "nan" or column.kind in "bs"):
        raise ValueError(f"copy must not be False for {type_of(column)} with nulls")
    return _masked(column, copy=copy) if missing == "mask" else _with_nan(column)


def array_as(column: ColumnMemory, dtype: Any, *, copy: bool | None) -> NDArray[Any]:
    """As `__array__` must: of another type if one is asked for."""
    if dtype is None or np.dtype(dtype) == np.dtype(type_of(column).numpy):
        return array_of(column, copy=copy, missing="error")
    if copy is False:
        raise ValueError(f"copy must not be False for {type_of(column)} as {np.dtype(dtype)}")
    return array_of(column, copy=None, missing="error").astype(dtype)


def _whole_array(column: ColumnMemory, *, copy: bool | None) -> NDArray[Any]:
    if column.kind in "bs":
        if copy is False:
            raise ValueError(
                f"copy must not be False for {type_of(column)}, which NumPy holds in another form"
            )
        return _texts(column) if column.kind == "s" else _bare(column).copy()
    return _bare(column).copy() if copy else _bare(column)


def _bare(column: ColumnMemory) -> NDArray[Any]:
    """The values in place, whatever lies where one is missing; of bool a copy."""
    return np.asarray(memoryview(column.bare())).view(type_of(column).numpy)


def _texts(column: ColumnMemory) -> NDArray[Any]:
    array = np.empty(len(column), object)
    array[:] = values_of(column, 0, len(column))
    return array


def _masked(column: ColumnMemory, *, copy: bool | None) -> NDArray[Any]:
    values = _texts(column) if column.kind == "s" else _bare(column)
    return np.ma.MaskedArray(values, _bare(column.nulls()), copy=bool(copy))


def _with_nan(column: ColumnMemory) -> NDArray[Any]:
    if column.kind not in "fM":
        raise ValueError(f"there is no NaN in {type_of(column)}; use missing='mask'")
    array = _bare(column).copy()
    array[_bare(column.nulls())] = np.nan if column.kind == "f" else np.datetime64("NaT")
    return array
