"""What an array must be to enter a column kernel, and the one copy that makes others so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXPECTED = "bool, int8 to int64, uint8 to uint64, float32, float64, datetime64 or timedelta64"
_ITEM_SIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (4, 8), "M": (8,), "m": (8,)}


def is_array(value: object) -> bool:
    """Whether a value is a NumPy array.

    Never imports NumPy: while no one else has, there can be no array.

    >>> import numpy
    >>> is_array(numpy.arange(3)), is_array([0, 1, 2])
    (True, False)
    """
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def is_column(value: object) -> bool:
    """Whether a value is a NumPy array or a `Column`, and so goes to the column kernels; loads neither.

    >>> from engine import Column
    >>> is_column(Column([1, 2])), is_column([1, 2])
    (True, False)
    """
    column = sys.modules.get("engine.columns.column")
    return is_array(value) or (column is not None and isinstance(value, column.Column))


def is_frame(value: object) -> bool:
    """Whether a value is a `Frame`; does not load it: while no one has, there can be none."""
    frame = sys.modules.get("engine.columns.frame")
    return frame is not None and isinstance(value, frame.Frame)


def ready_array(value: object, name: str) -> NDArray[Any]:
    """The array itself if it is contiguous, aligned and in native byte order, otherwise a copy that is.

    Raises:
        TypeError: `value` is no array and no column, is masked, or has a type no kernel knows.
        ValueError: it has not exactly one dimension, or has nulls.
    """
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    if is_column(value) and not is_array(value):
        value = _array_of_column(value, name)
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(value).__name__}")
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a NumPy array without a mask, got MaskedArray")
    if value.itemsize not in _ITEM_SIZES.get(value.dtype.kind, ()):
        raise TypeError(f"{name} must be of type {_EXPECTED}, got {value.dtype}")
    if value.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got {value.ndim}")
    return np.require(value, value.dtype.newbyteorder("="), ["C", "A", "E"])


def _array_of_column(column: Any, name: str) -> NDArray[Any]:
    """The values of a column in place; text has no kernel and is refused before it is copied."""
    if column.kind == "s":
        raise TypeError(f"{name} must be of type {_EXPECTED}, got {column.dtype}")
    if column.null_count:
        raise ValueError(f"{name} must have no nulls, got {column.null_count}")
    return column.to_numpy()  # type: ignore[no-any-return]  # a column, known by its class alone
