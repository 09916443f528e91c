"""Chain: an immutable plan over a source. Building never runs; an ending does."""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from engine.chain.choices import Choices
from engine.chain.comparing import Comparing
from engine.chain.endings import Endings
from engine.chain.extremes import Extremes
from engine.chain.folding import Folding
from engine.chain.gathering import Gathering
from engine.chain.items import Items
from engine.chain.joins import Joins
from engine.chain.keys import Keys
from engine.chain.looking import Looking
from engine.chain.neighbours import Neighbours
from engine.chain.order import Order
from engine.chain.ordered import Ordered
from engine.chain.planned import T_co, restore
from engine.chain.results import Results
from engine.chain.searching import Searching
from engine.chain.several import Several
from engine.chain.sharing import Sharing
from engine.origins import Called, Iterated, Lines, Records, Repeated, Unfolded
from engine.sources import Source, as_source
from engine.steps import Step, require_callable, require_count

__all__ = ["Chain"]

U = TypeVar("U")
S = TypeVar("S")

# A repr is one line, however long the chain.
_SHOWN_STEPS = 8


class Chain(
    Items[T_co],
    Order[T_co],
    Neighbours[T_co],
    Several[T_co],
    Keys[T_co],
    Joins[T_co],
    Ordered[T_co],
    Choices[T_co],
    Results[T_co],
    Sharing[T_co],
    Looking[T_co],
    Searching[T_co],
    Comparing[T_co],
    Folding[T_co],
    Extremes[T_co],
    Gathering[T_co],
    Endings[T_co],
):
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

    @staticmethod
    def repeat(item: U, n: int | None = None) -> Chain[U]:
        """The item `n` times, or without end.

        >>> Chain.repeat("a", 3).join_str("")
        'aaa'
        """
        return Chain(Repeated(item, None if n is None else require_count("n", n, 0)))

    @staticmethod
    def from_fn(f: Callable[[], U | None]) -> Chain[U]:
        """What `f` gives when it is called again and again; None ends the chain.

        >>> waiting = ["b", "a"]
        >>> Chain.from_fn(lambda: waiting.pop() if waiting else None).collect()
        ['a', 'b']
        """
        return Chain(Called(require_callable("f", f)))

    @staticmethod
    def unfold(state: S, f: Callable[[S], tuple[U, S] | None]) -> Chain[U]:
        """The items that `f` makes of a state: it gives the item and the next state, or None to end.

        >>> Chain.unfold((0, 1), lambda s: (s[0], (s[1], s[0] + s[1]))).take(7).collect()
        [0, 1, 1, 2, 3, 5, 8]
        """
        return Chain(Unfolded(state, require_callable("f", f)))

    @staticmethod
    def iterate(item: U, f: Callable[[U], U]) -> Chain[U]:
        """`item`, `f(item)`, `f(f(item))` and so on, without end.

        >>> Chain.iterate(1, lambda n: n * 2).take(5).collect()
        [1, 2, 4, 8, 16]
        """
        return Chain(Iterated(item, require_callable("f", f)))

    @staticmethod
    def lines(path: str | os.PathLike[str], encoding: str = "utf-8") -> Chain[str]:
        r"""The lines of a text file, without their ends; it can be run again.

        Laziness: each run opens the file, and closes it when it ends, early too.

        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w+") as file:
        ...     _ = file.write("a\nb\n")
        ...     file.flush()
        ...     Chain.lines(file.name).collect()
        ['a', 'b']
        """
        return Chain(Lines(path, encoding))

    @staticmethod
    def records(table: Any) -> Chain[dict[str, Any]]:
        """The rows of a table as dicts, with Python objects in them.

        Args:
            table: a mapping of equally long columns, a frame with `iter_rows(named=True)` (polars), or a
                NumPy array with named fields.

        Raises:
            PlanError: it is none of these, or its columns differ in length.

        >>> Chain.records({"name": ["Ada", "Kim"], "age": [36, 17]}).first()
        {'name': 'Ada', 'age': 36}
        """
        return Chain(Records(table))

    def __repr__(self) -> str:
        """The plan in one line; nothing is read and no item is shown."""
        steps = "".join(f".{step.shown()}" for step in self._steps[-_SHOWN_STEPS:])
        hidden = len(self._steps) - _SHOWN_STEPS
        return f"Chain({self._source}){f'.<{hidden} steps>' if hidden > 0 else ''}{steps}"
