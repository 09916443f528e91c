"""chunk_by, group_by, kmerge and join over NumPy arrays and columns, eager and outside the GIL.

An array is one-dimensional, of bool, an integer, float32, float64, datetime64 or timedelta64. Strided,
byte-swapped and misaligned arrays are copied once; others are read in place, and must not be changed by
another thread meanwhile. Of columns the results are columns. NaN equals NaN, NaT equals NaT, -0.0 equals
0.0; NaN and NaT sort last, what is missing after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from engine.columns.column import Column
from engine.columns.folding import aggregated
from engine.columns.keys import (
    array_of_memory,
    column_like,
    column_of_texts,
    is_same_type,
    ready_inputs,
    ready_key,
    ready_sides,
)
from engine.errors import PlanError
from engine.kernels.columns import group, merge, runs
from engine.kernels.columns import join as _join
from engine.kernels.columns.arrays import is_array, ready_array
from engine.kernels.columns.column import ColumnMemory, writable
from engine.kernels.columns.group import with_least
from engine.kernels.columns.take import take_rows, with_missing_end

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Grouped",
    "Runs",
    "chunk_by",
    "group_by",
    "join",
    "kmerge",
    "kmerge_index",
]


class Runs(NamedTuple):
    """The runs of an array: `lengths[i]` elements from `starts[i]` on, both int64, equal `values[i]`.

    Of a column, three columns.
    """

    starts: Any
    lengths: Any
    values: Any

    def agg(self, **aggregates: tuple[NDArray[Any] | Column, str]) -> dict[str, Any]:
        """One array or column for each named aggregate, run by run, and the keys under "key".

        Args:
            aggregates: as in `Grouped.agg`; floats are added in an order that the lengths of the runs
                decide, whatever the number of threads.

        Raises:
            PlanError, TypeError: as `Grouped.agg`.

        Cost: O(n) for each aggregate, parallel.

        >>> import numpy
        >>> runs = chunk_by(numpy.array([7, 7, 2, 7]))
        >>> runs.agg(total=(numpy.array([1.0, 2.0, 3.0, 4.0]), "sum"))["total"].tolist()
        [3.0, 3.0, 4.0]
        """
        return _aggregates(_RunParts(self), self.values, aggregates)


class _RunParts:
    """As `folding.Parts`."""

    def __init__(self, found: Runs) -> None:
        self._starts, self._lengths = (
            part if isinstance(part, Column) else Column(ready_array(part, "starts")) for part in found[:2]
        )
        self.size = self._starts[-1] + self._lengths[-1] if len(self._starts) else 0

    def counts(self) -> ColumnMemory:
        return self._lengths

    def firsts(self) -> ColumnMemory:
        return self._starts

    def lasts(self) -> ColumnMemory:
        return runs.last_rows(self._starts, self.size)

    def fold(self, values: Any, how: str, means: ColumnMemory | None = None) -> ColumnMemory:
        return runs.fold_runs(self._starts, values, how, means)


def _aggregates(parts: Any, keys: Any, aggregates: dict[str, tuple[Any, str]]) -> dict[str, Any]:
    if "key" in aggregates:
        raise PlanError('an aggregate can not be named "key": that is the column of the keys')
    return {"key": keys} | {name: aggregated(parts, name, *of) for name, of in aggregates.items()}


def chunk_by(array: NDArray[Any] | Column) -> Runs:
    """The runs of consecutive equal elements, in order; missing values beside each other are one run.

    Returns:
        Starts, lengths and values, one for each run; `values` holds each run's first element.

    Raises:
        TypeError: neither a NumPy array nor a column, or of a type without a kernel.
        ValueError: not one-dimensional.

    Cost: O(n) time, parallel; a bit for each element, 16 bytes for each run.

    >>> import numpy
    >>> starts, lengths, values = chunk_by(numpy.array([7, 7, 7, 2, 7]))
    >>> starts.tolist(), lengths.tolist(), values.tolist()
    ([0, 3, 4], [3, 1, 1], [7, 2, 7])
    """
    ready = ready_key(array, "array")
    starts, lengths = runs.find_runs(ready)
    if isinstance(array, Column):
        return Runs(Column(starts), Column(lengths), Column(take_rows(array, starts)))
    rows = array_of_memory(starts, "i8")
    return Runs(rows, array_of_memory(lengths, "i8"), ready[rows])


class Grouped:
    """The rows of an array or column of keys in groups of equal keys; `group_by` makes it."""

    __slots__ = ("_parts", "keys")

    def __init__(self, keys: NDArray[Any] | Column) -> None:
        ready = ready_key(keys, "keys")
        self._parts = GroupParts(*group.number_groups(ready))
        self.keys: Any
        if isinstance(keys, Column):
            self.keys = Column(take_rows(keys, self._parts.firsts()))
        else:
            self.keys = ready[array_of_memory(self._parts.firsts(), "i8")]

    def __len__(self) -> int:
        return len(self.keys)

    def __repr__(self) -> str:
        return f"Grouped({self._parts.size} rows in {len(self)} groups of {self.keys.dtype})"

    def agg(self, **aggregates: tuple[NDArray[Any] | Column, str]) -> dict[str, Any]:
        """One array or column for each named aggregate, in the order of `keys`, and the keys under "key".

        Args:
            aggregates: `name=(values, how)`; `values` is as long as the keys were, `how` is one of:

                - sum: integers and bool in int64, unsigned in uint64, both wrapping around at 64 bits;
                  floats in float64, added in row order; timedelta64. Of nothing it is 0.
                - count: rows, int64, whatever the values; non_null: those whose value is there.
                - mean: float64; var, std: of a sample, over n - 1.
                - min, max: NaN or NaT if there is one, as in NumPy; of texts by code points.
                - first, last: in row order, missing or not.

                Other than these two pass over missing values; what has none to go by is missing.

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
        return _aggregates(self._parts, self.keys, aggregates)


