"""Functions that remember their results: what a registry gives of those whose verdict licenses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any

from engine.signatures import Annotated, name_of, returns_of, takes_of

# Values of exactly these types are the same when they are equal: 1.0 and -0.0, or Decimals, need not be.
_EXACT = frozenset({str, bytes, int, bool, NoneType, dt.date})


class Memoised(Annotated):
    """A function beside its last results; `licence` is the level of the verdict that allows it.

    What can not be told from its like, or changed by whoever gets it, is not remembered but computed.
    """

    __slots__ = ("_remembered", "function", "licence", "size")

    def __init__(self, function: Callable[..., Any], size: int, licence: str) -> None:
        self.function = function
        self.size = size
        self.licence = licence
        self._remembered = lru_cache(size, typed=True)(self._computed)

    def __call__(self, *arguments: Any) -> Any:
        if not _EXACT.issuperset(map(type, arguments)):
            return self.function(*arguments)
        try:
            return self._remembered(*arguments)
        except _NotKept as unkept:
            return unkept.result

    @property
    def takes(self) -> Any:
        return takes_of(self.function)

    @property
    def returns(self) -> Any:
        return returns_of(self.function)

    def __repr__(self) -> str:
        return f"memoised({name_of(self.function)}, size={self.size}, {self.licence})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.function, self.size, self.licence)

    def _computed(self, *arguments: Any) -> Any:
        from engine.purity.model import is_immutable  # noqa: PLC0415 (loaded already by the registry)

        result = self.function(*arguments)
        if not is_immutable(result):
            raise _NotKept(result)
        return result


class _NotKept(Exception):
    """Carries a result past the cache, which keeps no exceptions."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result
