"""Steps that look at one item at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, TypeVarTuple, get_args, overload

from engine.chain.planned import Planned, T_co
from engine.expr import Expr
from engine.options import Backend, Parallel, require_choice
from engine.steps import require_callable, require_count, require_key

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from engine.chain import Chain

U = TypeVar("U")
Ts = TypeVarTuple("Ts")

_BACKENDS = get_args(Backend)


class Items(Planned[T_co]):
    """map, filter and their kin: fused with their neighbours into one loop."""

    __slots__ = ()

    @overload
    def map(self, f: Callable[[T_co], U]) -> Chain[U]: ...
    @overload
    def map(self, f: Expr | str | int) -> Chain[Any]: ...
    def map(self, f: Any) -> Chain[Any]:
        """What `f` makes of each item; a field name or position takes that part of it.

        Raises:
            PlanError: `f` is neither callable, text, whole number nor expression.

        Laziness: streams; nothing is held.

        >>> from engine import Chain
        >>> Chain([{"x": 1}, {"x": 2}]).map("x").map(str).collect()
        ['1', '2']
        """
        return self._with("map", require_key("f", f, optional=False))

    @overload
    def filter(self, predicate: Callable[[T_co], TypeIs[U]]) -> Chain[U]: ...
    @overload
    def filter(self, predicate: Callable[[T_co], TypeGuard[U]]) -> Chain[U]: ...
    @overload
    def filter(self, predicate: Callable[[T_co], object] | Expr | str | int) -> Chain[T_co]: ...
    def filter(self, predicate: Any) -> Chain[Any]:
        """The items for which `predicate` is true; a field name or position asks that part of them.

        >>> from engine import Chain
        >>> Chain.range(6).filter(lambda n: n % 2).collect()
        [1, 3, 5]
        """
        return self._with("filter", require_key("predicate", predicate, optional=False))

    @overload
    def filter_map(self, f: Callable[[T_co], U | None]) -> Chain[U]: ...
    @overload
    def filter_map(self, f: Expr | str | int) -> Chain[Any]: ...
    def filter_map(self, f: Any) -> Chain[Any]:
        """What `f` makes of each item, without the Nones.

        >>> from engine import Chain
        >>> Chain(["1", "x", "2"]).filter_map(lambda text: int(text) if text.isdigit() else None).collect()
        [1, 2]
        """
        return self._with("filter_map", require_key("f", f, optional=False))

    @overload
    def flat_map(self, f: Callable[[T_co], Iterable[U]]) -> Chain[U]: ...
    @overload
    def flat_map(self, f: Expr | str | int) -> Chain[Any]: ...
    def flat_map(self, f: Any) -> Chain[Any]:
        """All items of the iterables that `f` makes of each item, in order.

        Laziness: one iterable is open at a time, and is closed when the run ends early.

        >>> from engine import Chain
        >>> Chain([1, 2]).flat_map(lambda n: [n] * n).collect()
        [1, 2, 2]
        """
        return self._with("flat_map", require_key("f", f, optional=False))

    def flatten(self: Items[Iterable[U]]) -> Chain[U]:
        """All items of items that are iterables, in order; one level.

        >>> from engine import Chain
        >>> Chain([[1], [], [2, 3]]).flatten().collect()
        [1, 2, 3]
        """
        return self._with("flatten")

    def starmap(self: Items[tuple[*Ts]], f: Callable[[*Ts], U]) -> Chain[U]:
        """What `f` makes of the parts of each item: `f(*item)`.

        >>> from engine import Chain
        >>> Chain([(2, 3), (3, 2)]).starmap(pow).collect()
        [8, 9]
        """
        return self._with("starmap", require_callable("f", f))

    def inspect(self, f: Callable[[T_co], object]) -> Chain[T_co]:
        """The items unchanged; `f` sees each of them on the way.

        >>> from engine import Chain
        >>> seen = []
        >>> Chain("ab").inspect(seen.append).count(), seen
        (2, ['a', 'b'])
        """
        return self._with("inspect", require_callable("f", f))

    def enumerate(self, start: int = 0) -> Chain[tuple[int, T_co]]:
        """Each item after its number.

        >>> from engine import Chain
        >>> Chain("ab").enumerate(1).collect()
        [(1, 'a'), (2, 'b')]
        """
        return self._with("enumerate", extra=require_count("start", start, -(1 << 63)))

    def par(
        self,
        workers: int | None = None,
        *,
        backend: Backend = "auto",
        io: bool = False,
        ordered: bool = True,
        in_flight: int | None = None,
        pure: bool | None = None,
    ) -> Chain[T_co]:
        """The next step, a map, try_map or filter, is computed beside itself, where that pays.

        An expression runs in C as ever. A function is first called here; when a millisecond has gone into
        it and more is to come, two calls at once are tried. If they take less time, threads go on; if not
        (Python code takes its turns on the interpreter's lock), processes do, provided that the function
        pickles and enough is left to pay for starting them; else it stays here. `explain()` says what keeps
        it from processes, `explain(analyze=True)` what was chosen and why.

        Args:
            workers: how many at once; by default the processors this process may run on.
            backend: `threads`, `processes` or `serial` instead of measuring. A process has a copy of the
                function: what that changes outside of itself is lost. Processes that load a function of the
                main file need `if __name__ == "__main__":` there, as those of multiprocessing do.
            io: the function waits for something else: one thread for each call from the first item on.
            ordered: whether results come in the order of their items, or as they are ready.
            in_flight: how many chunks of items are read ahead; two for each worker by default.
            pure: whether calls may be made again when the process that made them dies: once, with the same
                items. By default `verdict_of` reads the function, and only then; true and false say it.

        Raises:
            PlanError: a number is less than 1, there is no such backend, the function does not pickle for
                processes, or another step follows.

        An error appears in its place, after the results before it; with `ordered=False`, after what is
        ready. The error of the lowest item wins, what has not begun is cancelled, and the workers live on.
        Inside of a worker everything is serial.

        Laziness: nothing is read before the first pull. Chunks are at most ten milliseconds of calls on
            threads and two hundred in processes, one item each with `io`, and no more than `in_flight`
            of them are read of which no result was handed out.

        >>> from engine import Chain
        >>> Chain([b"a", b"bc"]).par(2, backend="threads").map(len).collect()
        [1, 2]
        """
        options = Parallel(
            None if workers is None else require_count("workers", workers, 1),
            require_choice("backend", backend, _BACKENDS),  # type: ignore[arg-type]  # one of these
            io,
            ordered,
            None if in_flight is None else require_count("in_flight", in_flight, 1),
            pure,
        )
        return self._with("par", extra=options)
