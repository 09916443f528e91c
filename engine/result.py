"""Success or failure as a value: `Ok(value)` or `Err(error)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NoReturn, TypeAlias, TypeVar

from engine.errors import UnwrapError

if TYPE_CHECKING:
    from collections.abc import Callable

T_co = TypeVar("T_co", covariant=True)
E_co = TypeVar("E_co", covariant=True)
U = TypeVar("U")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T_co]):
    """A success and its value.

    >>> Ok(2).map(lambda x: x + 1)
    Ok(value=3)
    """

    value: T_co

    def is_ok(self) -> bool:
        return True

    def map(self, f: Callable[[T_co], U]) -> Ok[U]:
        return Ok(f(self.value))

    def map_err(self, f: Callable[..., F]) -> Ok[T_co]:
        return self

    def and_then(self, f: Callable[[T_co], Result[U, F]]) -> Result[U, F]:
        return f(self.value)

    def or_raise(self) -> T_co:
        return self.value

    def unwrap_or(self, default: object) -> T_co:
        return self.value

    @property
    def error(self) -> NoReturn:
        raise UnwrapError(f"an error was expected, got {self!r:.200}")


@dataclass(frozen=True, slots=True)
class Err(Generic[E_co]):
    """A failure and its reason.

    >>> Err("empty").map(len).unwrap_or(0)
    0
    """

    error: E_co

    def is_ok(self) -> bool:
        return False

    def map(self, f: Callable[..., U]) -> Err[E_co]:
        return self

    def map_err(self, f: Callable[[E_co], F]) -> Err[F]:
        return Err(f(self.error))

    def and_then(self, f: Callable[..., object]) -> Err[E_co]:
        return self

    def or_raise(self) -> NoReturn:
        """Raise the error itself when it is an exception, else `UnwrapError` with it.

        Raises:
            UnwrapError: the error is no exception.
        """
        if isinstance(self.error, BaseException):
            raise self.error
        raise UnwrapError(f"a value was expected, got {self!r:.200}")

    def unwrap_or(self, default: U) -> U:
        return default

    @property
    def value(self) -> NoReturn:
        raise UnwrapError(f"a value was expected, got {self!r:.200}")


Result: TypeAlias = Ok[T_co] | Err[E_co]
