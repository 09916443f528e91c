"""What every part of a chain works on: a source and the steps so far, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from engine import run
from engine.errors import PlanError
from engine.plan import Plan, prepare
from engine.sources import Source
from engine.steps import Step, current_place, require_label

if TYPE_CHECKING:
    from engine.chain import Chain
    from engine.explain import Format, Level
    from engine.metrics import Metrics, Run

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

_PARALLEL = frozenset({"map", "try_map", "filter"})


class Planned(Generic[T_co]):
    """A frozen plan: the source, and a tuple of steps, each shared with the chain it came from."""

    __slots__ = ("_source", "_steps")
    _source: Source
    _steps: tuple[Step, ...]

    def _with(self, verb: str, function: Any = None, count: int = 0, extra: Any = None) -> Chain[Any]:
        """A chain with one more step; nothing runs."""
        last = self._steps[-1] if self._steps else None
        if last is not None and last.verb == "par" and verb not in _PARALLEL:
            raise PlanError(f"par must be followed by map, try_map or filter, got {verb} after {last}")
        step = Step(verb, len(self._steps) + 1, current_place(), function, count, extra)
        return self._having((*self._steps, step))

    def name(self, label: str) -> Chain[T_co]:
        """The chain with its last step named, for `explain` and errors.

        >>> from engine import Chain
        >>> Chain([1]).map(str).name("to text")
        Chain(list of 1).map(str).name('to text')

        Raises:
            PlanError: there is no step yet, or the label is no text.
        """
        if not self._steps:
            raise PlanError(f"name must follow a step, got {label!r:.200} on a source")
        named = replace(self._steps[-1], label=require_label(label))
        return self._having((*self._steps[:-1], named))

    def _having(self, steps: tuple[Step, ...]) -> Chain[Any]:
        chain: Chain[Any] = restore(type(self), self._source, steps)
        return chain

    def explain(
        self,
        level: Level = "all",
        *,
        format: Format = "text",  # noqa: A002 (the word that readers expect)
        analyze: bool = False,
    ) -> str:
        """The plan: as written, as rewritten, and which kernel runs what, why, and what it holds in memory.

        Args:
            level: one of the three (`logical`, `optimised`, `physical`), or all.
            format: `text`; `json`, with a version in it; `mermaid`; `html`, drawn without a program.
            analyze: run the chain, and add what each step took.

        Raises:
            PlanError: there is no such level or format.

        Laziness: nothing is read unless `analyze` is true; data never shows.

        >>> from engine import Chain
        >>> print(Chain([3, 1, 2]).map(abs).filter(bool).explain())  # doctest: +ELLIPSIS
        logical
            0 list of 3
            1 map(abs)  ...
            2 filter(bool)  ...
        optimised: nothing to rewrite
        physical
          steps 1-2: objects.stream, streams, holds one item
              2 neighbouring steps in one loop in C
        """
        from engine.explain import explain  # noqa: PLC0415 (most chains run unseen)

        return explain(self._plan(), level, format, self.run().metrics if analyze else None)

    @overload
    def run(self) -> Run[list[T_co]]: ...
    @overload
    def run(self, into: Callable[[Iterable[T_co]], U]) -> Run[U]: ...
    def run(self, into: Callable[[Iterable[T_co]], Any] = list) -> Run[Any]:
        """All items, collected `into` a list or what else is given, and what each step took.

        Cost: a clock reading in 64 items for each step. A chain that is run in another way is not measured.

        >>> from engine import Chain
        >>> done = Chain.range(10).filter(lambda n: n % 2).run()
        >>> done.value, done.metrics.steps[0].items_in, done.metrics.steps[0].items_out
        ([1, 3, 5, 7, 9], 10, 5)
        """
        from engine.metrics import Run  # noqa: PLC0415 (most runs are not measured)
        from engine.probe import Probe  # noqa: PLC0415

        plan, probe = self._plan(), Probe()
        if into is list:
            return Run(run.collect(plan, probe), probe.read())
        with run.Ending(plan, probe) as items:
            value = into(items)
        return Run(value, probe.read())

    def profile(self) -> tuple[list[T_co], Metrics]:
        """All items, and what each step took; the pair that `run` gives by name.

        >>> from engine import Chain
        >>> items, metrics = Chain("ab").map(str.upper).profile()
        >>> items, metrics.steps[0].items_out
        (['A', 'B'], 2)
        """
        done = self.run()
        return done.value, done.metrics

    def _plan(self) -> Plan:
        return prepare(self._source, self._steps)

    def _repr_html_(self) -> str:
        """The source, and the steps with how each will run, for a notebook; nothing is read."""
        from engine.display import render_chain, render_refused  # noqa: PLC0415 (for notebooks only)
        from engine.explain import describe_plan  # noqa: PLC0415

        try:
            return render_chain(describe_plan(self._plan()))
        except PlanError as error:
            return render_refused(repr(self), error)

    def __iter__(self) -> Iterator[T_co]:
        """The items, one by one; the iterator has `close()`, which closes generators above it at once."""
        return run.iterate(self._plan())

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "the truth of a chain is not known without running it; use any() or first(default=None)"
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a chain can not be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a chain can not be changed: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (restore, (type(self), self._source, self._steps))


def restore(kind: Any, source: Source, steps: tuple[Step, ...]) -> Any:
    """A chain of a source and steps, as pickle and other chains have them."""
    chain = object.__new__(kind)
    object.__setattr__(chain, "_source", source)
    object.__setattr__(chain, "_steps", steps)
    return chain
