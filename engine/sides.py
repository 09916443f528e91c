"""Which of two inputs an item came from: `Left`, `Right`, or `Both` with an item of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)
U_co = TypeVar("U_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Left(Generic[T_co]):
    """An item of the left input that has no partner.

    >>> Left(1) == Left(1), Left(1) == Right(1)
    (True, False)
    """

    value: T_co


@dataclass(frozen=True, slots=True)
class Right(Generic[T_co]):
    """An item of the right input that has no partner.

    >>> Right("x").value
    'x'
    """

    value: T_co


@dataclass(frozen=True, slots=True)
class Both(Generic[T_co, U_co]):
    """An item of each input that belong together.

    >>> Both("a", 1).right
    1
    """

    left: T_co
    right: U_co


Aligned: TypeAlias = Left[T_co] | Right[U_co] | Both[T_co, U_co]
