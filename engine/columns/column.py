"""Column: typed values in Arrow's memory layout, read-only, some of them perhaps missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from engine.columns import display, strings
from engine.columns.reading import memory_of_list, read_column
from engine.columns.times import datetimes_of
from engine.columns.types import ColumnType, type_of
from engine.kernels.columns import column_arrow, column_dlpack
from engine.kernels.columns.column import ColumnMemory, concatenated
from engine.kernels.columns.column_values import values_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Column"]

# Values are turned into Python objects by blocks: fast, and flat in memory.
_BLOCK = 4096


class Column(ColumnMemory):
    """Values of one type in memory that other libraries read without a copy, and that never changes.

    Made of anything with Arrow capsules (pyarrow, polars, pandas), a NumPy array, a buffer (bytes,
    array.array, memoryview), a DLPack tensor on the CPU, or an iterable of Python values. A value may be
    missing: None in Python, a null in Arrow, NaT or masked in NumPy. NaN is a value like any other.

    Args:
        values: what it is made of. Copied are: arrays with strides, in the other byte order or misaligned;
            bool that is not in bits; string views; several batches of a stream; Python values. All else is
            read where it lies, kept alive, and must not be changed by those who can.
        dtype: bool, i8 to i64, u8 to u64, f32, f64, string, timestamp[us] or timestamp[us, UTC] (of s, ms,
            us or ns), or int, float, bool, str, datetime. Without it values tell their type: all of them
            must agree, but whole numbers may stand among floats.

    Raises:
        TypeError: values of a type that no column has, or of another than `dtype`. Rows are named.
        ValueError: values that do not fit, more than one dimension, or an Arrow capsule already read.

    Text is taken from other libraries as it is: bytes that are not UTF-8 are an error when they are read.

    >>> column = Column([1, None, 3])
    >>> column
    Column(i64, 3 values, 1 null)
    >>> column.to_list(), column[0], column[1:].to_list()
    ([1, None, 3], 1, [None, 3])
    """

    __slots__ = ()

    def __init__(self, values: Any, dtype: Any = None) -> None:
        self.adopt(read_column(values, dtype))

    @property
    def dtype(self) -> str:
        """The name of the type: "i64", "string", "timestamp[us, UTC]"."""
        return str(type_of(self))

    @overload
    def __getitem__(self, index: slice) -> Column: ...
    @overload
    def __getitem__(self, index: SupportsIndex) -> Any: ...
    def __getitem__(self, index: Any) -> Any:
        """One value, or a part in place: a slice copies nothing."""
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                raise ValueError(f"the step of a slice must be 1, got {step}")
            return self.between(start, max(start, stop))
        row = index.__index__()
        if not -len(self) <= row < len(self):
            raise IndexError(f"row must be within -{len(self)} to {len(self) - 1}, got {row}")
        row %= len(self)
        return self._values(row, row + 1)[0]

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self), _BLOCK):
            yield from self._values(start, min(start + _BLOCK, len(self)))

    def to_list(self) -> list[Any]:
        """All values as Python objects, None where one is missing.

        Raises:
            ValueError: text that is not UTF-8, or a timestamp that no datetime can hold; names the row.
        """
        return self._values(0, len(self))

    def _values(self, start: int, stop: int) -> list[Any]:
        values = values_of(self, start, stop)
        return datetimes_of(values, type_of(self), start) if self.kind == "M" else values

    # Texts, in the words of `str`, of expressions, and of `strings`, where they are described.
    strip = strings.strip
    lstrip = strings.lstrip
    rstrip = strings.rstrip
    lower = strings.lower
    upper = strings.upper
    casefold = strings.casefold
    strip_lower = strings.strip_lower
    replace = strings.replace
    removeprefix = strings.removeprefix
    removesuffix = strings.removesuffix
    substring = strings.substring
    digits = strings.digits
    split = strings.split
    startswith = strings.startswith
    endswith = strings.endswith
    contains = strings.contains
    isdigit = strings.isdigit
    find = strings.find
    length = strings.length
    byte_length = strings.byte_length
    is_in = strings.is_in

    def is_null(self) -> Column:
        """A bool for each value: whether it is missing.

        >>> Column([1.0, None, float("nan")]).is_null().to_list()
        [False, True, False]
        """
        return Column(self.nulls())

    def equals(self, other: Column) -> bool:
        """Whether another column has the same type and values, the same ones missing; NaN equals NaN."""
        return self.dtype == other.dtype and self.same(other)

    def to_numpy(self, *, copy: bool | None = None, missing: str = "error") -> NDArray[Any]:
        """The values as an array, in place where that can be: of numbers and timestamps that are all there.

        Timestamps are datetime64 in UTC, without their zone; text is an array of str objects.

        Args:
            copy: None copies only where it must, what is not copied is read-only; True always; False never.
            missing: what becomes of missing values: "error"; "mask", a masked array; "nan", NaN or NaT.

        Raises:
            ValueError: values are missing and `missing` is "error"; a copy is needed and `copy` is False.

        >>> Column([1.5, None]).to_numpy(missing="nan").tolist()
        [1.5, nan]
        """
        from engine.columns import arrays  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

        return arrays.array_of(self, copy=copy, missing=missing)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:  # noqa: FBT001 (NumPy's protocol)
        from engine.columns import arrays  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

        return arrays.array_as(self, dtype, copy=copy)

    def __arrow_c_schema__(self) -> Any:
        return column_arrow.schema_capsule([("", type_of(self).arrow)], table=False)

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """Arrow's capsules, in place; another schema than the column's own is not made on request."""
        return self.__arrow_c_schema__(), column_arrow.array_capsule([self], len(self), table=False)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A stream of one batch, in place; another schema than the column's own is not made on request."""
        return column_arrow.stream_capsule([("", type_of(self).arrow)], [self], len(self), table=False)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[Any, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """A read-only tensor, in place.

        Raises:
            BufferError: values are missing, are no numbers, or would have to leave the CPU; or the consumer
                knows no version of DLPack that can say "read-only", and does not ask for a copy.
        """
        _require_tensor(self, stream, dl_device)
        versioned = max_version is not None and max_version[0] >= 1
        if copy:
            own = concatenated([self.bare()])
            return column_dlpack.tensor_capsule(own, versioned=versioned, copied=True)
        if not versioned:
            raise BufferError(
                "DLPack before version 1 can not say read-only; ask for max_version=(1, 0) or a copy"
            )
        return column_dlpack.tensor_capsule(self, versioned=True, copied=False)

    def __repr__(self) -> str:
        """What it is, never what is in it."""
        values = "1 value" if len(self) == 1 else f"{len(self)} values"
        nulls = {0: "", 1: ", 1 null"}.get(self.null_count, f", {self.null_count} nulls")
        return f"Column({self.dtype}, {values}{nulls})"

    def _repr_html_(self) -> str:
        """The first and last values as a table, for a notebook."""
        return display.render_table({"value": self}, len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (values_of(self, 0, len(self)), tuple(type_of(self)))


def _restore(values: list[Any], kind: tuple[Any, ...]) -> Column:
    full = ColumnType(*kind)
    if full.kind != "M":
        return Column(memory_of_list(values, full))
    return Column(memory_of_list(values, ColumnType("i", 8)).as_times(full.unit, full.zone))


def _require_tensor(column: Column, stream: Any, device: tuple[Any, int] | None) -> None:
    if column.kind not in "iuf":
        raise BufferError(f"a tensor must hold numbers, got {column.dtype}")
    if column.null_count:
        raise BufferError(f"a tensor can not hold nulls, and the column has {column.null_count}")
    if stream is not None or (device is not None and tuple(device) != (1, 0)):
        raise BufferError(f"a tensor of a column must stay on the CPU, got {device or stream!r}")
