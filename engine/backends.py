"""Where the step after a `par` is computed: chosen while it runs, by measuring, unless it was told."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, compress, islice
from operator import itemgetter
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine.calls import Done, Function, Trying, WorkerDiedError, call_all, call_for, is_worker, served
from engine.errors import PlanError, ReentrantError
from engine.kernels.objects.place import Trail, brief
from engine.kernels.objects.stream import Pass
from engine.options import Parallel
from engine.steps import Step, describe, ready_key

if TYPE_CHECKING:
    from engine.window import Chunk, Reader, Submit

# Less work than this is never worth a worker; it is also how long calls are timed before anything is tried.
_TRIAL_S = 0.001
# Shorter calls than this are never worth it: handing an item over costs about as much.
_LEAST_CALL_S = 0.000_002
# What a backend costs before its first result, when it has not been used before and when it has (measured).
_START_S = {"threads": (0.025, 0.001), "processes": (0.25, 0.01)}
_CHUNK_S = {"threads": 0.005, "processes": 0.1}
# Two calls at once take turns when together they need as long as one after the other; clocks are not exact.
_GAIN = 1.3
_HAS_LOCK = getattr(sys, "_is_gil_enabled", lambda: True)


@dataclass(frozen=True, slots=True)
class Choice:
    """A backend, and why."""

    backend: str
    reason: str


_ADAPTIVE = Choice(
    "adaptive",
    "measured as it runs: here if it is short, on threads if two calls at once gain, "
    "else in processes if that pays",
)
_WAITING = Choice("threads", "the function waits for something else (io=True)")
_WITHOUT_LOCK = Choice("threads", "this interpreter has no lock")


def foresee(options: Parallel, step: Step) -> Choice:
    """What is known of the choice before anything runs.

    Raises:
        PlanError: processes were asked for, and the function does not pickle.
    """
    if options.backend == "processes":
        _payload(step)
    if options.backend != "auto":
        return Choice(options.backend, "as asked")
    if options.io:
        return _WAITING
    return _ADAPTIVE if _HAS_LOCK() else _WITHOUT_LOCK


def of_processes(step: Step) -> str:
    """What an adaptive step has to expect of processes, for `explain`."""
    refusal = _why_not_processes(step)
    if refusal is not None:
        return f"not in processes: {refusal}"
    return 'what it changes outside of itself is lost there, unlike with backend="threads" or "serial"'


def _why_not_processes(step: Step) -> str | None:
    try:
        payload = _payload(step)
    except PlanError as error:
        return str(error)
    from engine.processes import main_refusal  # noqa: PLC0415 (subprocess and pipes, only when in use)

    return main_refusal(payload)


class ParallelRun:
    """One run of a step: an iterable, and what a run asks of steps whose items can be had all at once."""

    def __init__(self, items: Iterable[Any], options: Parallel, step: Step, trail: Trail) -> None:
        self._choice = foresee(options, step)
        self._items, self._options, self._step, self._trail = items, options, step, trail
        self._total = len(items) if isinstance(items, list | tuple) else None
        self._spent_s, self._read, self._is_over = 0.0, 0, False

    @property
    def name(self) -> str:
        return str(self._step)

    @property
    def choice(self) -> Choice:
        """Where it runs, as far as that is known by now."""
        if self._is_over and self._choice.backend == "adaptive":
            return Choice("serial", f"all took {self._spent_s * 1000:.1f} ms")
        return self._choice

    def __iter__(self) -> Iterator[Any]:
        for batch in self._batches(self._one_by_one()):
            yield from batch

    def drain(self) -> list[Any]:
        gathered: list[Any] = []
        for batch in self._batches(self._all_at_once()):
            gathered += batch
        return gathered

    def count(self) -> int:
        return sum(map(len, self._batches(self._all_at_once())))

    def sum(self, start: Any) -> Any:
        return sum(chain.from_iterable(self._batches(self._all_at_once())), start)

    def _batches(self, here: Iterator[list[Any]]) -> Iterator[list[Any]]:
        try:
            if is_worker():
                self._choice = Choice("serial", "inside of a worker")
            elif self._options.workers == 1:
                self._choice = Choice("serial", "there is one worker")
            if self._choice.backend in {"adaptive", "serial"}:
                yield from here
            if not self._is_over:
                yield from self._elsewhere()
        finally:
            if isinstance(self._items, Pass):
                self._items.close()

    def _one_by_one(self) -> Iterator[list[Any]]:
        """As a chain without par computes it, until there has been and will be enough to do for a trial."""
        serial, size = self._serial(self._items), 1
        while not self._pays():
            batch: list[Any] = []
            failure, began_at = None, perf_counter()
            try:
                batch.extend(islice(serial, size))
            except BaseException as error:  # noqa: BLE001 (raised after the results before it)
                failure = error
            seconds = perf_counter() - began_at
            if batch:
                yield batch
            if failure is not None:
                raise failure
            self._note(serial.number() + 1, seconds, is_over=len(batch) < size)
            size = self._more(size, seconds)

    def _all_at_once(self) -> Iterator[list[Any]]:
        """The same when all are asked for, as fast as a chain without par: the clock is read seldom."""
        serial = self._serial(self._items)
        while not self._pays():
            began_at = perf_counter()
            made, is_over = serial.drain_for(_TRIAL_S)
            seconds = perf_counter() - began_at
            self._note(serial.number() + 1, seconds, is_over=is_over)
            yield made

    def _serial(self, items: Iterable[Any]) -> Pass:
        # A pass reads lists in place, and iterators.
        read = items if isinstance(items, list | Pass) else iter(items)
        return Pass(lambda: read, (_instruction(self._step),), None, self._trail, owned=False)

    def _note(self, read: int, seconds: float, *, is_over: bool) -> None:
        self._spent_s, self._read, self._is_over = self._spent_s + seconds, read, is_over

    def _more(self, size: int, seconds: float) -> int:
        """How many items to take next: fourfold, and no more than take about as long as a trial."""
        if self._options.io:
            return 1
        return max(1, min(4 * size, int(size * _TRIAL_S / seconds))) if seconds else 4 * size

    def _pays(self) -> bool:
        """Whether it goes on elsewhere, if at all; a source of unknown length is believed half read."""
        if self._is_over:
            return True
        if self._choice.backend != "adaptive" or self._spent_s < max(_TRIAL_S, _LEAST_CALL_S * self._read):
            return False
        return self._left_s() > max(_TRIAL_S, _start_s("threads"))

    def _left_s(self) -> float:
        if self._total is None or not self._read:
            return self._spent_s
        return self._spent_s / self._read * max(0, self._total - self._read)

    def _settle(self, backend: str, reason: str) -> None:
        if self._choice.backend == "adaptive":
            self._choice = Choice(backend, reason)

    def _elsewhere(self) -> Iterator[list[Any]]:
        from engine.threads import workers_available  # noqa: PLC0415 (kernels of columns, only when in use)
        from engine.window import Reader  # noqa: PLC0415 (concurrent.futures and logging, only when in use)

        workers = self._options.workers or workers_available()
        rest: Any = self._items if isinstance(self._items, Pass) else islice(self._items, self._read, None)
        reader = Reader(rest, self._read, self._total)
        if self._choice.backend == "adaptive":
            yield from self._tried(reader, workers)
        while not reader.is_over:
            yield from self._through(reader, workers)

    def _tried(self, reader: Reader, workers: int) -> Iterator[list[Any]]:
        """A chunk for each of two threads: whether they end sooner than one after the other."""
        per_item_s = self._spent_s / max(1, self._read)
        submit, calls = self._submit("threads", workers), 2
        chunks = [reader.chunk(max(1, int(2 * _TRIAL_S / per_item_s)), _TRIAL_S) for _ in range(calls)]
        submit([]).result()  # a thread's first start is not the function's time
        began_at = perf_counter()
        futures = [submit(chunk.items) for chunk in chunks]
        made = [(chunk, future.result()) for chunk, future in zip(chunks, futures, strict=True)]
        seconds = perf_counter() - began_at
        gain = per_item_s * sum(len(chunk.items) for chunk in chunks) / seconds
        if workers > 1 and gain >= _GAIN:
            self._settle("threads", f"two calls at once were {gain:.1f} times as fast as one")
        self._spent_s, self._read = self._spent_s + seconds, reader.read
        yield from self._handed_out(iter(made))
        if self._choice.backend == "adaptive":
            self._weigh_processes(made, workers, f"two threads were {gain:.1f} times as fast as one")

    def _weigh_processes(self, made: list[tuple[Chunk, Done]], workers: int, gain: str) -> None:
        """Processes if the function can be sent, sending costs little, and enough is left to do."""
        chunk, done = made[0]
        saved_s = self._left_s() * (1 - 1 / workers) if workers > 1 else 0.0
        if saved_s < _start_s("processes"):
            self._choice = Choice("serial", f"{gain}; processes would save {saved_s * 1000:.0f} ms")
        elif (refusal := self._refusal(chunk, done)) is not None:
            self._choice = Choice("serial", f"{gain}; not in processes: {refusal}")
        else:
            self._choice = Choice("processes", f"{gain}; processes will save {saved_s * 1000:.0f} ms")

    def _refusal(self, chunk: Chunk, done: Done) -> str | None:
        try:
            payload = _payload(self._step)
            began_at = perf_counter()
            pickle.loads(pickle.dumps((chunk.items, done.results)))  # noqa: S301 (just pickled)
            sending_s = perf_counter() - began_at
        except Exception as error:  # noqa: BLE001 (whatever pickling raises)
            return f"{error}"
        if 2 * sending_s > done.seconds:
            return "sending the items costs as much as calling the function"
        from engine.processes import main_refusal  # noqa: PLC0415 (subprocess and pipes, only when in use)

        return main_refusal(payload)

    def _through(self, reader: Reader, workers: int) -> Iterator[list[Any]]:
        """All that is left, through the window of the backend that was chosen."""
        from engine.window import Grain, Window  # noqa: PLC0415 (concurrent.futures and logging)

        backend = self._choice.backend
        seconds = 0.0 if self._options.io else _CHUNK_S.get(backend, _TRIAL_S)
        # A quarter of what calls took until now would fill: they may become longer.
        first = int(seconds / 4 * self._read / self._spent_s) if self._spent_s else 1
        grain = Grain(seconds, max(1, first))
        in_flight = 1 if backend == "serial" else self._options.in_flight or 2 * workers
        window = Window(self._submit(backend, workers), reader, grain, in_flight)
        try:
            yield from self._handed_out(window.iter_done(ordered=self._options.ordered))
        except KeyboardInterrupt:
            if backend == "processes":
                from engine.processes import stop_calls  # noqa: PLC0415 (subprocess and pipes, only when in use)

                stop_calls()
            raise

    def _handed_out(self, made: Iterator[tuple[Chunk, Done]]) -> Iterator[list[Any]]:
        for chunk, done in made:
            if self._step.verb == "filter":
                yield list(compress(chunk.items, done.results))
            else:
                yield done.results
            if done.error is not None:
                raise self._placed(done.error, chunk, len(done.results))
            if chunk.error is not None:
                raise chunk.error
            if served() is self:
                raise ReentrantError("a callback pulled from the step that is calling it")

    def _placed(self, error: BaseException, chunk: Chunk, position: int) -> BaseException:
        """The error with the note that a chain without par gives it."""
        where = f"item {chunk.numbers[position]}: {brief(chunk.items[position])}"
        if isinstance(error, WorkerDiedError):  # with all that it had been given
            where = f"one of the items {chunk.numbers[0]} to {chunk.numbers[-1]}"
        error.add_note(f"in {self._step}, {where}")
        self._trail.seen = id(error)
        return error

    def _submit(self, backend: str, workers: int) -> Submit:
        if backend == "serial":
            return partial(_at_once, _function(self._step))
        if backend == "threads":
            from engine import threads  # noqa: PLC0415 (kernels of columns, only when in use)

            function, executor = _function(self._step), threads.executor_of(workers)
            return lambda items: executor.submit(call_for, self, function, items)
        from engine import processes  # noqa: PLC0415 (subprocess and pipes, only when in use)

        payload, executor = _payload(self._step), processes.executor_of(workers)
        return lambda items: executor.submit(processes.call_again, payload, items, self._may_repeat)

    def _may_repeat(self) -> bool:
        """Whether calls may be made again: by the word of the caller, else by the function's verdict."""
        if self._options.pure is not None:
            return self._options.pure
        from engine.purity import judge  # noqa: PLC0415 (seldom needed)

        function = self._step.function if callable(self._step.function) else _callable(self._step)
        return judge.verdict_of(function).may_retry