class GroupParts:
    """As `folding.Parts`: the number of each row's group, and the first row of each group."""

    def __init__(self, ids: ColumnMemory, firsts: ColumnMemory) -> None:
        self._ids, self._firsts = ids, firsts
        self.size = len(ids)

    def counts(self) -> ColumnMemory:
        return group.count_groups(self._ids, len(self._firsts))

    def firsts(self) -> ColumnMemory:
        return self._firsts

    def lasts(self) -> ColumnMemory:
        return group.find_lasts(self._ids, len(self._firsts))

    def fold(self, values: Any, how: str, means: ColumnMemory | None = None) -> ColumnMemory:
        return group.fold_groups(self._ids, len(self._firsts), values, how, means)


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


def kmerge(*arrays: NDArray[Any] | Column, out: NDArray[Any] | None = None, check: bool = True) -> Any:
    """One sorted array of all elements of sorted arrays of one type; stable: equal ones in input order.

    Of columns a column, texts by code points. What is missing stands at the end, of inputs and result.

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
    ready, texts = _ready_inputs(arrays, check=check)
    if out is None and not any(map(is_array, arrays)):
        made, first = _merged_columns(ready), Column(arrays[0])
        return column_like(made, first) if texts is None else column_of_texts(made, texts)
    size = sum(len(array) for array in ready)
    if out is None:
        import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

        out = np.empty(size, ready[0].dtype)
    else:
        ready = [ready_array(array, f"input {number}") for number, array in enumerate(arrays)]
        _require_room(out, size, ready[0].dtype, arrays)
    merge.merge(ready, out)
    return out


def _merged_columns(ready: list[Any]) -> ColumnMemory:
    present = [part.between(0, len(part) - part.null_count) for part in ready]
    made = merge.new_output(ready[0], sum(map(len, ready)))
    merge.merge(present, made)
    size = sum(map(len, present))
    if size == len(made):
        return made
    memoryview(writable(made))[size * made.item_size :] = bytes((len(made) - size) * made.item_size)
    return with_missing_end(made, size)


def kmerge_index(*arrays: NDArray[Any] | Column, check: bool = True) -> tuple[Any, Any]:
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
    ready, _ = _ready_inputs(arrays, check=check)
    which, position = merge.merge_index(ready)
    if any(map(is_array, arrays)):
        return array_of_memory(which, "i4"), array_of_memory(position, "i8")
    return Column(which), Column(position)


def _ready_inputs(
    arrays: tuple[NDArray[Any] | Column, ...], *, check: bool
) -> tuple[list[Any], Column | None]:
    if not arrays:
        raise PlanError("kmerge must have at least one array, got none")
    ready: list[Any]
    texts = None
    columns = [array for array in arrays if isinstance(array, Column)]
    if len(columns) == len(arrays):
        _require_one_type(columns, arrays)
        ready, texts = ready_inputs(columns)
    else:
        ready = [ready_array(array, f"input {number}") for number, array in enumerate(arrays)]
        _require_one_type(ready, arrays)
    if check:
        merge.require_sorted(ready, None if texts is None else arrays)
    return ready, texts


def _require_one_type(ready: list[Any], arrays: tuple[NDArray[Any] | Column, ...]) -> None:
    for number, array in enumerate(arrays):
        if not is_same_type(ready[number], ready[0]):
            raise TypeError(
                f"inputs must be of one type: input 0 is {arrays[0].dtype}, input {number} is {array.dtype}"
            )


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
) -> tuple[Any, Any]:
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
        (left_index, right_index): int64, -1 where a side is missing (for anti, everywhere on the right). Of
            columns two columns, missing there. A missing key matches nothing.

    Raises:
        TypeError: keys of different families, or of a type without a kernel.
        PlanError (ValueError): unknown `how`.

    Cost: O(left + right + result) time; 4 bytes for each left and right row. Where keys are not dense and
        the right side has 32 K rows or more, 17 bytes more for each of those, and for the left rows taken
        at once: 4 M, or four times the right ones.

    >>> import numpy
    >>> left, right = join(numpy.array([3, 1, 3]), numpy.array([3, 7, 3]), how="left")
    >>> left.tolist(), right.tolist()
    ([0, 0, 1, 2, 2], [0, 2, -1, 0, 2])
    """
    if how not in _join.KINDS:
        raise PlanError(f"how must be one of {', '.join(_join.KINDS)}, got {how!r}")
    if isinstance(left_keys, Column) and isinstance(right_keys, Column):
        left_rows, right_rows = _join.join_rows(*ready_sides(left_keys, right_keys), how)
        return Column(with_least(left_rows, left_rows, 0)), Column(with_least(right_rows, right_rows, 0))
    left, right = ready_array(left_keys, "left keys"), ready_array(right_keys, "right keys")
    if _family(left.dtype) != _family(right.dtype):
        raise TypeError(f"keys must be of one family: left is {left.dtype}, right is {right.dtype}")
    left_rows, right_rows = _join.join_rows(left, right, how)
    return array_of_memory(left_rows, "i8"), array_of_memory(right_rows, "i8")


def _family(dtype: Any) -> str:
    if dtype.kind in "Mm":
        return str(dtype)
    return "float" if dtype.kind == "f" else "whole"
