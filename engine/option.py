"""A value that may be missing, as a value: `Some(value)` or `Nothing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, NoReturn, TypeAlias, TypeVar, final

from engine.errors import UnwrapError
from engine.result import Err, Ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Some(Generic[T_co]):
    """A value that is there; None and false values are values too.

    >>> Some(2).map(lambda x: x + 1)
    Some(value=3)
    """

    value: T_co

    def is_some(self) -> bool:
        return True

    def map(self, f: Callable[[T_co], U]) -> Some[U]:
        return Some(f(self.value))

    def and_then(self, f: Callable[[T_co], Option[U]]) -> Option[U]:
        return f(self.value)

    def filter(self, predicate: Callable[[T_co], object]) -> Option[T_co]:
        """Itself if `predicate` is true of the value, else Nothing.

        >>> Some(2).filter(lambda x: x > 2)
        Nothing
        """
        return self if predicate(self.value) else Nothing

    def or_else(self, make: Callable[[], object]) -> Some[T_co]:
        return self

    def or_raise(self) -> T_co:
        return self.value

    def unwrap_or(self, default: object) -> T_co:
        return self.value

    def unwrap_or_else(self, make: Callable[[], object]) -> T_co:
        return self.value

    def to_result(self, error: object) -> Ok[T_co]:
        return Ok(self.value)

    def __bool__(self) -> NoReturn:
        raise TypeError(_TRUTH)


@final
class NothingType:
    """The type of `Nothing`, of which there is one value, as None is of its type.

    >>> Nothing.map(len).unwrap_or(0)
    0
    """

    __slots__ = ()

    def __new__(cls) -> NothingType:
        return Nothing

    def is_some(self) -> bool:
        return False

    def map(self, f: Callable[..., object]) -> NothingType:
        return self

    def and_then(self, f: Callable[..., object]) -> NothingType:
        return self

    def filter(self, predicate: Callable[..., object]) -> NothingType:
        return self

    def or_else(self, make: Callable[[], Option[U]]) -> Option[U]:
        """The Option that `make` gives.

        >>> Nothing.or_else(lambda: Some(1))
        Some(value=1)
        """
        return make()

    def or_raise(self) -> NoReturn:
        """Never gives anything.

        Raises:
            UnwrapError: always.
        """
        raise UnwrapError(_MISSING)

    def unwrap_or(self, default: U) -> U:
        return default

    def unwrap_or_else(self, make: Callable[[], U]) -> U:
        return make()

    def to_result(self, error: F) -> Err[F]:
        """Err of the reason why nothing is there.

        >>> Nothing.to_result("not found")
        Err(error='not found')
        """
        return Err(error)

    @property
    def value(self) -> NoReturn:
        raise UnwrapError(_MISSING)

    def __bool__(self) -> NoReturn:
        raise TypeError(_TRUTH)

    def __repr__(self) -> str:
        return "Nothing"

    def __reduce__(self) -> str:
        return "Nothing"


_TRUTH = "an Option has no truth: Some(0) is there; ask is_some(), or match Some(value)"
_MISSING = "a value was expected, got Nothing"

Nothing: Final = object.__new__(NothingType)
Option: TypeAlias = Some[T_co] | NothingType


def option_of(value: T | None) -> Option[T]:
    """Nothing for None, else Some of the value; `unwrap_or(None)` goes back.

    >>> option_of({}.get("name")), option_of(0)
    (Nothing, Some(value=0))
    """
    return Nothing if value is None else Some(value)


def collect_options(options: Iterable[Option[T]]) -> Option[list[T]]:
    """Some of all values in a list, or Nothing as soon as one is missing.

    Raises:
        TypeError: something is neither Some nor Nothing.

    >>> collect_options([Some(1), Some(2)]), collect_options([Some(1), Nothing])
    (Some(value=[1, 2]), Nothing)
    """
    values: list[T] = []
    for option in options:
        if not is_some(option):
            return Nothing
        values.append(option.value)
    return Some(values)


def is_some(item: object) -> bool:
    """Whether it is Some; what is neither Some nor Nothing has no place here.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(item, Some):
        return True
    if item is Nothing:
        return False
    raise TypeError(f"an option must be Some or Nothing, got {item!r:.200}")
