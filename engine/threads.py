"""par_map: a function over many items on several threads, in order and with a bounded window."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar, overload

from engine.errors import PlanError
from engine.kernels.columns import pool
from engine.kernels.columns.arrays import is_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["par_map", "workers_available"]

T = TypeVar("T")
R = TypeVar("R")

# Two calls for each worker: one runs while the next waits, so a worker never waits for the caller.
_CALLS_PER_WORKER = 2
# Below this many elements a NumPy function ends sooner than a thread wakes up (about 20 µs).
_BLOCK_SIZE = 32_768
_BLOCKS_PER_WORKER = 4

_thread = threading.local()


def workers_available() -> int:
    """The threads that par_map and the column kernels use unless told otherwise.

    ENGINE_NUM_THREADS if it is a whole number from 1 to 1024, otherwise the processors this process may run
    on. Read once in a process, at first use.

    >>> workers_available() >= 1
    True
    """
    return pool.workers()


@overload
def par_map(  # type: ignore[overload-overlap]  # an array is an iterable too; the first one wins
    f: Callable[[NDArray[Any]], NDArray[Any]], items: NDArray[Any], workers: int | None = None
) -> NDArray[Any]: ...
@overload
def par_map(f: Callable[[T], R], items: Iterable[T], workers: int | None = None) -> Generator[R]: ...
def par_map(f: Callable[[Any], Any], items: Iterable[Any], workers: int | None = None) -> Any:
    """The results of `f` for each item, in the order of the items, computed on several threads.

    Pays when `f` waits (files, network) or releases the GIL (NumPy, hashing, compression); Python code
    alone takes its turns on the GIL and gains nothing.

    Args:
        f: called once for each item, on any thread. A call to par_map inside `f` runs serially.
        items: any iterable, endless ones too. Of a NumPy array, `f` is given contiguous blocks (views) and
            returns an array as long as its block; the results are joined to one array, at once. Arrays
            under 64 K elements are one block.
        workers: threads, `workers_available()` by default. With 1, everything runs in the calling thread.

    Returns:
        A generator of the results; for an array, an array.

    Raises:
        PlanError (ValueError): `workers` is less than 1, or `f` gave an array of another length.
        RuntimeError: `f` raised StopIteration, which would otherwise end the results silently.

    An error of `f` or of `items` appears in its place: after the results of all items before it. Then, and
    when the generator is closed, calls that have not begun are cancelled, and a generator in `items` is
    closed; calls that have begun run to their end.

    Laziness: nothing is read before the first result is asked for; at most `2 * workers` items are read
    whose results are not yet handed out, and no more than these are held.

    >>> list(par_map(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    count = workers_available() if workers is None else workers
    if count < 1:
        raise PlanError(f"workers must be at least 1, got {count}")
    if is_array(items):
        return _map_blocks(f, items, count)
    return _map_serial(f, items) if count == 1 else _map_items(f, items, count)


def _map_serial(f: Callable[[T], R], items: Iterable[T]) -> Generator[R]:
    source = iter(items)
    try:
        for item in source:
            yield f(item)
    finally:
        _close(source, items)


def _map_items(f: Callable[[T], R], items: Iterable[T], workers: int) -> Generator[R]:
    if getattr(_thread, "is_worker", False):
        yield from _map_serial(f, items)
        return
    executor = _executor(os.getpid(), workers)
    source = iter(items)
    window: deque[Future[R]] = deque()
    calls = _calls(executor, f, source)
    try:
        while True:
            while len(window) < _CALLS_PER_WORKER * workers and (call := next(calls, None)) is not None:
                window.append(call)
            if not window:
                return
            yield window[0].result()
            window.popleft()
    finally:
        for call in window:
            call.cancel()
        _close(source, items)


def _calls(executor: ThreadPoolExecutor, f: Callable[[T], R], source: Iterator[T]) -> Iterator[Future[R]]:
    """One future for each item; an error of the source is the last, so that it waits for its turn."""
    try:
        for item in source:
            yield executor.submit(f, item)
    except Exception as error:  # noqa: BLE001 (raised to the caller when its place comes)
        failed: Future[R] = Future()
        failed.set_exception(error)
        yield failed


def _close(source: Iterator[Any], items: Iterable[Any]) -> None:
    """Closes what was made for this run or is a generator; a file or cursor is its owner's to close."""
    if isinstance(source, Generator) or source is not items:
        close = getattr(source, "close", None)
        if close is not None:
            close()


def _map_blocks(f: Callable[[Any], Any], array: Any, workers: int) -> Any:
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    if array.ndim == 0:
        raise PlanError("items must have at least one dimension, got an array of 0")
    blocks = max(1, min(len(array) // _BLOCK_SIZE, _BLOCKS_PER_WORKER * workers))
    bounds = [len(array) * i // blocks for i in range(blocks + 1)]
    views = [array[start:end] for start, end in pairwise(bounds)]
    results = list(par_map(_of_block(f), views, workers if blocks > 1 else 1))
    return results[0] if blocks == 1 else np.concatenate(results)


def _of_block(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def checked(block: Any) -> Any:
        result = f(block)
        if not is_array(result):
            raise TypeError(f"f must give an array for an array, got {type(result).__name__}")
        if result.shape[:1] != (len(block),):
            raise PlanError(
                f"f must give one element for each of {len(block)}, got the shape {result.shape}"
            )
        return result

    return checked


@cache
def _executor(process: int, workers: int) -> ThreadPoolExecutor:  # noqa: ARG001 (a forked child has its own)
    """One pool for each number of workers: it starts threads as they are needed, and keeps them."""
    return ThreadPoolExecutor(workers, "engine-par", initializer=_mark_worker)


def _mark_worker() -> None:
    _thread.is_worker = True
