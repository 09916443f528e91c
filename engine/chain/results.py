"""Failures as values: Ok and Err in the stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain.reading import Reading, T_co
from engine.errors import PlanError
from engine.expr import Expr
from engine.kernels.objects.place import brief
from engine.result import Err, Ok, Result
from engine.steps import require_callable, require_count, require_exceptions, require_key
from engine.streams.outcomes import is_ok

if TYPE_CHECKING:
    from engine.chain import Chain
    from engine.validation import Rejected

U = TypeVar("U")
V = TypeVar("V")
E = TypeVar("E")
F = TypeVar("F")
C = TypeVar("C")
X = TypeVar("X", bound=Exception)


class Results(Reading[T_co]):
    """Steps and endings that know Ok and Err; an item that is neither raises TypeError."""

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

    def validate(
        self, validator: Callable[[T_co], Result[U, Any]], start: int = 0
    ) -> Chain[Result[U, Rejected[T_co]]]:
        """Ok of what a validator makes of each item, or Err of a bad one with its position and all issues.

        Args:
            validator: a Validator, or a function that gives Ok or Err.
            start: the position of the first item.

        Raises:
            PlanError: `validator` is neither, or `start` no whole number.

        Laziness: streams; a bad item is kept by its Err.

        >>> from engine import Chain
        >>> from engine.validation import integer
        >>> good, bad = Chain([1, "2"]).validate(integer()).partition_results()
        >>> good, bad[0].position, bad[0].issues[0].text
        ([1], 1, 'must be an integer, got text')
        """
        from engine.options import Validation  # noqa: PLC0415 (most chains validate nothing)
        from engine.validation import as_validator  # noqa: PLC0415

        options = Validation(as_validator(validator), require_count("start", start, -(1 << 63)))
        return self._with("validate", extra=options)

    @overload
    def map_ok(self: Results[Result[U, E]], f: Callable[[U], V]) -> Chain[Result[V, E]]: ...
    @overload
    def map_ok(self: Results[Result[Any, E]], f: Expr | str | int) -> Chain[Result[Any, E]]: ...
    def map_ok(self: Results[Any], f: Any) -> Chain[Any]:
        """Each Ok with what `f` makes of its value; each Err as it is.

        >>> from engine import Chain, Err, Ok
        >>> Chain([Ok(2), Err("late")]).map_ok(str).collect()
        [Ok(value='2'), Err(error='late')]
        """
        return self._with("map_ok", require_key("f", f, optional=False))

    def filter_ok(
        self: Results[Result[U, E]], predicate: Callable[[U], object] | Expr | str | int
    ) -> Chain[Result[U, E]]:
        """The items without each Ok for whose value `predicate` is false.

        >>> from engine import Chain, Err, Ok
        >>> Chain([Ok(0), Ok(1), Err("late")]).filter_ok(bool).collect()
        [Ok(value=1), Err(error='late')]
        """
        return self._with("filter_ok", require_key("predicate", predicate, optional=False))

    def and_then(self: Results[Result[U, E]], f: Callable[[U], Result[V, F]]) -> Chain[Result[V, E | F]]:
        """For each Ok the Result that `f` makes of its value; each Err as it is.

        >>> from engine import Chain, Err, Ok
        >>> Chain([Ok(4), Ok(0)]).and_then(lambda n: Ok(8 / n) if n else Err("zero")).collect()
        [Ok(value=2.0), Err(error='zero')]
        """
        return self._with("and_then", require_callable("f", f))

    def map_err(self: Results[Result[U, E]], f: Callable[[E], F]) -> Chain[Result[U, F]]:
        """Each Err with what `f` makes of its error; each Ok as it is.

        >>> from engine import Chain, Err, Ok
        >>> Chain([Ok(1), Err("late")]).map_err(str.upper).collect()
        [Ok(value=1), Err(error='LATE')]
        """
        return self._with("map_err", require_callable("f", f))

    def flatten_ok(self: Results[Result[Iterable[U], E]]) -> Chain[Result[U, E]]:
        """An Ok of each item of each Ok's iterable; each Err as it is.

        >>> from engine import Chain, Err, Ok
        >>> Chain([Ok([1, 2]), Err("late")]).flatten_ok().collect()
        [Ok(value=1), Ok(value=2), Err(error='late')]
        """
        return self._with("flatten_ok")

    def recover(self: Results[Result[U, E]], f: Callable[[E], V]) -> Chain[U | V]:
        """The value of each Ok, and what `f` makes of the error of each Err: no Results any more.

        >>> from engine import Chain, Err, Ok
        >>> Chain([Ok(1), Err("late")]).recover(len).collect()
        [1, 4]
        """
        return self._with("recover", require_callable("f", f))

    @overload
    def try_collect(
        self: Results[Result[U, E]], *, errors: Literal["first"] = "first"
    ) -> Result[list[U], E]: ...
    @overload
    def try_collect(self: Results[Result[U, E]], *, errors: Literal["all"]) -> Result[list[U], list[E]]: ...
    @overload
    def try_collect(
        self: Results[Result[U, E]], into: Callable[[list[U]], C], *, errors: Literal["first"] = "first"
    ) -> Result[C, E]: ...
    @overload
    def try_collect(
        self: Results[Result[U, E]], into: Callable[[list[U]], C], *, errors: Literal["all"]
    ) -> Result[C, list[E]]: ...
    def try_collect(
        self: Results[Any], into: Callable[[list[Any]], Any] = list, *, errors: str = "first"
    ) -> Result[Any, Any]:
        """Ok of all values when each item is Ok; else Err.

        Args:
            into: what to make of the list of values.
            errors: "first" ends at the first Err and gives it; "all" reads on, and gives a list of them.

        Raises:
            PlanError: `errors` is neither, or the chain never ends.

        >>> from engine import Chain
        >>> Chain(["1", "2"]).try_map(int, ValueError).try_collect()
        Ok(value=[1, 2])
        >>> Chain(["1", "x", "y"]).try_map(int, ValueError).map_err(str).try_collect(errors="all").is_ok()
        False
        """
        if errors not in {"first", "all"}:
            raise PlanError(f"errors must be first or all, got {brief(errors)}")
        values: list[Any] = []
        failures: list[Any] = []
        with self._reading_all("try_collect") as items:
            for item in items:
                if is_ok(item):
                    values.append(item.value)
                elif errors == "first":
                    return Err(item.error)
                else:
                    failures.append(item.error)
            return Err(failures) if failures else Ok(into(values))

    def process_ok(self: Results[Result[U, E]], f: Callable[[Iterator[U]], V]) -> Result[V, E]:
        """Ok of what `f` makes of an iterator over the values; the Err that it meets on the way instead.

        Laziness: the iterator ends at the first Err, and nothing behind it is read.

        >>> from engine import Chain
        >>> Chain(["1", "2"]).try_map(int, ValueError).process_ok(sum)
        Ok(value=3)
        """
        require_callable("f", f)
        failures: list[E] = []

        def values(items: Iterator[Any]) -> Iterator[U]:
            for item in items:
                if not is_ok(item):
                    failures.append(item.error)
                    return
                yield item.value

        with self._reading() as items:
            made = f(values(items))
        return Err(failures[0]) if failures else Ok(made)

    def partition_results(self: Results[Result[U, E]]) -> tuple[list[U], list[E]]:
        """The values of all Ok, and the errors of all Err, each in order.

        >>> from engine import Chain
        >>> oks, errors = Chain(["1", "x"]).try_map(int, ValueError).partition_results()
        >>> oks, len(errors)
        ([1], 1)
        """
        values: list[U] = []
        errors: list[E] = []
        with self._reading_all("partition_results") as items:
            item: Result[U, E]
            for item in items:
                match item:
                    case Ok(value):
                        values.append(value)
                    case Err(error):
                        errors.append(error)
        return values, errors
