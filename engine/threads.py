"""Threads: how many there are, pools of one's own, and Python functions called on several at once."""

from __future__ import annotations

import os
import threading
from functools import cache
from itertools import pairwise
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from engine.calls import is_worker, mark_worker
from engine.errors import PlanError
from engine.kernels.columns import pool
from engine.kernels.columns.arrays import is_array

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

__all__ = ["Pool", "executor_of", "map_blocks", "workers_available"]

# Below this many elements a NumPy function ends sooner than a thread wakes up (about 20 µs).
_BLOCK_SIZE = 32_768
_BLOCKS_PER_WORKER = 4

_thread = threading.local()


def workers_available() -> int:
    """The threads that `par` and the column kernels use unless told otherwise.

    Those of the `Pool` that this thread is in; else ENGINE_NUM_THREADS, if it is set and not empty; else
    the processors this process may run on. The last two are read once, at first use.

    Raises:
        ValueError: ENGINE_NUM_THREADS is no whole number from 1 to 1024; raised at that first use.

    >>> workers_available() >= 1
    True
    """
    return pool.workers()


class Pool:
    """Compute threads of one's own: kernels and `par` that this thread starts inside `with` use as many.

    The process has a pool already, of as many threads as processors. Another one keeps a job to fewer
    (`Pool(1)` is the calling thread alone), or apart from what other threads compute.

    Args:
        threads: from 1 to 1024, the calling one among them.

    Raises:
        PlanError (ValueError): `threads` is something else.

    Laziness: threads start with the first kernel that needs them, and end with the pool.
    Safety: may be entered by several threads, and again inside itself; each leaves what it entered last. A
        coroutine must not wait inside `with`: others of its thread would be inside too.

    >>> import numpy as np
    >>> from engine import Pool, kmerge
    >>> with Pool(1):
    ...     kmerge(np.array([1, 3]), np.array([2])).tolist()
    [1, 2, 3]
    """

    __slots__ = ("_threads",)

    def __init__(self, threads: int) -> None:
        most = pool.MOST_THREADS
        if type(threads) is not int or not 1 <= threads <= most:
            raise PlanError(f"threads must be a whole number from 1 to {most}, got {threads!r:.100}")
        self._threads = pool.Threads(threads)

    @property
    def threads(self) -> int:
        return self._threads.workers

    def __enter__(self) -> Self:
        _entered().append(self._threads)
        pool.choose(self._threads)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        entered = _entered()
        entered.pop()
        pool.choose(entered[-1] if entered else None)

    def __repr__(self) -> str:
        return f"Pool({self.threads})"


def _entered() -> list[pool.Threads]:
    """The pools that this thread is in, the innermost last."""
    if not hasattr(_thread, "entered"):
        _thread.entered = []
    entered: list[pool.Threads] = _thread.entered
    return entered


def executor_of(workers: int) -> ThreadPoolExecutor:
    """So many threads for calls of Python functions; they start as they are needed, and are kept."""
    return _executor(os.getpid(), workers)


def map_blocks(f: Any, array: Any, workers: int | None) -> Any:
    """What `f` makes of contiguous blocks of an array, on several threads, joined to one array.

    Args:
        f: gets views of the array and gives arrays as long as they are.
        array: under 64 K elements, it is one block.
        workers: threads; by default those available.

    Raises:
        PlanError: the array has no dimension, or `f` gave an array of another length.
        TypeError: `f` gave no array.
    """
    import numpy as np  # noqa: PLC0415 (NumPy is loaded only when arrays are in use)

    count = workers_available() if workers is None else workers
    if count < 1:
        raise PlanError(f"workers must be at least 1, got {count}")
    if array.ndim == 0:
        raise PlanError("items must have at least one dimension, got an array of 0")
    blocks = max(1, min(len(array) // _BLOCK_SIZE, _BLOCKS_PER_WORKER * count))
    bounds = [len(array) * i // blocks for i in range(blocks + 1)]
    views = [array[start:end] for start, end in pairwise(bounds)]
    if blocks == 1:
        return _of_block(f, array)
    alone = count == 1 or is_worker()
    several = map if alone else executor_of(count).map
    return np.concatenate(list(several(_of_block, [f] * blocks, views)))


def _of_block(f: Any, block: Any) -> Any:
    try:
        result = f(block)
    except StopIteration as error:
        raise RuntimeError("a callback raised StopIteration") from error
    if not is_array(result):
        raise TypeError(f"f must give an array for an array, got {type(result).__name__}")
    if result.shape[:1] != (len(block),):
        raise PlanError(f"f must give one element for each of {len(block)}, got the shape {result.shape}")
    return result


@cache
def _executor(process: int, workers: int) -> ThreadPoolExecutor:  # noqa: ARG001 (a forked child has its own)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (with logging; only when in use)

    return ThreadPoolExecutor(workers, "engine-par", initializer=mark_worker)
