"""Free functions of many inputs: arrays and columns at once, other iterables as a lazy chain."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain import Chain
from engine.chain.joins import Nulls
from engine.errors import PlanError
from engine.expr import Expr
from engine.kernels.columns.arrays import is_array, is_column
from engine.steps import Key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine import columns
    from engine.aggregates import Aggregate
    from engine.chain.grouped import Grouped
    from engine.columns.column import Column

__all__ = ["chunk_by", "group_by", "join", "kmerge", "par_map"]

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
K = TypeVar("K", bound=Hashable)


@overload
def chunk_by(items: NDArray[Any] | Column) -> columns.Runs: ...  # type: ignore[overload-overlap]  # an array is an iterable too; the first wins
@overload
def chunk_by(items: Iterable[T], key: Callable[[T], U]) -> Chain[tuple[U, list[T]]]: ...
@overload
def chunk_by(items: Iterable[T], key: Expr | str | int | None = None) -> Chain[tuple[Any, list[T]]]: ...
@overload
def chunk_by(
    items: Iterable[T], key: Key = None, *, agg: Aggregate | Mapping[str, Aggregate]
) -> Chain[tuple[Any, Any]]: ...
def chunk_by(items: Any, key: Any = None, *, agg: Any = None) -> Any:
    """Consecutive items with equal keys: a chain of (key, list); of an array, its `Runs`, at once.

    With `agg`, an aggregate or names and aggregates, as in `Chain.chunk_by`.

    >>> chunk_by("aab").collect()
    [('a', ['a', 'a']), ('b', ['b'])]
    """
    if is_column(items):
        _require_no_key(key)
        return _lane().chunk_by(items)
    return Chain(items).chunk_by(key, agg=agg)


@overload
def group_by(items: NDArray[Any] | Column) -> columns.Grouped: ...  # type: ignore[overload-overlap]  # an array is an iterable too; the first wins
@overload
def group_by(items: Iterable[T], key: Callable[[T], K]) -> Grouped[K, T]: ...
@overload
def group_by(items: Iterable[T], key: Expr | str | int | None = None) -> Grouped[Any, T]: ...
def group_by(items: Any, key: Any = None) -> Any:
    """All items with equal keys: a chain of (key, list) in first-seen order; of an array, a `Grouped`.

    >>> group_by(["ada", "bo", "alf"], 0).to_dict()
    {'a': ['ada', 'alf'], 'b': ['bo']}
    """
    if is_column(items):
        _require_no_key(key)
        return _lane().group_by(items)
    return Chain(items).group_by(key)


@overload
def kmerge(*inputs: Column) -> Column: ...
@overload
def kmerge(*inputs: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]: ...  # type: ignore[overload-overlap]  # an array is an iterable too; the first wins
@overload
def kmerge(
    *inputs: Iterable[T], key: Key = None, reverse: bool = False, check: bool = False
) -> Chain[T]: ...
def kmerge(
    *inputs: Any, key: Any = None, reverse: bool = False, check: bool = False, out: Any = None
) -> Any:
    """Several sorted inputs in one order, stable: a chain; of arrays, one array, at once.

    Raises:
        PlanError: `key`, `reverse` or `check` with arrays, or `out` without.
        NotSortedError: with `check`, when the chain comes to an item that is out of order.

    >>> kmerge([1, 4], [2, 3]).collect()
    [1, 2, 3, 4]
    """
    if inputs and all(map(is_column, inputs)):
        _require_no_key(key)
        if reverse or check:
            raise PlanError(f"{'reverse' if reverse else 'check'} must be False for arrays, got True")
        return _lane().kmerge(*inputs, out=out)
    if out is not None:
        raise PlanError("out must be None unless every input is an array")
    return Chain(inputs[0] if inputs else ()).kmerge(*inputs[1:], key=key, reverse=reverse, check=check)


@overload
def join(left: Column, right: Column, *, how: str = "inner") -> tuple[Column, Column]: ...
@overload
def join(
    left: NDArray[Any], right: NDArray[Any], *, how: str = "inner"
) -> tuple[NDArray[Any], NDArray[Any]]: ...
@overload
def join(
    left: Iterable[T],
    right: Iterable[U],
    on: Key,
    other_on: Key = None,
    *,
    how: Literal["inner", "cross"] = "inner",
    nulls: Nulls = "skip",
) -> Chain[tuple[T, U]]: ...
@overload
def join(
    left: Iterable[T],
    right: Iterable[U],
    on: Key,
    other_on: Key = None,
    *,
    how: Literal["left"],
    nulls: Nulls = "skip",
) -> Chain[tuple[T, U | None]]: ...
@overload
def join(
    left: Iterable[T],
    right: Iterable[U],
    on: Key,
    other_on: Key = None,
    *,
    how: Literal["right"],
    nulls: Nulls = "skip",
) -> Chain[tuple[T | None, U]]: ...
@overload
def join(
    left: Iterable[T],
    right: Iterable[U],
    on: Key,
    other_on: Key = None,
    *,
    how: Literal["outer"],
    nulls: Nulls = "skip",
) -> Chain[tuple[T | None, U | None]]: ...
@overload
def join(
    left: Iterable[T],
    right: Iterable[U],
    on: Key,
    other_on: Key = None,
    *,
    how: Literal["semi", "anti"],
    nulls: Nulls = "skip",
) -> Chain[T]: ...
@overload
def join(
    left: Iterable[Any],
    right: Iterable[Any],
    on: Key,
    other_on: Key = None,
    *,
    how: str = "inner",
    nulls: Nulls = "skip",
    select: Callable[[Any, Any], V] | None = None,
) -> Chain[V]: ...
def join(  # noqa: PLR0913 (what a relational join is told)
    left: Any,
    right: Any,
    on: Any = None,
    other_on: Any = None,
    *,
    how: str = "inner",
    nulls: Nulls = "skip",
    select: Any = None,
) -> Any:
    """Pairs with equal keys, as SQL joins: a chain; of two arrays of keys, two arrays of row numbers.

    `nulls` and `select` are those of `Chain.join`, and have no meaning for arrays.

    >>> join([{"id": 1, "name": "Ada"}], [{"id": 1, "mail": "a@b.org"}], on="id").collect()
    [({'id': 1, 'name': 'Ada'}, {'id': 1, 'mail': 'a@b.org'})]
    """
    if is_column(left) and is_column(right):
        _require_no_key(on)
        return _lane().join(left, right, how)
    return Chain(left).join(right, on=on, other_on=other_on, how=how, nulls=nulls, select=select)


@overload
def par_map(  # type: ignore[overload-overlap]  # an array is an iterable too; the first wins
    f: Callable[[NDArray[Any]], NDArray[Any]], items: NDArray[Any], workers: int | None = None
) -> NDArray[Any]: ...
@overload
def par_map(f: Callable[[T], U], items: Iterable[T], workers: int | None = None) -> Chain[U]: ...
def par_map(f: Callable[[Any], Any], items: Iterable[Any], workers: int | None = None) -> Any:
    """What `f` makes of each item, in order: a chain, beside itself where that pays; `Chain.par` says how.

    Of an array, `f` is given contiguous blocks on several threads, and what it makes of them is one array.

    >>> par_map(len, [b"a", b"bc"]).collect()
    [1, 2]
    """
    if is_array(items):
        from engine.threads import map_blocks  # noqa: PLC0415 (kernels of columns, only when in use)

        return map_blocks(f, items, workers)
    return Chain(items).par(workers).map(f)


def _lane() -> Any:
    from engine import columns  # noqa: PLC0415 (its kernels are loaded only when arrays are in use)

    return columns


def _require_no_key(key: object) -> None:
    if key is not None:
        raise PlanError(f"key must be None for arrays, whose elements are the keys, got {key!r:.200}")
