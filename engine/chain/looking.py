"""What can be known of a chain before it runs, and a look at its first items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard

from engine.chain.planned import Planned, T_co, restore
from engine.extents import extent_of, is_endless
from engine.options import JoinOptions, MergeOptions
from engine.sources import Extent, Measured, Source
from engine.steps import Step, require_count, require_label
from engine.streams.stream import is_plain_tuple

if TYPE_CHECKING:
    from engine.chain import Chain


class Looking(Planned[T_co], Measured):
    """None of this takes items from later runs."""

    __slots__ = ()

    @property
    def extent(self) -> Extent:
        """All that is known of the number of items: `lower`, `upper`, and whether it is `endless`.

        >>> from engine import Chain
        >>> Chain.repeat("a").filter(str.isalpha).extent
        Extent(lower=0, upper=None, endless=True)
        """
        try:
            return extent_of(self._source, self._steps)
        except RecursionError:  # chains inside chains, hundreds deep: no bound is better than no answer
            return Extent(endless=self.is_infinite())

    def size_hint(self) -> tuple[int, int | None]:
        """At least and at most how many items come out; None when no bound is known.

        Laziness: nothing is read. An endless chain has `sys.maxsize` and None.

        >>> from engine import Chain
        >>> Chain.range(10).filter(bool).take(4).size_hint()
        (0, 4)
        """
        lower, upper, _ = self.extent
        return (lower, upper)

    def is_infinite(self) -> bool:
        """Whether the chain is known never to end; endings that need its last item refuse it.

        >>> from engine import Chain
        >>> Chain.repeat("a").is_infinite(), Chain.repeat("a").take(2).is_infinite()
        (True, False)
        """
        return is_endless(self._source, self._steps)

    def preview(self, n: int = 10) -> list[T_co]:
        """The first `n` items that come out; what that reads of a one-shot source is kept for later runs.

        Raises:
            SourceConsumedError: a one-shot source was read by a run before.

        Laziness: no more is read than for `take(n)`. Functions of the steps are called, and again by later
            runs.

        >>> from engine import Chain
        >>> chain = Chain(iter("abc")).map(str.upper)
        >>> chain.preview(1), chain.collect()
        (['A'], ['A', 'B', 'C'])
        """
        chain: Planned[T_co] = restore(
            type(self), previewed(self._source), tuple(map(_previewed_step, self._steps))
        )
        taken = chain._with("take", count=require_count("n", n, 0))  # noqa: SLF001 (as above)
        return taken.to_list()

    def progress(
        self, label: str | None = None, *, total: int | None = None, shown: bool | None = None
    ) -> Chain[T_co]:
        """The same items; a bar shows how many have come by. Needs `pip install 'chainbook[notebook]'`.

        Args:
            label: what stands before the bar.
            total: how many will come, where the chain can not know it.
            shown: whether there is a bar; by default in notebooks, and when standard error is a terminal.

        Raises:
            ModuleNotFoundError: tqdm is not installed.

        Laziness: streams; the bar is closed with the run, also when that ends early or fails.
        Cost: a count for each item, and the clock once in a thousand; expressions next to it are evaluated
            item by item instead of in blocks.

        >>> from engine import Chain
        >>> Chain.range(3).progress("reading").map(str).collect()
        ['0', '1', '2']
        """
        from engine.progress import Progress, require_tqdm  # noqa: PLC0415 (few chains show one)

        require_tqdm()
        wanted = Progress(
            None if label is None else require_label(label),
            self._exact_size() if total is None else require_count("total", total, 0),
            shown,
        )
        return self._with("progress", extra=wanted)

    def _exact_size(self) -> int | None:
        lower, upper, _ = self.extent
        return upper if lower == upper else None


def previewed(source: Source) -> Source:
    """The source, or one that takes nothing from it."""
    chain: Any = source.iterable
    if not _is_chain(chain):
        return source.previewed()
    kind, inner, steps = chain.__reduce__()[1]
    return Source(restore(kind, previewed(inner), tuple(map(_previewed_step, steps))))


def _is_chain(iterable: Any) -> TypeGuard[Looking[Any]]:
    return isinstance(iterable, Looking)


def _previewed_step(step: Step) -> Step:
    extra = _previewed_extra(step.extra)
    return step if extra is step.extra else replace(step, extra=extra)


def _previewed_extra(extra: Any) -> Any:
    """What a step keeps, with its other inputs previewed too."""
    if isinstance(extra, Source):
        return previewed(extra)
    if isinstance(extra, JoinOptions):
        return replace(extra, other=previewed(extra.other))
    if isinstance(extra, MergeOptions):
        return replace(extra, others=tuple(map(previewed, extra.others)))
    if not is_plain_tuple(extra):
        return extra
    parts = tuple(map(_previewed_extra, extra))
    return parts if any(new is not old for new, old in zip(parts, extra, strict=True)) else extra
