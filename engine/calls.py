"""A function called for a chunk of items, here or by a worker: results, and the error that ended them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple

from engine.errors import EngineError
from engine.result import Err, Ok, Result

Function = Callable[[Any], Any]

_thread = threading.local()


def is_worker() -> bool:
    """Whether this thread works for a caller: what it starts runs serially, lest all wait in a ring."""
    return getattr(_thread, "is_worker", False)


def mark_worker() -> None:
    _thread.is_worker = True


def served() -> object:
    """The run for which this thread is making a call."""
    return getattr(_thread, "run", None)


def call_for(run: object, function: Function, items: list[Any]) -> Done:
    """As `call_all`, by a worker that knows whom it serves."""
    _thread.run = run
    try:
        return call_all(function, items)
    finally:
        _thread.run = None


class WorkerDiedError(EngineError, RuntimeError):
    """A worker process ended before it had answered: killed, or crashed by what it called."""


class Done(NamedTuple):
    """What came of a chunk. An error is that of the item after the last result; `told`, its traceback."""

    results: list[Any]
    error: BaseException | None
    seconds: float
    told: str = ""


@dataclass(frozen=True, slots=True)
class Trying:
    """A function that gives Results: what try_map calls. It pickles when its function does."""

    function: Function
    exceptions: tuple[type[Exception], ...]

    def __call__(self, item: Any) -> Result[Any, Exception]:
        try:
            return Ok(self.function(item))
        except self.exceptions as error:
            return Err(error)


def call_all(function: Function, items: list[Any]) -> Done:
    """The results of the items in order, to the first error; a StopIteration is one too."""
    results: list[Any] = []
    began_at = perf_counter()
    error: BaseException | None = None
    try:
        for item in items:
            results.append(function(item))  # noqa: PERF401 (those before an error are kept)
    except StopIteration as stop:
        error = RuntimeError("a callback raised StopIteration")
        error.__cause__ = stop
    except BaseException as failure:  # noqa: BLE001 (raised to the caller when its place comes)
        error = failure
    return Done(results, error, perf_counter() - began_at)
