"""Choices of some items among all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from engine.chain.planned import Planned, T_co
from engine.steps import require_count

if TYPE_CHECKING:
    from engine.chain import Chain


class Choices(Planned[T_co]):
    """In the order of the items; all are read before the first choice comes out, and stay in memory."""

    __slots__ = ()

    @overload
    def combinations(self, k: Literal[2], *, replacement: bool = False) -> Chain[tuple[T_co, T_co]]: ...
    @overload
    def combinations(
        self, k: Literal[3], *, replacement: bool = False
    ) -> Chain[tuple[T_co, T_co, T_co]]: ...
    @overload
    def combinations(self, k: int, *, replacement: bool = False) -> Chain[tuple[T_co, ...]]: ...
    def combinations(self, k: int, *, replacement: bool = False) -> Chain[Any]:
        """Each choice of `k` items, in their order; `replacement`: an item may be chosen again.

        Cost: as many tuples as there are choices.

        >>> from engine import Chain
        >>> Chain("abc").combinations(2).map("".join).collect()
        ['ab', 'ac', 'bc']
        >>> Chain("ab").combinations(2, replacement=True).map("".join).collect()
        ['aa', 'ab', 'bb']
        """
        verb = "combinations_repeating" if replacement else "combinations"
        return self._with(verb, count=require_count("k", k, 0))

    @overload
    def permutations(self, k: Literal[2]) -> Chain[tuple[T_co, T_co]]: ...
    @overload
    def permutations(self, k: Literal[3]) -> Chain[tuple[T_co, T_co, T_co]]: ...
    @overload
    def permutations(self, k: int) -> Chain[tuple[T_co, ...]]: ...
    def permutations(self, k: int) -> Chain[Any]:
        """Each choice of `k` items in each order.

        Cost: as many tuples as there are choices.

        >>> from engine import Chain
        >>> Chain("abc").permutations(2).map("".join).collect()
        ['ab', 'ac', 'ba', 'bc', 'ca', 'cb']
        """
        return self._with("permutations", count=require_count("k", k, 0))

    def powerset(self) -> Chain[tuple[T_co, ...]]:
        """Each choice of any number of items, the smaller first.

        Cost: 2 to the power of the number of items.

        >>> from engine import Chain
        >>> Chain("ab").powerset().map("".join).collect()
        ['', 'a', 'b', 'ab']
        """
        return self._with("powerset")
