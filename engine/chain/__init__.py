"""Chain: an immutable plan over a source. Building never runs; an ending does."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from engine.chain.endings import Endings
from engine.chain.items import Items
from engine.chain.joins import Joins
from engine.chain.keys import Keys
from engine.chain.order import Order
from engine.chain.planned import T_co, restore
from engine.chain.results import Results
from engine.sources import Source, as_source
from engine.steps import Step, require_callable

__all__ = ["Chain"]

U = TypeVar("U")

# A repr is one line, however long the chain.
_SHOWN_STEPS = 8


class Chain(Items[T_co], Order[T_co], Keys[T_co], Joins[T_co], Results[T_co], Endings[T_co]):
    """A frozen plan: where items come from, and the steps they go through.

    Each method returns a new chain; nothing is read until an ending (`collect`, `fold`, `first`, a `for`
    loop) runs it. A chain over a list, range, table or factory runs as often as one likes; over a one-shot
    iterator (a generator, an open file) it runs once, and a second run of it or of any branch raises
    SourceConsumedError. Where a function is asked for, a field name, a position or an expression of `it`
    will do, and is faster.

    Laziness: nothing is read when a chain is built, printed, compared or pickled.
    Safety: may be shared between threads; each run has its own state. The iterator of one run belongs to
        one thread at a time, and says so with ReentrantError.

    >>> people = [{"name": "Ada", "age": 36}, {"name": "Kim", "age": 17}]
    >>> Chain(people).filter(lambda person: person["age"] >= 18).map("name").collect()
    ['Ada']
    """

    __slots__ = ()

    def __init__(self, source: Iterable[T_co]) -> None:
        """A chain over any iterable; of a NumPy array, its elements as Python objects.

        Raises:
            PlanError: the source can not be iterated.
        """
        steps: tuple[Step, ...] = ()
        if isinstance(source, Chain):
            origin, steps = source._source, source._steps  # noqa: SLF001 (of another chain)
        else:
            origin = as_source(source)
        object.__setattr__(self, "_source", origin)
        object.__setattr__(self, "_steps", steps)

    @staticmethod
    def from_factory(factory: Callable[[], Iterable[U]]) -> Chain[U]:
        """A chain that asks `factory` for a fresh iterable at each run, and so can be run again.

        A generator, file or cursor that the factory made is closed when the run ends early.

        >>> lines = Chain.from_factory(lambda: iter(["a", "b"]))
        >>> lines.count(), lines.count()
        (2, 2)
        """
        chain: Chain[U] = restore(Chain, Source(None, require_callable("factory", factory)), ())
        return chain

    @staticmethod
    def range(*bounds: int) -> Chain[int]:
        """Whole numbers, with the arguments of the built-in range.

        >>> Chain.range(3).to_list()
        [0, 1, 2]
        """
        return Chain(builtins.range(*bounds))

    @staticmethod
    def once(item: U) -> Chain[U]:
        """A chain of one item.

        >>> Chain.once("a").to_list()
        ['a']
        """
        return Chain((item,))

    @staticmethod
    def empty() -> Chain[Any]:
        """A chain of nothing.

        >>> Chain.empty().count()
        0
        """
        return Chain(())

    def __repr__(self) -> str:
        """The plan in one line; nothing is read and no item is shown."""
        steps = "".join(f".{step.shown()}" for step in self._steps[-_SHOWN_STEPS:])
        hidden = len(self._steps) - _SHOWN_STEPS
        return f"Chain({self._source}){f'.<{hidden} steps>' if hidden > 0 else ''}{steps}"
