"""evaluate: an expression over columns, arrays or a frame, in one pass over blocks, on all threads."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, overload

from engine.aggregates import Aggregate
from engine.columns.column import Column
from engine.columns.compiling import Compiled, Input, compiled, name_of, names_of
from engine.columns.faults import raise_fault
from engine.columns.reading import read_arrow
from engine.columns.sameness import sameness_of
from engine.columns.times import datetimes_of
from engine.columns.types import ColumnType, type_of
from engine.columns.wording import Step, Wording
from engine.errors import PlanError
from engine.expr import Expr, node_of
from engine.kernels.columns.arrays import is_array, is_frame
from engine.kernels.columns.column import ColumnMemory
from engine.kernels.columns.evaluation import Space, address_of, is_nullable, result_memory
from engine.kernels.objects.place import brief
from engine.nodes import Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["evaluate"]

# A frame, or a mapping of names; a frame is known by its class alone, since it is made of what is here.
Data: TypeAlias = Any

# Expressions whose programs are kept, and of those that were met, by identity, which had which.
_MOST_KEPT = 256


class _Kept:
    """An expression with its programs by the types of columns."""

    def __init__(self, asked: Node | Aggregate, condition: Node | None) -> None:
        self.asked, self.condition = asked, condition
        root = self.asked.of if isinstance(self.asked, Aggregate) else self.asked
        self.names = names_of(root)
        if self.condition is not None:
            self.names += [name for name in names_of(self.condition) if name not in self.names]
        self.programs: dict[tuple[Any, ...], Compiled | _Worded] = {}


class _Worded(NamedTuple):
    """What is done with texts, and what is computed then; or the column of texts that is the result."""

    steps: list[Step]
    rest: _Kept | None
    text: str | None


class _Met(NamedTuple):
    """What an expression had; it is held, so that its identity stays its own."""

    kept: _Kept
    expression: Expr | Aggregate
    where: Expr | None


_met: OrderedDict[tuple[int, int], _Met] = OrderedDict()
_kept: OrderedDict[Hashable, _Kept] = OrderedDict()


@overload
def evaluate(expression: Aggregate, data: Data, *, where: Expr | None = None) -> Any: ...
@overload
def evaluate(expression: Expr, data: Data, *, out: NDArray[Any]) -> NDArray[Any]: ...
@overload
def evaluate(expression: Expr, data: Data) -> Any: ...
def evaluate(
    expression: Expr | Aggregate, data: Data, *, where: Expr | None = None, out: Any = None
) -> Any:
    """The values of an expression for all rows, or one Python value of an aggregate such as `it.a.sum()`.

    Whole numbers are exact or an error; floats are IEEE 754's, so a division by 0.0 gives an infinity; what
    is missing makes missing, but for `&` and `|`, which answer where one side decides. Aggregates skip what
    is missing; sums are the same for any number of threads.

    Args:
        expression: what is computed of each row, or an aggregate of it.
        data: a frame, or names with columns and arrays. Only the named ones are read.
        where: a bool for each row, for an aggregate: only rows where it is true count.
        out: an array for the result, of exactly its type and length.

    Returns:
        An array if all that is read is arrays, otherwise a Column; texts are always a Column.

    Raises:
        KeyError: a column that is not there.
        TypeError: types that the expression can not take; the message has the part at fault.
        ValueError: columns of different lengths.
        OverflowError, ZeroDivisionError: a whole number does not fit, a division by zero; names the row.

    Cost: one pass, in parallel from 64 K rows on, after one for each thing done with texts; a program is
        compiled once for all equal expressions.

    >>> from engine import Frame, it
    >>> frame = Frame({"price": [2.5, None, 4.0], "quantity": [4, 5, 6]})
    >>> evaluate(it.price * it.quantity, frame).to_list()
    [10.0, None, 24.0]
    >>> evaluate((it.price * it.quantity).sum(), frame, where=it.quantity > 4)
    24.0
    """
    met = _met.get((id(expression), id(where))) or _meet(expression, where)
    kept = met.kept
    if where is not None and not isinstance(expression, Aggregate):
        raise PlanError(f"where needs an aggregate, got {expression!r:.200}; filter the rows instead")
    return _evaluated(kept, data, out)


def _evaluated(kept: _Kept, data: Data, out: Any) -> Any:
    inputs, signature, rows = _read(kept.names, data)
    program = kept.programs.get(signature)
    if program is None:
        program = kept.programs[signature] = _compiled(kept, inputs)
    if isinstance(program, _Worded):
        return _evaluated_words(program, dict(zip(kept.names, inputs, strict=True)), out)
    if program.how is not None:
        if out is not None:
            raise PlanError(f"out must be None for an aggregate, got {brief(out)}")
        return _answer(program, _run(program, inputs, rows), rows)
    if program.as_array:
        return _into_array(program, inputs, rows, out)
    if out is not None:
        raise PlanError("out must be None unless every column is an array")
    return _into_column(program, inputs, rows)


def _evaluated_words(worded: _Worded, columns: dict[str, Any], out: Any) -> Any:
    for step in worded.steps:
        step.add_to(columns)
    if worded.rest is not None:
        return _evaluated(worded.rest, columns, out)
    if out is not None:
        raise PlanError("out must be None where texts are asked for")
    return Column(columns[worded.text])  # type: ignore[index]  # a column of texts


def _meet(expression: Expr | Aggregate, where: Expr | None) -> _Met:
    if not isinstance(expression, Expr | Aggregate):
        raise TypeError(f"expression must be made of `it`, got {brief(expression)}")
    if where is not None and not isinstance(where, Expr):
        raise TypeError(f"where must be made of `it`, got {brief(where)}")
    asked = expression if isinstance(expression, Aggregate) else node_of(expression)
    kept = _keep(asked, None if where is None else node_of(where))
    if not kept.names:
        raise PlanError(f"an expression must name a column, got {expression!r:.200}")
    met = _met[id(expression), id(where)] = _Met(kept, expression, where)
    while len(_met) > _MOST_KEPT:
        _met.popitem(last=False)
    return met


def _keep(asked: Node | Aggregate, condition: Node | None) -> _Kept:
    """What is kept for an expression that does the same, or what is to be."""
    how, root = (asked.how, asked.of) if isinstance(asked, Aggregate) else (None, asked)
    key = (how, sameness_of(root), condition and sameness_of(condition))
    if key[1] is None or (condition is not None and key[2] is None):
        return _Kept(asked, condition)
    kept = _kept.get(key)
    if kept is None:
        kept = _kept[key] = _Kept(asked, condition)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return kept


def _read(names: list[str], data: Any) -> tuple[list[Any], tuple[Any, ...], int]:
    """The columns, what tells their types apart, and their length."""
    if not (isinstance(data, Mapping) or is_frame(data)):
        data = _mapped(data)
    inputs: list[Any] = []
    signature: list[Any] = []
    for name in names:
        try:
            value = data[name]
        except KeyError:
            known = ", ".join(data.columns if is_frame(data) else data)
            raise KeyError(f"column must be one of {known}, got {name!r}") from None
        ready, key = _ready(name, value)
        inputs.append(ready)
        signature.append(key)
    rows = len(inputs[0])
    if any([len(value) != rows for value in inputs]):  # noqa: C419 (a list is faster for the few that there are)
        lengths = {name: len(value) for name, value in zip(names, inputs, strict=True)}
        raise ValueError(f"columns must be equally long, got {brief(lengths)}")
    return inputs, tuple(signature), rows


def _mapped(data: Any) -> Mapping[str, Any]:
    read = read_arrow(data)
    if not isinstance(read, dict):
        raise TypeError(f"data must be a frame or a mapping of columns, got {brief(data)}")
    return read


# Arrays that are read as they lie, by the last two letters of their type.
_ARRAYS = {
    name: Input(ColumnType(name[0], int(name[1])), is_array=True)
    for name in ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")
}
_NATIVE = "<" if sys.byteorder == "little" else ">"


class _FromArray(Column):
    """A column made of an array that could not be read as it lies."""

    __slots__ = ()


def _ready(name: str, value: Any) -> tuple[Any, Any]:
    """A column or array as a program reads it, and what tells its type apart."""
    if is_array(value):
        flags = value.flags
        key = value.dtype.str
        lies_well = value.ndim == 1 and flags.c_contiguous and flags.aligned and key[0] in {_NATIVE, "|"}
        if lies_well and key[1:] in _ARRAYS and not hasattr(value, "mask"):
            return value, key
    column = value if isinstance(value, ColumnMemory) else _converted(name, value)
    key = (column.kind, column.item_size, column.unit, column.zone)
    return column, (*key, is_nullable(column), isinstance(column, _FromArray))


def _converted(name: str, value: Any) -> Column:
    is_plain = is_array(value) and not hasattr(value, "mask")
    try:
        return (_FromArray if is_plain else Column)(value)
    except TypeError as error:
        raise TypeError(f"column {name!r}: {error}") from error
    except ValueError as error:
        raise ValueError(f"column {name!r}: {error}") from error


def _input_of(value: Any) -> Input:
    if is_array(value):
        return _ARRAYS[value.dtype.str[1:]]
    return Input(type_of(value), is_array=False, is_nullable=is_nullable(value))


def _compiled(kept: _Kept, inputs: list[Any]) -> Compiled | _Worded:
    as_array = all(is_array(value) or isinstance(value, _FromArray) for value in inputs)
    sources = {name: _input_of(value) for name, value in zip(kept.names, inputs, strict=True)}
    texts = [name for name, source in sources.items() if source.kind.kind == "s"]
    return (texts and _worded(kept, texts)) or compiled(
        kept.asked, kept.condition, sources, as_array=as_array
    )


def _worded(kept: _Kept, texts: list[str]) -> _Worded | None:
    """The steps over columns of texts; None if there are none, and what is asked for are not texts."""
    wording = Wording(kept.names, texts)
    condition = kept.condition and wording.without_steps(kept.condition)
    if isinstance(kept.asked, Aggregate):
        asked: Node | Aggregate = replace(kept.asked, of=wording.without_steps(kept.asked.of))
    else:
        asked = wording.without_steps(kept.asked)
        if wording.is_text(asked):
            return _Worded(wording.steps, None, name_of(asked))
    return _Worded(wording.steps, _Kept(asked, condition), None) if wording.steps else None


def _run(program: Compiled, inputs: list[Any], rows: int, values: int = 0, validity: int = 0) -> Any:
    fault, totals = program.layout.program.run(inputs, rows, values, validity)
    if fault is not None:
        raise_fault(program.layout.texts, fault)
    return totals


def _into_column(program: Compiled, inputs: list[Any], rows: int) -> Column:
    kind = program.kind
    size = (rows + 7) // 8 if kind.kind == "b" else rows * kind.item_size
    values = Space(size)
    validity = Space((rows + 7) // 8) if program.is_nullable else None
    _run(program, inputs, rows, values.address, validity.address if validity else 0)
    return Column(result_memory(values, validity, rows, kind.kind, kind.item_size, kind.unit, kind.zone))


def _into_array(program: Compiled, inputs: list[Any], rows: int, out: Any) -> NDArray[Any]:
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    is_ours = out is None
    if is_ours:
        out = np.empty(rows, program.kind.numpy)
    else:
        _require_room(out, np.dtype(program.kind.numpy), rows)
    bare = out.view("i8") if program.kind.kind == "M" else out
    if not is_ours and any(is_array(value) and np.may_share_memory(value, out) for value in inputs):
        apart = np.empty(rows, bare.dtype)
        _run(program, inputs, rows, address_of(apart))
        bare[:] = apart
        return out  # type: ignore[no-any-return]  # an array
    _run(program, inputs, rows, address_of(bare))
    return out  # type: ignore[no-any-return]  # an array


def _require_room(out: Any, dtype: Any, rows: int) -> None:
    if not is_array(out):
        raise TypeError(f"out must be a NumPy array, got {type(out).__name__}")
    if out.dtype != dtype or not out.dtype.isnative:
        raise TypeError(f"out must be of type {dtype}, got {out.dtype.str}")
    if out.shape != (rows,):
        raise PlanError(f"out must have the shape ({rows},), got {out.shape}")
    if not (out.flags.c_contiguous and out.flags.writeable and out.flags.aligned):
        raise ValueError("out must be contiguous, aligned and writeable")


def _answer(program: Compiled, totals: list[tuple[float, int, int]], rows: int) -> Any:
    """The Python value of an aggregate; None for the least, greatest or mean of nothing."""
    how, kind = program.how, program.kind
    if how in {"any", "all"}:
        return (_whole(totals[0]) > 0) == (how == "any")
    count = _whole(totals[-1]) if program.is_nullable else rows
    if how == "count":
        return count
    total = totals[0][0] if kind.kind == "f" else _whole(totals[0])
    if how == "sum":
        return total
    if count == 0:
        return None
    if how == "mean":
        return total / count
    return _extreme(kind, totals[0])


def _whole(total: tuple[float, int, int]) -> int:
    return (total[2] << 32) + total[1]


def _extreme(kind: ColumnType, total: tuple[float, int, int]) -> bool | int | float | datetime:
    if kind.kind == "f":
        return total[0]
    value = total[1] % 2**64 if kind == ColumnType("u", 8) else total[1]
    if kind.kind == "M":
        return datetimes_of([value], kind, 0)[0]  # type: ignore[no-any-return]  # a datetime
    return bool(value) if kind.kind == "b" else value
