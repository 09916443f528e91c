"""Functions with some of their arguments given, or in another order: curry, partial, flip, as values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from engine.composed import Composed
from engine.errors import CompositionError
from engine.signatures import UNKNOWN, name_of

A = TypeVar("A")
B = TypeVar("B")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class _Given(Composed[Any, R_co], Generic[R_co]):
    """What knows a function as its first part."""

    __slots__ = ()

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        return self.parts[:1]

    @property
    def takes(self) -> Any:
        return UNKNOWN

    def _shown(self, part: Any) -> str:
        # Arguments are data, which never show.
        return name_of(part) if part is self.parts[0] else f"<{type(part).__name__}>"


class Curried(_Given[R_co]):
    """A function that waits until it has as many arguments as its arity says."""

    __slots__ = ()
    word = "curry"

    def __call__(self, *arguments: Any) -> Any:
        function, arity, given = self.parts
        all_given = (*given, *arguments)
        if len(all_given) > arity:
            raise TypeError(f"{name_of(function)} takes {arity} arguments, got {len(all_given)}")
        if len(all_given) == arity:
            return function(*all_given)
        waiting: Curried[Any] = Curried(function, arity, all_given)
        return waiting


class Partial(_Given[R_co]):
    """A function whose first arguments, and some by name, are given."""

    __slots__ = ()
    word = "partial"

    def __call__(self, *arguments: Any) -> R_co:
        function, given, named = self.parts
        made: R_co = function(*given, *arguments, **dict(named))
        return made


class Flipped(_Given[R_co]):
    """A function of two arguments that takes them the other way round."""

    __slots__ = ()
    word = "flip"

    def __call__(self, first: Any, second: Any, /) -> R_co:  # type: ignore[override]  # takes two
        made: R_co = self.parts[0](second, first)
        return made


def curry(function: Callable[..., Any], arity: int | None = None) -> Curried[Any]:
    """The function, to be given its arguments one by one or several at a time.

    Args:
        function: what is called when all arguments are there.
        arity: how many those are; by default the parameters without a default value.

    Raises:
        CompositionError: the function does not say how many it takes, or `arity` is less than 1.

    >>> add = curry(lambda a, b, c: a + b + c)
    >>> add(1)(2)(3), add(1, 2)(3)
    (6, 6)
    """
    wanted = _arity_of(function) if arity is None else arity
    if wanted < 1:
        raise CompositionError(f"arity must be at least 1, got {wanted} for {name_of(function)}")
    return Curried(function, wanted, ())


def partial(function: Callable[..., R], *arguments: Any, **named: Any) -> Partial[R]:
    """The function with its first arguments given; unlike that of functools it is compared by its parts.

    >>> partial(pow, 2)(10), partial(pow, 2) == partial(pow, 2)
    (1024, True)
    """
    given, known = arguments, named
    inner: Any = function
    if isinstance(inner, Partial):
        inner, before, options = inner.parts
        given, known = (*before, *arguments), {**dict(options), **named}
    return Partial(inner, given, tuple(sorted(known.items())))


def flip(function: Callable[[A, B], R]) -> Callable[[B, A], R]:
    """The function of two arguments with the two exchanged.

    >>> flip(divmod)(2, 7)
    (3, 1)
    """
    inner: Any = function
    if isinstance(inner, Flipped):
        original: Callable[[B, A], R] = inner.parts[0]
        return original
    flipped: Flipped[R] = Flipped(function)
    return flipped


def _arity_of(function: Callable[..., Any]) -> int:
    from inspect import Parameter, signature  # noqa: PLC0415 (slow to load, and rare)

    if isinstance(function, Flipped):
        return 2
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        raise CompositionError(
            f"arity must be given for {name_of(function)}, which does not say it"
        ) from None
    places = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.kind in places and each.default is Parameter.empty for each in parameters)
