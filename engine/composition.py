"""Putting functions together: pipeline, parallel, when, cond, recurse; each gives a callable value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, TypeVar, overload

from engine.composed import Cond, Const, Parallel, Pipeline, Recurse, When, stages_of
from engine.errors import CompositionError
from engine.signatures import located, may_fit, returns_of, shown, takes_of

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")


def identity(value: A) -> A:
    """The value itself.

    >>> identity(3)
    3
    """
    return value


@overload
def pipeline() -> Pipeline[Any, Any]: ...
@overload
def pipeline(f: Callable[[A], B], /) -> Pipeline[A, B]: ...
@overload
def pipeline(f: Callable[[A], B], g: Callable[[B], C], /) -> Pipeline[A, C]: ...
@overload
def pipeline(f: Callable[[A], B], g: Callable[[B], C], h: Callable[[C], D], /) -> Pipeline[A, D]: ...
@overload
def pipeline(
    f: Callable[[A], B], g: Callable[[B], C], h: Callable[[C], D], i: Callable[[D], E], /
) -> Pipeline[A, E]: ...
@overload
def pipeline(
    f: Callable[[A], B],
    g: Callable[[B], C],
    h: Callable[[C], D],
    i: Callable[[D], E],
    j: Callable[[E], F],
    /,
) -> Pipeline[A, F]: ...
@overload
def pipeline(
    f: Callable[[A], B],
    g: Callable[[B], C],
    h: Callable[[C], D],
    i: Callable[[D], E],
    j: Callable[[E], F],
    k: Callable[[F], Any],
    /,
    *more: Callable[[Any], Any],
) -> Pipeline[A, Any]: ...
def pipeline(*functions: Callable[[Any], Any]) -> Pipeline[Any, Any]:
    """The functions one after the other, left to right; pipelines among them are laid flat.

    Raises:
        CompositionError: one is not callable, or surely can not take what the one before it returns, by
            the annotations of both.

    Cost: a few nanoseconds for each function. An error says in a note which step raised it.

    >>> parsed = pipeline(str.strip, int, abs)
    >>> parsed(" -3 "), parsed
    (3, pipeline(str.strip, int, abs))
    """
    steps = tuple(step for function in functions for step in stages_of(function) if step is not identity)
    _require_callables("pipeline", steps)
    for number, (before, after) in enumerate(pairwise(steps), 2):
        _require_fit(before, after, number)
    return Pipeline(*steps)


@overload
def compose(f: Callable[[A], B], /) -> Pipeline[A, B]: ...
@overload
def compose(g: Callable[[B], C], f: Callable[[A], B], /) -> Pipeline[A, C]: ...
@overload
def compose(h: Callable[[C], D], g: Callable[[B], C], f: Callable[[A], B], /) -> Pipeline[A, D]: ...
@overload
def compose(
    i: Callable[[D], Any],
    h: Callable[[C], D],
    g: Callable[[B], C],
    f: Callable[[Any], B],
    /,
    *more: Callable[[Any], Any],
) -> Pipeline[Any, Any]: ...
def compose(*functions: Callable[[Any], Any]) -> Pipeline[Any, Any]:
    """The functions right to left, as mathematics writes them: `compose(g, f)(x)` is `g(f(x))`.

    Raises:
        CompositionError: as in `pipeline`.

    >>> compose(abs, int)("-3")
    3
    """
    ordered: Any = functions[::-1]
    return pipeline(*ordered)


@overload
def parallel(f: Callable[[A], B], g: Callable[[A], C], /) -> Parallel[A, tuple[B, C]]: ...
@overload
def parallel(
    f: Callable[[A], B], g: Callable[[A], C], h: Callable[[A], D], /
) -> Parallel[A, tuple[B, C, D]]: ...
@overload
def parallel(*functions: Callable[[A], B]) -> Parallel[A, tuple[B, ...]]: ...
@overload
def parallel(**named: Callable[[A], B]) -> Parallel[A, dict[str, B]]: ...
def parallel(*functions: Callable[[Any], Any], **named: Callable[[Any], Any]) -> Parallel[Any, Any]:
    """Several functions of the same value: a tuple of what they return, or a dict by their names.

    They are called in the order written, in the thread of the caller.

    Raises:
        CompositionError: there are none, or some have names and others not, or one is not callable.

    >>> parallel(min, max)([3, 1, 2]), parallel(least=min, size=len)([3, 1, 2])
    ((1, 3), {'least': 1, 'size': 3})
    """
    if bool(functions) == bool(named):
        got = f"{len(functions)} without names and {len(named)} with"
        raise CompositionError(f"functions of parallel must all have names or all none, got {got}")
    parts = functions or tuple(named.values())
    _require_callables("parallel", parts)
    return Parallel(tuple(named) if named else None, parts)


@overload
def when(predicate: Callable[[A], object], then: Callable[[A], B]) -> When[A, A | B]: ...
@overload
def when(
    predicate: Callable[[A], object], then: Callable[[A], B], otherwise: Callable[[A], C]
) -> When[A, B | C]: ...
def when(
    predicate: Callable[[Any], object],
    then: Callable[[Any], Any],
    otherwise: Callable[[Any], Any] = identity,
) -> When[Any, Any]:
    """`then` of the values for which `predicate` is true, `otherwise` of the others; by default themselves.

    Raises:
        CompositionError: one is not callable.

    >>> halved = when(lambda n: n % 2 == 0, lambda n: n // 2)
    >>> halved(4), halved(3)
    (2, 3)
    """
    _require_callables("when", (predicate, then, otherwise))
    return When(predicate, then, otherwise)


def cond(
    *cases: tuple[Callable[[A], object], Callable[[A], B]], default: Callable[[A], C]
) -> Cond[A, B | C]:
    """The function beside the first predicate that is true of a value, else `default`.

    Raises:
        CompositionError: a case is no pair, or something is not callable.

    >>> sign = cond((lambda n: n < 0, const("negative")), (bool, const("positive")), default=const("zero"))
    >>> [sign(-2), sign(0), sign(5)]
    ['negative', 'zero', 'positive']
    """
    flat: list[Any] = []
    for number, case in enumerate(cases, 1):
        if len(case) != 2:  # noqa: PLR2004 (a pair) # pyright: ignore[reportUnnecessaryComparison]
            raise CompositionError(
                f"case {number} of cond must be a predicate and a function, got {len(case)}"
            )
        flat.extend(case)
    parts = (*flat, default)
    _require_callables("cond", parts)
    return Cond(*parts)


def recurse(done: Callable[[A], object], base: Callable[[A], B], step: Callable[[A], A]) -> Recurse[A, B]:
    """`f(x)`, which is `base(x)` when `done(x)`, else `f(step(x))`; as deep as needed, without a stack.

    Raises:
        CompositionError: one is not callable.

    >>> gcd = recurse(lambda ab: ab[1] == 0, lambda ab: ab[0], lambda ab: (ab[1], ab[0] % ab[1]))
    >>> gcd((12, 18))
    6
    """
    _require_callables("recurse", (done, base, step))
    return Recurse(done, base, step)


def const(value: B) -> Const[B]:
    """A function that returns the value, whatever it is given.

    >>> const(3)("anything")
    3
    """
    return Const(value)


def _require_callables(word: str, functions: Iterable[object]) -> None:
    for number, function in enumerate(functions, 1):
        if not callable(function):
            raise CompositionError(f"part {number} of {word} must be callable, got {function!r:.100}")


def _require_fit(before: Callable[..., Any], after: Callable[..., Any], number: int) -> None:
    returned, taken = returns_of(before), takes_of(after)
    if not may_fit(returned, taken):
        raise CompositionError(
            f"step {number} of pipeline ({located(after)}) takes {shown(taken)}, "
            f"got {shown(returned)} from step {number - 1} ({located(before)})"
        )
