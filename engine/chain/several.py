"""Steps over several inputs: one after the other, side by side, and each with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from engine.chain.planned import Planned, T_co
from engine.errors import PlanError
from engine.kernels.objects.place import brief
from engine.sources import Source, as_source
from engine.steps import require_count

if TYPE_CHECKING:
    from engine.chain import Chain

U = TypeVar("U")
V = TypeVar("V")
W = TypeVar("W")
X = TypeVar("X")
D = TypeVar("D")


class Several(Planned[T_co]):
    """Other inputs are opened by the run, and closed with it; a one-shot one serves one run."""

    __slots__ = ()

    def concat(self, *others: Iterable[U]) -> Chain[T_co | U]:
        """The items, and then those of each other input.

        >>> from engine import Chain
        >>> Chain("a").concat("bc", "d").join_str("")
        'abcd'
        """
        return self._with("concat", extra=_sources(others))

    def interleave(
        self, *others: Iterable[U], stop: Literal["longest", "shortest"] = "longest"
    ) -> Chain[T_co | U]:
        """One item of each input in turn.

        Args:
            others: the inputs that follow this one in each round.
            stop: "longest" goes on with the inputs that have more; "shortest" ends with the first that is
                asked for an item and has none.

        Raises:
            PlanError: `stop` is neither.

        >>> from engine import Chain
        >>> Chain("abc").interleave("12").join_str("")
        'a1b2c'
        """
        return self._with("interleave", extra=(_sources(others), _require_stop(stop)))

    @overload
    def zip(self, a: Iterable[U], /) -> Chain[tuple[T_co, U]]: ...
    @overload
    def zip(self, a: Iterable[U], b: Iterable[V], /) -> Chain[tuple[T_co, U, V]]: ...
    @overload
    def zip(self, a: Iterable[U], b: Iterable[V], c: Iterable[W], /) -> Chain[tuple[T_co, U, V, W]]: ...
    @overload
    def zip(
        self, a: Iterable[U], b: Iterable[V], c: Iterable[W], d: Iterable[X], /
    ) -> Chain[tuple[T_co, U, V, W, X]]: ...
    @overload
    def zip(self, *others: Iterable[Any]) -> Chain[tuple[Any, ...]]: ...
    def zip(self, *others: Iterable[Any]) -> Chain[Any]:
        """Each item with the one at the same place of each other input; ends with the shortest.

        >>> from engine import Chain
        >>> Chain("ab").zip([1, 2, 3]).collect()
        [('a', 1), ('b', 2)]
        """
        return self._with("zip", extra=_sources(others))

    @overload
    def zip_eq(self, a: Iterable[U], /) -> Chain[tuple[T_co, U]]: ...
    @overload
    def zip_eq(self, a: Iterable[U], b: Iterable[V], /) -> Chain[tuple[T_co, U, V]]: ...
    @overload
    def zip_eq(self, a: Iterable[U], b: Iterable[V], c: Iterable[W], /) -> Chain[tuple[T_co, U, V, W]]: ...
    @overload
    def zip_eq(
        self, a: Iterable[U], b: Iterable[V], c: Iterable[W], d: Iterable[X], /
    ) -> Chain[tuple[T_co, U, V, W, X]]: ...
    @overload
    def zip_eq(self, *others: Iterable[Any]) -> Chain[tuple[Any, ...]]: ...
    def zip_eq(self, *others: Iterable[Any]) -> Chain[Any]:
        """As `zip`, of inputs that must be equally long: the run raises LengthError when one is short.

        >>> from engine import Chain
        >>> Chain("ab").zip_eq([1, 2]).collect()
        [('a', 1), ('b', 2)]
        """
        return self._with("zip_eq", extra=_sources(others))

    @overload
    def zip_longest(
        self, a: Iterable[U], /, *, fill: None = None
    ) -> Chain[tuple[T_co | None, U | None]]: ...
    @overload
    def zip_longest(self, a: Iterable[U], /, *, fill: D) -> Chain[tuple[T_co | D, U | D]]: ...
    @overload
    def zip_longest(
        self, a: Iterable[U], b: Iterable[V], /, *, fill: None = None
    ) -> Chain[tuple[T_co | None, U | None, V | None]]: ...
    @overload
    def zip_longest(
        self, a: Iterable[U], b: Iterable[V], /, *, fill: D
    ) -> Chain[tuple[T_co | D, U | D, V | D]]: ...
    @overload
    def zip_longest(self, *others: Iterable[Any], fill: Any = None) -> Chain[tuple[Any, ...]]: ...
    def zip_longest(self, *others: Iterable[Any], fill: Any = None) -> Chain[Any]:
        """As `zip`, to the end of the longest; `fill` stands where an input has no more.

        >>> from engine import Chain
        >>> Chain("ab").zip_longest([1]).collect()
        [('a', 1), ('b', None)]
        """
        return self._with("zip_longest", extra=(_sources(others), fill))

    @overload
    def zip_offset(self, a: Iterable[U], /, *, offsets: Sequence[int]) -> Chain[tuple[T_co, U]]: ...
    @overload
    def zip_offset(self, *others: Iterable[Any], offsets: Sequence[int]) -> Chain[tuple[Any, ...]]: ...
    def zip_offset(self, *others: Iterable[Any], offsets: Sequence[int]) -> Chain[Any]:
        """As `zip`, with each input beginning at its own position.

        Args:
            others: the other inputs.
            offsets: how many items to skip, one number for each input and this one first.

        Raises:
            PlanError: there are more or fewer offsets than inputs, or one is negative.

        >>> from engine import Chain
        >>> Chain("abc").zip_offset("abc", offsets=(0, 1)).collect()
        [('a', 'b'), ('b', 'c')]
        """
        return self._with(
            "zip_offset", extra=(_sources(others), _require_offsets(offsets, len(others) + 1))
        )

    @overload
    def product(self, a: Iterable[U], /) -> Chain[tuple[T_co, U]]: ...
    @overload
    def product(self, a: Iterable[U], b: Iterable[V], /) -> Chain[tuple[T_co, U, V]]: ...
    @overload
    def product(self, a: Iterable[U], b: Iterable[V], c: Iterable[W], /) -> Chain[tuple[T_co, U, V, W]]: ...
    @overload
    def product(
        self, a: Iterable[U], b: Iterable[V], c: Iterable[W], d: Iterable[X], /
    ) -> Chain[tuple[T_co, U, V, W, X]]: ...
    @overload
    def product(self, *others: Iterable[Any]) -> Chain[tuple[Any, ...]]: ...
    def product(self, *others: Iterable[Any]) -> Chain[Any]:
        """Each item with each combination of items of the other inputs.

        Laziness: the items stream; the others are read into memory at the first item.

        >>> from engine import Chain
        >>> Chain("ab").product([1, 2]).collect()
        [('a', 1), ('a', 2), ('b', 1), ('b', 2)]
        """
        return self._with("product", extra=_sources(others))


def _sources(others: Iterable[Iterable[Any]]) -> tuple[Source, ...]:
    return tuple(map(as_source, others))


def _require_stop(stop: object) -> str:
    if stop in {"longest", "shortest"}:
        return str(stop)
    raise PlanError(f"stop must be longest or shortest, got {brief(stop)}")


def _require_offsets(offsets: Sequence[int], inputs: int) -> tuple[int, ...]:
    if len(offsets) != inputs:
        raise PlanError(f"offsets must be {inputs}, one for each input, got {len(offsets)}")
    return tuple(require_count("each offset", offset, 0) for offset in offsets)
