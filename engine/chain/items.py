"""Steps that look at one item at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, TypeVarTuple, overload

from engine.chain.planned import Planned, T_co
from engine.expr import Expr
from engine.steps import require_callable, require_count, require_key

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from engine.chain import Chain

U = TypeVar("U")
Ts = TypeVarTuple("Ts")


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

    def par(self, workers: int | None = None) -> Chain[T_co]:
        """The next step, a map or try_map, runs on several threads: in order, with a bounded window.

        Pays when the function waits or releases the GIL.

        Args:
            workers: threads; by default the processors this process may run on.

        Raises:
            PlanError: `workers` is less than 1, or another step follows.

        >>> from engine import Chain
        >>> Chain([b"a", b"bc"]).par(2).map(len).collect()
        [1, 2]
        """
        return self._with("par", count=0 if workers is None else require_count("workers", workers, 1))
