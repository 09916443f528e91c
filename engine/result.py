"""Success or failure as a value: `Ok(value)` or `Err(error)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeAlias, TypeVar, overload

from engine.errors import UnwrapError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.option import NothingType, Some

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

    def or_else(self, f: Callable[..., object]) -> Ok[T_co]:
        return self

    def recover(self, f: Callable[..., object]) -> T_co:
        return self.value

    def or_raise(self) -> T_co:
        return self.value

    def unwrap_or(self, default: object) -> T_co:
        return self.value

    # The same under the name that Rust gives it.
    unwrap_or_else = recover

    def ok(self) -> Some[T_co]:
        """The value as an Option."""
        from engine.option import Some  # noqa: PLC0415 (each of the two makes the other)

        return Some(self.value)

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

    def or_else(self, f: Callable[[E_co], Result[U, F]]) -> Result[U, F]:
        """The Result that `f` makes of the error: another try.

        >>> Err("late").or_else(lambda reason: Ok(len(reason)))
        Ok(value=4)
        """
        return f(self.error)

    def recover(self, f: Callable[[E_co], U]) -> U:
        """What `f` makes of the error: no Result any more, as in `Chain.recover`.

        >>> Err("late").recover(len)
        4
        """
        return f(self.error)

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

    # The same under the name that Rust gives it.
    unwrap_or_else = recover

    def ok(self) -> NothingType:
        """Nothing: the error is left behind."""
        from engine.option import Nothing  # noqa: PLC0415 (each of the two makes the other)

        return Nothing

    @property
    def value(self) -> NoReturn:
        raise UnwrapError(f"a value was expected, got {self!r:.200}")


Result: TypeAlias = Ok[T_co] | Err[E_co]

T = TypeVar("T")
E = TypeVar("E")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


def collect_results(results: Iterable[Result[T, E]]) -> Result[list[T], E]:
    """Ok of all values in a list, or the first Err, behind which nothing is read.

    Raises:
        TypeError: something is neither Ok nor Err.

    >>> collect_results([Ok(1), Ok(2)]), collect_results([Ok(1), Err("late"), Err("lost")])
    (Ok(value=[1, 2]), Err(error='late'))
    """
    values: list[T] = []
    for result in results:
        if isinstance(result, Ok):
            values.append(result.value)
        else:
            return _failed(result)
    return Ok(values)


@overload
def combine(a: Result[A, E], b: Result[B, E], /) -> Result[tuple[A, B], E]: ...
@overload
def combine(a: Result[A, E], b: Result[B, E], c: Result[C, E], /) -> Result[tuple[A, B, C], E]: ...
@overload
def combine(
    a: Result[A, E], b: Result[B, E], c: Result[C, E], d: Result[D, E], /
) -> Result[tuple[A, B, C, D], E]: ...
@overload
def combine(*results: Result[T, E]) -> Result[tuple[T, ...], E]: ...
def combine(*results: Result[Any, Any]) -> Result[Any, Any]:
    """Ok of all values in a tuple, or the first Err.

    Raises:
        TypeError: something is neither Ok nor Err.

    >>> combine(Ok(1), Ok("a")), combine(Ok(1), Err("late"), Err("lost"))
    (Ok(value=(1, 'a')), Err(error='late'))
    """
    return collect_results(results).map(tuple)


@overload
def combine_all(a: Result[A, E], b: Result[B, E], /) -> Result[tuple[A, B], tuple[E, ...]]: ...
@overload
def combine_all(
    a: Result[A, E], b: Result[B, E], c: Result[C, E], /
) -> Result[tuple[A, B, C], tuple[E, ...]]: ...
@overload
def combine_all(
    a: Result[A, E], b: Result[B, E], c: Result[C, E], d: Result[D, E], /
) -> Result[tuple[A, B, C, D], tuple[E, ...]]: ...
@overload
def combine_all(*results: Result[T, E]) -> Result[tuple[T, ...], tuple[E, ...]]: ...
def combine_all(*results: Result[Any, Any]) -> Result[Any, Any]:
    """Ok of all values in a tuple, or Err of all errors in a tuple.

    Raises:
        TypeError: something is neither Ok nor Err.

    >>> combine_all(Ok(1), Err("late"), Err("lost"))
    Err(error=('late', 'lost'))
    """
    errors = tuple(_failed(result).error for result in results if not isinstance(result, Ok))
    return Err(errors) if errors else Ok(tuple(result.value for result in results))


def _failed(result: Any) -> Err[Any]:
    if isinstance(result, Err):
        return result  # pyright: ignore[reportUnknownVariableType]  # of any error
    raise TypeError(f"a result must be Ok or Err, got {result!r:.200}")
