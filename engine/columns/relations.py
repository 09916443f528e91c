"""chunk_by, group_by, kmerge and join over NumPy arrays and columns, eager and outside the GIL.

An array is one-dimensional, of bool, an integer, float32, float64, datetime64 or timedelta64. Strided,
byte-swapped and misaligned arrays are copied once; others are read in place, and must not be changed by
another thread meanwhile. A `Column` without nulls is read as the array that it is. NaN equals NaN, NaT
equals NaT, -0.0 equals 0.0; NaN and NaT sort last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import PlanError
from engine.kernels.columns import group, merge, runs
from engine.kernels.columns import join as _join
from engine.kernels.columns.arrays import is_array, ready_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.columns.column import Column

__all__ = [
    "Grouped",
    "Runs",
    "chunk_by",
    "group_by",
    "join",
    "kmerge",
    "kmerge_index",
]

_AGGREGATES = ("sum", "count", "min", "max", "mean", "first", "last")


class Runs(NamedTuple):
    """The runs of an array: `lengths[i]` elements from `starts[i]` on, both int64, equal `values[i]`."""

    starts: NDArray[Any]
    lengths: NDArray[Any]
    values: NDArray[Any]


def chunk_by(array: NDArray[Any] | Column) -> Runs:
    """The runs of consecutive equal elements, in order.

    Returns:
        Starts, lengths and values, one for each run; `values` holds each run's first element.

    Raises:
        TypeError: not a NumPy array, or of a type without a kernel.
        ValueError: not one-dimensional.

    Cost: O(n) time in two parallel passes; 16 bytes for each run.

    >>> import numpy
    >>> starts, lengths, values = chunk_by(numpy.array([7, 7, 7, 2, 7]))
    >>> starts.tolist(), lengths.tolist(), values.tolist()
    ([0, 3, 4], [3, 1, 1], [7, 2, 7])
    """
    ready = ready_array(array, "array")
    starts, lengths = runs.find_runs(ready)
    return Runs(starts, lengths, ready[starts])


class Grouped:
    """The rows of an array of keys in groups of equal keys; `group_by` makes it."""

    __slots__ = ("_firsts", "_ids", "keys")

    def __init__(self, keys: NDArray[Any] | Column) -> None:
        ready = ready_array(keys, "keys")
        self._ids, self._firsts = group.number_groups(ready)
        self.keys = ready[self._firsts]

    def __len__(self) -> int:
        return len(self._firsts)

    def __repr__(self) -> str:
        return f"Grouped({len(self._ids)} rows in {len(self)} groups of {self.keys.dtype})"

    def agg(self, **aggregates: tuple[NDArray[Any] | Column, str]) -> dict[str, NDArray[Any]]:
        """One array for each named aggregate, in the order of `keys`, and the keys under "key".

        Args:
            aggregates: `name=(values, how)`; `values` is as long as the keys were, `how` is one of:

                - sum: integers and bool in int64, unsigned in uint64, both wrapping around at 64 bits;
                  floats in float64, added in row order; timedelta64.
                - count: rows, int64, whatever the values.
                - mean: float64.
                - min, max: NaN or NaT if there is one, as in NumPy.
                - first, last: in row order.

        Raises:
            PlanError (ValueError): unknown aggregate, one named "key", or values of another length.
            TypeError: values without a kernel; a sum of datetime64; a mean of datetime64 or timedelta64.

        Cost: O(n) for each aggregate.

        >>> import numpy
        >>> prices = numpy.array([2.0, 3.0, 4.0])
        >>> totals = group_by(numpy.array([8, 5, 8])).agg(total=(prices, "sum"), least=(prices, "min"))
        >>> {name: column.tolist() for name, column in totals.items()}
        {'key': [8, 5], 'total': [6.0, 3.0], 'least': [2.0, 3.0]}
        """
        if "key" in aggregates:
            raise PlanError('an aggregate can not be named "key": that is the column of the keys')
        return {"key": self.keys} | {name: self._aggregate(name, *of) for name, of in aggregates.items()}

    def _aggregate(self, name: str, values: NDArray[Any] | Column, how: str) -> NDArray[Any]:
        import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

        ready = ready_array(values, f"values of {name!r}")
        if len(ready) != len(self._ids):
            raise PlanError(f"values of {name!r} must have {len(self._ids)} elements, got {len(ready)}")
        out = np.empty(len(self), _type_of(how, ready.dtype))
        group.aggregate(self._ids, self._firsts, ready, how, out)
        return out


def _type_of(how: str, dtype: Any) -> Any:
    if how not in _AGGREGATES:
        raise PlanError(f"aggregate must be one of {', '.join(_AGGREGATES)}, got {how!r}")
    if (how == "sum" and dtype.kind == "M") or (how == "mean" and dtype.kind in "Mm"):
        raise TypeError(f"there is no {how} of {dtype}; count, min, max, first and last are defined")
    if how == "sum" and dtype.kind != "m":
        return {"f": "f8", "u": "u8"}.get(dtype.kind, "i8")
    return {"count": "i8", "mean": "f8"}.get(how, dtype)


def group_by(keys: NDArray[Any] | Column) -> Grouped:
    """The rows in groups of equal keys, whether consecutive or not, in the order each key is first seen.

    Returns:
        A `Grouped`: `.keys`, and `.agg(name=(values, how), ...)`.

    Raises:
        TypeError: not a NumPy array, or of a type without a kernel.
        ValueError: not one-dimensional.

    Cost: O(n) time; 8 bytes for each row and at most 64 for each group.

    >>> import numpy
    >>> grouped = group_by(numpy.array([8, 5, 8]))
    >>> grouped
    Grouped(3 rows in 2 groups of int64)
    >>> grouped.keys.tolist()
    [8, 5]
    """
    return Grouped(keys)


def kmerge(
    *arrays: NDArray[Any] | Column, out: NDArray[Any] | None = None, check: bool = True
) -> NDArray[Any]:
    """One sorted array of all elements of sorted arrays of one type; stable: equal ones in input order.

    Args:
        arrays: at least one.
        out: an array to write to instead of a new one: contiguous, of the same type and exactly the total
            size, apart in memory from the inputs. It is also what is returned.
        check: look first whether each input is sorted, in one pass. Without it, unsorted input gives its
            own elements in an undefined order.

    Raises:
        NotSortedError (ValueError): names the input, counted from 0, and the position in it.
        TypeError: different types, or one without a kernel.
        PlanError (ValueError): no arrays, or an `out` that can not take the result.

    Cost: O(n log k) time, parallel from 64 K elements; a few hundred KB for each thread, and the result.

    >>> import numpy
    >>> kmerge(numpy.array([1, 4, 9]), numpy.array([2, 4]), numpy.array([0])).tolist()
    [0, 1, 2, 4, 4, 9]
    """
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    ready = _ready_inputs(arrays, check=check)
    size = sum(len(array) for array in ready)
    if out is None:
        out = np.empty(size, ready[0].dtype)
    else:
        _require_room(out, size, ready[0].dtype, arrays)
    merge.merge(ready, out)
    return out


def kmerge_index(*arrays: NDArray[Any] | Column, check: bool = True) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where each element of the merged order comes from: the number of its array and its position there.

    Takes what `kmerge` takes, and is how columns beside the keys are brought into the merged order.

    Returns:
        (which, position): int32 and int64, as long as all arrays together.

    Raises:
        NotSortedError, TypeError, PlanError: as `kmerge`.

    >>> import numpy
    >>> which, position = kmerge_index(numpy.array([1, 4]), numpy.array([1, 2]))
    >>> which.tolist(), position.tolist()
    ([0, 1, 1, 0], [0, 0, 1, 1])
    """
    return merge.merge_index(_ready_inputs(arrays, check=check))


