"""What each verb of a chain means: the kernel that runs it, and how that is called.

Not listed here: verbs that a fused pass knows (`CODES` of the stream kernel), and those of `STREAMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.backends import Choice, foresee
from engine.expr import Expr
from engine.kernels.objects import aggregates, chunk, group, join, merge, rows, sort, top, unique
from engine.kernels.objects.place import Place
from engine.kernels.objects.stream import CODES
from engine.options import Aggregates, JoinOptions, MergeOptions, Parallel
from engine.sources import Source
from engine.steps import Step, ready_key, require_key
from engine.streams import STREAMS, Stream

if TYPE_CHECKING:
    from engine.kernels.objects.aggregates import AggregateSpec

Lazy: TypeAlias = Callable[[Iterable[Any], Step, Place], Iterator[Any]]
Eager: TypeAlias = Callable[[Iterable[Any], Step, Place], list[Any]]
Mapped: TypeAlias = Callable[[Iterable[Any], Step, Place], dict[Any, Any]]


@dataclass(frozen=True, slots=True)
class Kernel:
    """What runs a step, and why. `holds` is what is in memory: one item, k of them, one run, all.

    `barrier`: all input is read before the first item comes out.
    """

    name: str
    reason: str
    holds: str = "one item"
    barrier: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """A kernel with its two forms; a barrier has only the eager one.

    `mapping` gives a dict, whose items are what `eager` gives. `keeps_all`: what it gives has all items in
    it, so that they may as well be in a list when it begins.
    """

    kernel: Kernel
    lazy: Lazy | None = None
    eager: Eager | None = None
    mapping: Mapped | None = None
    keeps_all: bool = False


def kernel_of(step: Step) -> Kernel:
    """The kernel that runs a step which is not fused with its neighbours."""
    verb = step.verb
    if (stream := STREAMS.get(verb)) is not None:
        holds = "all" if stream.reads_all or stream.needs_end else "a few items"
        return Kernel("generator", stream.reason, holds, stream.reads_all)
    return VERBS[verb].kernel


def parallel_kernel(options: Parallel, step: Step) -> Kernel:
    """Where a step runs that a par went before."""
    return _parallel(foresee(options, step), ordered=options.ordered)


@cache
def _parallel(choice: Choice, *, ordered: bool) -> Kernel:
    order = "in order" if ordered else "as they are ready"
    return Kernel(choice.backend, f"{choice.reason}; {order}", "a few chunks for each worker")


def eager_of(verb: str) -> Eager | None:
    """The form of a verb that gives a list at once, if it has one."""
    if verb in VERBS:
        return VERBS[verb].eager
    stream = STREAMS.get(verb)
    return partial(_listed, stream) if stream is not None and stream.reads_all else None


def is_fused(verb: str) -> bool:
    """Whether a pass runs it together with its neighbours."""
    return verb in CODES


def as_function(key: Any) -> Any:
    """A key as sorted and min take it: callable or None.

    Raises:
        PlanError: it is no key.
    """
    ready = ready_key(require_key("key", key))
    return itemgetter(ready) if isinstance(ready, str | int) else ready


def _items(mapping: Mapped, items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    return list(mapping(items, step, place).items())


def _fold_groups(items: Iterable[Any], step: Step, place: Place) -> dict[Any, Any]:
    initial, fold = step.extra
    return group.fold_groups(items, ready_key(step.function), initial, fold, place)


def _reduce_groups(items: Iterable[Any], step: Step, place: Place) -> dict[Any, Any]:
    return group.reduce_groups(items, ready_key(step.function), step.extra, place)


def _wanted(step: Step) -> tuple[AggregateSpec, ...]:
    options: Aggregates = step.extra
    return tuple((each.how, ready_key(require_key("agg", Expr(each.of)))) for each in options.aggregates)


def _iter_aggregated(items: Iterable[Any], step: Step, place: Place) -> Iterator[Any]:
    runs = aggregates.agg_runs(items, ready_key(step.function), _wanted(step), place)
    try:
        for run in runs:
            yield _named(step.extra, run)
    finally:
        runs.close()


def _collect_aggregated(items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    named = partial(_named, step.extra)
    return list(map(named, aggregates.agg_groups(items, ready_key(step.function), _wanted(step), place)))


def _named(options: Aggregates, made: tuple[Any, tuple[Any, ...]]) -> tuple[Any, Any]:
    key, values = made
    return key, values[0] if options.names is None else dict(zip(options.names, values, strict=True))


def _listed(stream: Stream, items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    return list(stream.run(iter(items), step))


def _keyed(kernel: Callable[..., Any], items: Iterable[Any], step: Step, place: Place) -> Any:
    return kernel(items, ready_key(step.function), place)


def _join(kernel: Callable[..., Any], items: Iterable[Any], step: Step, place: Place) -> Any:
    options: JoinOptions = step.extra
    return kernel(
        items,
        _held(options.other),
        ready_key(step.function),
        ready_key(options.other_key),
        options.how,
        options.nulls,
        options.select,
        place,
    )


def _merge(kernel: Callable[..., Any], items: Iterable[Any], step: Step, place: Place) -> Any:
    options: MergeOptions = step.extra
    inputs = [items, *map(_held, options.others)]
    return kernel(inputs, ready_key(step.function), options.reverse, options.check, place)


def _held(source: Source) -> Iterable[Any]:
    """What is in memory as it is, which kernels read faster; otherwise the source."""
    return source if source.held is None else source.held


def _sort(items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    return sort.collect_sorted(items, ready_key(step.function), step.extra, place)


def _sort_unique(items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    """Distinct keys first, where equal keys are known to stand side by side when sorted."""
    key = ready_key(step.function)
    held = list(items)
    if rows.are_plain(held, key):
        return _sort(unique.collect_unique(held, key, place), step, place)
    return unique.collect_dedup(_sort(held, step, place), key, place)


def _largest(items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    return top.collect_top(items, step.count, ready_key(step.function), place=place)


def _smallest(items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    return top.collect_top(items, step.count, ready_key(step.function), largest=False, place=place)


def _take_sorted(items: Iterable[Any], step: Step, place: Place) -> list[Any]:
    return (_largest if step.extra else _smallest)(items, step, place)


def _table(reason: str, holds: str, mapping: Mapped, *, keeps_all: bool = False) -> Verb:
    """A verb whose kernel makes a dict of all it reads."""
    kernel = Kernel("objects.group", reason, holds, barrier=True)
    return Verb(kernel, eager=partial(_items, mapping), mapping=mapping, keeps_all=keeps_all)


VERBS: dict[str, Verb] = {
    "agg_runs": Verb(
        Kernel("objects.aggregates", "consecutive runs, none of them made", "one item"), _iter_aggregated
    ),
    "chunk_by": Verb(
        Kernel("objects.chunk", "consecutive runs", "one run"),
        partial(_keyed, chunk.iter_runs),
        partial(_keyed, chunk.collect_runs),
        keeps_all=True,
    ),
    "unique": Verb(
        Kernel("objects.unique", "a table of the keys seen", "each key"),
        partial(_keyed, unique.iter_unique),
        partial(_keyed, unique.collect_unique),
    ),
    "duplicates": Verb(
        Kernel("objects.unique", "a table of the keys seen", "each key"),
        partial(_keyed, unique.iter_duplicates),
        partial(_keyed, unique.collect_duplicates),
    ),
    "dedup": Verb(
        Kernel("objects.unique", "compares with the key before", "one key"),
        partial(_keyed, unique.iter_dedup),
        partial(_keyed, unique.collect_dedup),
    ),
    "kmerge": Verb(
        Kernel("objects.merge", "a tournament of the inputs", "one item of each input"),
        partial(_merge, merge.iter_merged),
        partial(_merge, merge.collect_merged),
    ),
    "join": Verb(
        Kernel("objects.join", "a table of the right side, the left side streams", "the right side"),
        partial(_join, join.iter_joined),
        partial(_join, join.collect_joined),
    ),
    "group_by": _table(
        "a table of all groups", "all", partial(_keyed, group.collect_groups), keeps_all=True
    ),
    "counts": _table("a table of one number for each key", "each key", partial(_keyed, group.count_keys)),
    "fold_groups": _table("a table of one state for each group", "each group", _fold_groups),
    "reduce_groups": _table("a table of one item for each group", "each group", _reduce_groups),
    "agg_groups": Verb(
        Kernel(
            "objects.aggregates", "a table of one value for each group and name", "each group", barrier=True
        ),
        eager=_collect_aggregated,
    ),
    "sort": Verb(Kernel("objects.sort", "stable", "all", barrier=True), eager=_sort, keeps_all=True),
    "sort_unique": Verb(
        Kernel(
            "objects.sort", "dedup after sort by the same key: distinct keys first", "all", barrier=True
        ),
        eager=_sort_unique,
        keeps_all=True,
    ),
    "top_k": Verb(Kernel("objects.top", "keeps the best so far", "k items", barrier=True), eager=_largest),
    "bottom_k": Verb(
        Kernel("objects.top", "keeps the best so far", "k items", barrier=True), eager=_smallest
    ),
    "take_sorted": Verb(
        Kernel("objects.top", "sort before take: keeps the best so far", "k items", barrier=True),
        eager=_take_sorted,
    ),
}
