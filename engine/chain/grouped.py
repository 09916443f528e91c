"""What `group_by` gives: a chain of (key, list), and ways to make less than a list of each group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from engine.chain import Chain
from engine.chain.planned import restore
from engine.options import require_aggregates
from engine.steps import Step, require_callable

if TYPE_CHECKING:
    from engine.aggregates import Aggregate

K_co = TypeVar("K_co", covariant=True)
T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
A = TypeVar("A")


class Grouped(Chain[tuple[K_co, list[T_co]]]):
    """A chain of (key, list of items); with `agg`, `fold` or `reduce` the lists are never made.

    >>> from engine import Chain
    >>> Chain(["ada", "bo", "alf"]).group_by(0).collect()
    [('a', ['ada', 'alf']), ('b', ['bo'])]
    """

    __slots__ = ()

    def items(self) -> Chain[tuple[K_co, list[T_co]]]:
        """The same as a chain and no more: there, `fold` and `reduce` are over the pairs."""
        chain: Chain[tuple[K_co, list[T_co]]] = restore(Chain, self._source, self._steps)
        return chain

    def agg(self, **named: Aggregate) -> Chain[tuple[K_co, dict[str, Any]]]:
        """(key, values by name) of each group, in the order in which the keys were first seen.

        Args:
            named: what to make of each group: `it["amount"].sum()`, `it.count()`, `it["name"].first()`, …

        Raises:
            PlanError: none was named, or one is no aggregate.

        Laziness: reads all items first; one value for each group and name is in memory.

        >>> from engine import Chain, it
        >>> sales = [("ada", 3), ("bo", 4), ("ada", 5)]
        >>> Chain(sales).group_by(0).agg(total=it[1].sum(), n=it.count()).collect()
        [('ada', {'total': 8, 'n': 2}), ('bo', {'total': 4, 'n': 1})]
        """
        return self._instead("agg_groups", require_aggregates(named))

    def fold(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # in each group
        self, initial: Callable[[], A], f: Callable[[A, T_co], A]
    ) -> Chain[tuple[K_co, A]]:
        """(key, state) of each group: `f(state, item)` over its items, from what `initial()` gives.

        >>> from engine import Chain
        >>> words = Chain(["ada", "bo", "alf"])
        >>> words.group_by(0).fold(int, lambda total, word: total + len(word)).collect()
        [('a', 6), ('b', 2)]
        """
        return self._instead(
            "fold_groups", (require_callable("initial", initial), require_callable("f", f))
        )

    def reduce(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # in each group
        self: Grouped[K_co, T], f: Callable[[T, T], T]
    ) -> Chain[tuple[K_co, T]]:
        """(key, item) of each group: a fold that begins with its first item.

        >>> from engine import Chain
        >>> Chain([4, 7, 6, 1]).group_by(lambda n: n % 2).reduce(max).collect()
        [(0, 6), (1, 7)]
        """
        return self._instead("reduce_groups", require_callable("f", f))

    def _having(self, steps: tuple[Step, ...]) -> Chain[Any]:
        """What follows a step on the pairs is an ordinary chain."""
        chain: Chain[Any] = restore(Chain, self._source, steps)
        return chain

    def _instead(self, verb: str, extra: Any) -> Chain[Any]:
        """The chain with its last step, the group_by, replaced."""
        step = replace(self._steps[-1], verb=verb, extra=extra)
        return self._having((*self._steps[:-1], step))