def _ready_inputs(arrays: tuple[NDArray[Any] | Column, ...], *, check: bool) -> list[NDArray[Any]]:
    if not arrays:
        raise PlanError("kmerge must have at least one array, got none")
    ready = [ready_array(array, f"input {number}") for number, array in enumerate(arrays)]
    for number, array in enumerate(ready):
        if array.dtype != ready[0].dtype:
            raise TypeError(
                f"inputs must be of one type: input 0 is {ready[0].dtype}, input {number} is {array.dtype}"
            )
    if check:
        merge.require_sorted(ready)
    return ready


def _require_room(
    out: NDArray[Any], size: int, dtype: Any, arrays: tuple[NDArray[Any] | Column, ...]
) -> None:
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    if not is_array(out) or isinstance(out, np.ma.MaskedArray):
        raise TypeError(f"out must be a NumPy array, got {type(out).__name__}")
    if out.dtype != dtype or not out.dtype.isnative:
        raise TypeError(f"out must be of type {dtype}, got {out.dtype}")
    if out.shape != (size,):
        raise PlanError(f"out must have the shape ({size},), got {out.shape}")
    if not out.flags.carray:
        raise PlanError("out must be writeable, contiguous and aligned")
    for number, array in enumerate(arrays):
        if np.may_share_memory(out, np.asarray(array)):
            raise PlanError(f"out must not overlap an input, got memory of input {number}")


def join(
    left_keys: NDArray[Any] | Column, right_keys: NDArray[Any] | Column, how: str = "inner"
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The row numbers of a relational join of two arrays of keys, with full multiplicity.

    Pairs are in the order of the left rows; the matches of one left row are in the order of the right.

    Args:
        left_keys: keys of the left rows.
        right_keys: keys of the right rows, of the same family: whole numbers and bool of any width
            (compared by value), floats of any width, datetime64 or timedelta64 of one unit.
        how: inner; left, right and outer, which keep the unmatched rows of that side or both, unmatched
            right rows after all others; semi, each left row that has a match, with the first of them; anti,
            each left row that has none.

    Returns:
        (left_index, right_index): int64, -1 where a side is missing (for anti, everywhere on the right).

    Raises:
        TypeError: keys of different families, or of a type without a kernel.
        PlanError (ValueError): unknown `how`.

    Cost: O(left + right + result) time; 4 bytes for each left and right row, and a table of at most 64
    bytes for each right row.

    >>> import numpy
    >>> left, right = join(numpy.array([3, 1, 3]), numpy.array([3, 7, 3]), how="left")
    >>> left.tolist(), right.tolist()
    ([0, 0, 1, 2, 2], [0, 2, -1, 0, 2])
    """
    if how not in _join.KINDS:
        raise PlanError(f"how must be one of {', '.join(_join.KINDS)}, got {how!r}")
    left, right = ready_array(left_keys, "left keys"), ready_array(right_keys, "right keys")
    if _family(left.dtype) != _family(right.dtype):
        raise TypeError(f"keys must be of one family: left is {left.dtype}, right is {right.dtype}")
    return _join.join_rows(left, right, how)


def _family(dtype: Any) -> str:
    if dtype.kind in "Mm":
        return str(dtype)
    return "float" if dtype.kind == "f" else "whole"
