"""Failures as values: Ok and Err in the stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from engine import run
from engine.chain.planned import Planned, T_co
from engine.plan import prepare
from engine.result import Err, Ok, Result
from engine.steps import require_exceptions, require_key

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
E = TypeVar("E")
X = TypeVar("X", bound=Exception)


class Results(Planned[T_co]):
    """Steps and endings that know Ok and Err."""

    __slots__ = ()

    def try_map(
        self, f: Callable[[T_co], U], exception: type[X], *exceptions: type[X]
    ) -> Chain[Result[U, X]]:
        """Ok of what `f` makes of each item, or Err of the exception when it is one of those named.

        Other exceptions end the run as they do in `map`.

        Raises:
            PlanError: something else than exception classes was named.

        >>> from engine import Chain
        >>> Chain(["1", "x"]).try_map(int, ValueError).collect()
        [Ok(value=1), Err(error=ValueError("invalid literal for int() with base 10: 'x'"))]
        """
        named = (exception, *exceptions)
        require_exceptions(named)
        return self._with("try_map", require_key("f", f, optional=False), extra=named)

    def partition_results(self: Results[Result[U, E]]) -> tuple[list[U], list[E]]:
        """The values of all Ok, and the errors of all Err, each in order.

        >>> from engine import Chain
        >>> oks, errors = Chain(["1", "x"]).try_map(int, ValueError).partition_results()
        >>> oks, len(errors)
        ([1], 1)
        """
        values: list[U] = []
        errors: list[E] = []
        with run.Ending(prepare(self._source, self._steps)) as items:
            item: Result[U, E]
            for item in items:
                match item:
                    case Ok(value):
                        values.append(value)
                    case Err(error):
                        errors.append(error)
        return values, errors
