"""Sources that are made of a value, a function, a file or a table; each gives fresh items to every run."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from engine.errors import PlanError
from engine.kernels.columns.arrays import is_array, is_frame
from engine.kernels.objects.place import brief
from engine.sources import ENDLESS, Extent, Measured, Source
from engine.steps import describe


class Repeated(Measured):
    """One item, again and again."""

    __slots__ = ("_item", "_times")

    def __init__(self, item: Any, times: int | None) -> None:
        self._item = item
        self._times = times

    def __iter__(self) -> Iterator[Any]:
        if self._times is None:
            return itertools.repeat(self._item)
        return itertools.repeat(self._item, self._times)

    def __str__(self) -> str:
        return "repeat" if self._times is None else f"repeat of {self._times}"

    @property
    def extent(self) -> Extent:
        return ENDLESS if self._times is None else Extent(self._times, self._times)

    def is_infinite(self) -> bool:
        return self._times is None


class Called(Measured):
    """What a function of no arguments gives, until it gives None."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function

    def __iter__(self) -> Iterator[Any]:
        while (item := self._function()) is not None:
            yield item

    def __str__(self) -> str:
        return f"from_fn {describe(self._function)}"


class Unfolded(Measured):
    """The items that a function makes of a state, each with the next state, until it gives None."""

    __slots__ = ("_function", "_state")

    def __init__(self, state: Any, function: Callable[[Any], tuple[Any, Any] | None]) -> None:
        self._state = state
        self._function = function

    def __iter__(self) -> Iterator[Any]:
        state = self._state
        while (made := self._function(state)) is not None:
            item, state = made
            yield item

    def __str__(self) -> str:
        return f"unfold {describe(self._function)}"


class Iterated(Measured):
    """x, f(x), f(f(x)) and so on; `f` is asked when its value is."""

    __slots__ = ("_function", "_item")

    def __init__(self, item: Any, function: Callable[[Any], Any]) -> None:
        self._item = item
        self._function = function

    def __iter__(self) -> Iterator[Any]:
        item = self._item
        yield item
        while True:
            item = self._function(item)
            yield item

    def __str__(self) -> str:
        return f"iterate {describe(self._function)}"

    @property
    def extent(self) -> Extent:
        return ENDLESS

    def is_infinite(self) -> bool:
        return True


class Lines(Measured):
    """The lines of a text file without their ends; it is opened by each run and closed with it."""

    __slots__ = ("_encoding", "_path")

    def __init__(self, path: str | os.PathLike[str], encoding: str) -> None:
        self._path: str | os.PathLike[str] = _require_path(path)
        self._encoding = encoding

    def __iter__(self) -> Iterator[str]:
        with open(self._path, encoding=self._encoding) as file:  # noqa: PTH123 (pathlib is slow to load)
            for line in file:
                yield line.removesuffix("\n")

    def __str__(self) -> str:
        return f"lines of {os.path.basename(os.fspath(self._path))}"  # noqa: PTH119 (pathlib is slow to load)


def _require_path(path: Any) -> Any:
    if not isinstance(path, str | os.PathLike):
        raise PlanError(f"path must be a text or a path, got {brief(path)}")
    return path  # pyright: ignore[reportUnknownVariableType]  # of an untyped os.PathLike


class Records(Measured):
    """The rows of a table as dicts."""

    __slots__ = ("_rows", "_size", "_table")

    def __init__(self, table: Any) -> None:
        self._table = table
        self._rows, self._size = _reader(table)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Records, (self._table,))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self._rows()

    def __str__(self) -> str:
        size = "" if self._size is None else f" of {self._size}"
        return f"records{size}"

    @property
    def extent(self) -> Extent:
        return Extent(self._size or 0, self._size)


def _reader(table: Any) -> tuple[Callable[[], Iterator[dict[str, Any]]], int | None]:
    """How to read a table, and how many rows it has if that is known."""
    if _is_columns(table):
        return lambda: _iter_columns(table), _height(table)
    if callable(getattr(table, "iter_rows", None)):
        return lambda: iter(table.iter_rows(named=True)), getattr(table, "height", None)
    if is_frame(table):
        return lambda: iter(table.to_dicts()), len(table)
    if is_array(table) and table.dtype.names:
        return lambda: _iter_structured(table), len(table)
    raise PlanError(
        "a table must be a Frame, a mapping of columns, a frame with iter_rows(named=True) or a structured "
        f"array, got {brief(table)}"
    )


def _is_columns(table: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(table, Mapping)


def _height(columns: Mapping[str, Any]) -> int:
    heights = {name: len(column) for name, column in columns.items()}
    if len(set(heights.values())) > 1:
        raise PlanError(f"columns must be equally long, got {brief(heights)}")
    return next(iter(heights.values()), 0)


def _iter_columns(columns: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = tuple(columns)
    parts: Iterable[Iterator[Any]] = [iter(Source(column)) for column in columns.values()]
    return (dict(zip(names, row, strict=True)) for row in zip(*parts, strict=True))


def _iter_structured(table: Any) -> Iterator[dict[str, Any]]:
    names = table.dtype.names
    return (dict(zip(names, row, strict=True)) for row in Source(table))
