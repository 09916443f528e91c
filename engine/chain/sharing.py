"""One run for several readers, and a chain as the argument of a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from engine.chain.planned import Planned, T_co, restore
from engine.sharing import Cached, Peekable, Shared
from engine.sources import Source
from engine.steps import require_callable

if TYPE_CHECKING:
    from engine.chain import Chain

P = ParamSpec("P")
U = TypeVar("U")


class Sharing(Planned[T_co]):
    """Nothing here reads before an ending asks."""

    __slots__ = ()

    def cache(self) -> Chain[T_co]:
        """The same items, computed once: the first run stores them, later runs and branches reuse them.

        Runs may overlap, on several threads too; each item is computed by whoever needs it first.

        Laziness: reads as far as the run that goes furthest. All items read stay in memory. A run that
            ends early leaves the source open for the others.

        >>> from engine import Chain
        >>> lines = Chain(iter(["a", "b"])).cache()
        >>> lines.count(), lines.first()
        (2, 'a')
        """
        chain: Chain[T_co] = restore(type(self), Source(Cached(self)), ())
        return chain

    def shared(self) -> Shared[T_co]:
        """One iterator that several threads or chains may pull from: each item goes to one of them.

        >>> from engine import Chain
        >>> work = Chain.range(5).shared()
        >>> Chain(work).take(2).collect(), Chain(work).collect()
        ([0, 1], [2, 3, 4])
        """
        return Shared(self)

    def peekable(self) -> Peekable[T_co]:
        """An iterator with `peek(default)`: the next item, which stays where it is.

        >>> from engine import Chain
        >>> items = Chain("ab").peekable()
        >>> items.peek(None), next(items), next(items), items.peek(None)
        ('a', 'a', 'b', None)
        """
        return Peekable(iter(self))

    def pipe(self, f: Callable[Concatenate[Chain[T_co], P], U], *args: P.args, **kwargs: P.kwargs) -> U:
        """What `f` makes of this chain: `f(chain, ...)`, for steps of your own.

        >>> from engine import Chain
        >>> def without(chain, unwanted):
        ...     return chain.filter(lambda item: item != unwanted)
        >>> Chain("abc").pipe(without, "b").join_str("")
        'ac'
        """
        chain: Any = self
        require_callable("f", f)
        return f(chain, *args, **kwargs)
