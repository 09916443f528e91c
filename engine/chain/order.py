"""Steps that depend on where an item stands: cuts from either end, and other orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from engine.chain.planned import Planned, T_co
from engine.errors import PlanError
from engine.expr import Expr
from engine.kernels.objects.place import brief
from engine.steps import require_count, require_key

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
Predicate = Callable[[T_co], object] | Expr | str | int


class Order(Planned[T_co]):
    """Cutting by position or predicate; the common ones are fused with their neighbours into one loop."""

    __slots__ = ()

    def take(self, n: int) -> Chain[T_co]:
        """The first `n` items. Exactly `n` are read, and generators above are closed with the last.

        >>> from engine import Chain
        >>> from itertools import count
        >>> Chain(count()).take(3).collect()
        [0, 1, 2]
        """
        return self._with("take", count=require_count("n", n, 0))

    def skip(self, n: int) -> Chain[T_co]:
        """All but the first `n` items.

        >>> from engine import Chain
        >>> Chain.range(5).skip(3).collect()
        [3, 4]
        """
        return self._with("skip", count=require_count("n", n, 0))

    def take_last(self, n: int) -> Chain[T_co]:
        """The last `n` items, in order.

        Laziness: reads all items first; n are in memory.

        >>> from engine import Chain
        >>> Chain.range(5).take_last(2).collect()
        [3, 4]
        """
        return self._with("take_last", count=require_count("n", n, 0))

    def skip_last(self, n: int) -> Chain[T_co]:
        """All but the last `n` items.

        Laziness: streams; n items are in memory.

        >>> from engine import Chain
        >>> Chain.range(5).skip_last(2).collect()
        [0, 1, 2]
        """
        return self._with("skip_last", count=require_count("n", n, 0))

    def slice(self, start: int, stop: int | None = None, step: int = 1) -> Chain[T_co]:
        """The items at the positions from `start` to before `stop`, every `step`th; as of a list.

        Raises:
            PlanError: a bound is negative, or `step` is less than 1.

        Laziness: streams; nothing behind the last position is read.

        >>> from engine import Chain
        >>> Chain("abcdef").slice(1, 5, 2).join_str("")
        'bd'
        """
        bounds = (
            require_count("start", start, 0),
            None if stop is None else require_count("stop", stop, 0),
            require_count("step", step, 1),
        )
        return self._with("slice", extra=bounds)

    def step_by(self, n: int) -> Chain[T_co]:
        """Every `n`th item, beginning with the first.

        >>> from engine import Chain
        >>> Chain.range(7).step_by(3).collect()
        [0, 3, 6]
        """
        return self._with("step_by", count=require_count("n", n, 1))

    def take_while(self, predicate: Predicate[T_co], *, inclusive: bool = False) -> Chain[T_co]:
        """The items before the first for which `predicate` is false; `inclusive`: with that one.

        >>> from engine import Chain
        >>> Chain([1, 2, 9, 1]).take_while(lambda n: n < 5).collect()
        [1, 2]
        >>> Chain([1, 2, 9, 1]).take_while(lambda n: n < 5, inclusive=True).collect()
        [1, 2, 9]
        """
        verb = "take_while_inclusive" if inclusive else "take_while"
        return self._with(verb, require_key("predicate", predicate, optional=False))

    def skip_while(self, predicate: Predicate[T_co]) -> Chain[T_co]:
        """The items from the first on for which `predicate` is false.

        >>> from engine import Chain
        >>> Chain([1, 2, 9, 1]).skip_while(lambda n: n < 5).collect()
        [9, 1]
        """
        return self._with("skip_while", require_key("predicate", predicate, optional=False), count=1)

    def while_some(self: Order[U | None]) -> Chain[U]:
        """The items before the first None.

        >>> from engine import Chain
        >>> Chain([1, 2, None, 3]).while_some().collect()
        [1, 2]
        """
        return self._with("while_some")

    def positions(self, predicate: Predicate[T_co]) -> Chain[int]:
        """The positions of the items for which `predicate` is true.

        >>> from engine import Chain
        >>> Chain("abca").positions(lambda letter: letter == "a").collect()
        [0, 3]
        """
        return self._with("positions", require_key("predicate", predicate, optional=False))

    def pad_to(self, n: int, value: U) -> Chain[T_co | U]:
        """The items, and after them `value` as often as is needed for `n` in all.

        >>> from engine import Chain
        >>> Chain("ab").pad_to(4, "-").join_str("")
        'ab--'
        """
        return self._with("pad_to", count=require_count("n", n, 0), extra=value)

    def cycle(self, n: int | None = None) -> Chain[T_co]:
        """The items again and again: `n` rounds, or without end.

        Laziness: streams; all items are in memory from the second round on, the source is read once.

        >>> from engine import Chain
        >>> Chain("ab").cycle(2).join_str("")
        'abab'
        """
        return self._with("cycle", count=0 if n is None else require_count("n", n, 1))

    def reverse(self) -> Chain[T_co]:
        """The items from the last to the first.

        Laziness: reads all items first; all are in memory.

        >>> from engine import Chain
        >>> Chain.range(3).reverse().collect()
        [2, 1, 0]
        """
        return self._with("reverse")

    def shuffle(self, seed: int | str | bytes) -> Chain[T_co]:
        """The items in an order that depends on nothing but the seed and their number.

        Raises:
            PlanError: the seed is neither a whole number nor a text.

        Laziness: reads all items first; all are in memory.

        >>> from engine import Chain
        >>> Chain.range(9).shuffle(7).collect() == Chain.range(9).shuffle(7).collect()
        True
        """
        return self._with("shuffle", extra=_require_seed(seed))


def _require_seed(seed: object) -> Any:
    if isinstance(seed, int | str | bytes):
        return seed
    raise PlanError(f"seed must be a whole number or a text, got {brief(seed)}")