def _at_once(function: Function, items: list[Any]) -> Any:
    from concurrent.futures import Future  # noqa: PLC0415 (with logging; only when in use)

    future: Future[Done] = Future()
    future.set_result(call_all(function, items))
    return future


def _start_s(backend: str) -> float:
    cold, warm = _START_S[backend]
    if backend == "threads":
        return warm if "concurrent.futures.thread" in sys.modules else cold
    started = sys.modules.get("engine.processes")
    return warm if started is not None and started.is_started() else cold


def _instruction(step: Step) -> tuple[str, str, Any, int, Any, Step]:
    return (step.verb, "call", _callable(step), step.count, step.extra, step)


def _function(step: Step) -> Function:
    if step.verb == "try_map":
        return Trying(_callable(step), step.extra)
    return _callable(step)


def _callable(step: Step) -> Function:
    ready: Any = ready_key(step.function)
    return itemgetter(ready) if isinstance(ready, str | int) else ready


def _payload(step: Step) -> bytes:
    """The function as bytes.

    Raises:
        PlanError: it does not pickle.
    """
    function = step.function if callable(step.function) else _callable(step)
    if step.verb == "try_map":
        function = Trying(function, step.extra)
    try:
        return pickle.dumps(function, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise PlanError(
            f"{step} must have a function that pickles to run in processes, "
            f"got {describe(step.function)}: {error}"
        ) from error
