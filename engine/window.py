"""Chunks of items on their way through workers: so many at most, handed out in order or as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import Any

from engine.calls import Done
from engine.kernels.objects.stream import Pass

Submit = Callable[[list[Any]], Future[Done]]


@dataclass(slots=True)
class Chunk:
    """Items that one worker is given at once. `error` is that of the source, after them."""

    items: list[Any]
    numbers: Sequence[int]
    error: Exception | None = None


class Grain:
    """How many items make a chunk of about so many seconds; learnt from how long the last ones took."""

    def __init__(self, seconds: float, size: int = 1) -> None:
        self.seconds, self.size = seconds, size

    def learn(self, count: int, seconds: float) -> None:
        """Grows twofold at most: the next items may cost more. Shrinks at once."""
        if count:
            fitting = int(self.seconds * count / seconds) if seconds > 0 else 2 * self.size
            self.size = max(1, min(2 * self.size, fitting))


class Reader:
    """The items of a source in chunks; only the thread that pulls reads."""

    def __init__(self, items: Iterable[Any], read: int = 0, total: int | None = None) -> None:
        self._upstream = items if isinstance(items, Pass) else None
        self._items, self._total = iter(items), total
        self.read, self.is_over = read, False

    @property
    def left(self) -> int | None:
        """How many items are still to come, if that is known."""
        return None if self._total is None else max(0, self._total - self.read)

    def chunk(self, size: int, seconds: float) -> Chunk:
        """The next items, fewer when they come slowly: who waits for the first must not wait for all."""
        if self._total is not None:
            return self._chunk_in_memory(size)
        items: list[Any] = []
        numbers: list[int] = []
        chunk = Chunk(items, numbers)
        ends_at = perf_counter() + seconds
        try:
            for item in self._items:
                items.append(item)
                numbers.append(self.read if self._upstream is None else self._upstream.number())
                self.read += 1
                if len(items) == size or perf_counter() > ends_at:
                    return chunk
        except Exception as error:  # noqa: BLE001 (raised to the caller when its place comes)
            chunk.error = error
        self.is_over = True
        return chunk

    def _chunk_in_memory(self, size: int) -> Chunk:
        items = list(islice(self._items, size))
        first, self.read = self.read, self.read + len(items)
        self.is_over = len(items) < size
        return Chunk(items, range(first, self.read))


class Window:
    """The chunks that are with workers."""

    def __init__(self, submit: Submit, reader: Reader, grain: Grain, in_flight: int) -> None:
        self._submit, self._reader, self._grain, self._in_flight = submit, reader, grain, in_flight
        self._waiting: deque[tuple[Chunk, Future[Done]]] = deque()

    def iter_done(self, *, ordered: bool) -> Iterator[tuple[Chunk, Done]]:
        """Each chunk with what came of it; after one that failed, nothing more is begun."""
        try:
            while self._fill():
                place = 0 if ordered else self._first_ready()
                chunk, future = self._waiting[place]
                done = future.result()
                if not ordered and (done.error or chunk.error):
                    place, chunk, done = self._lowest_failure(place)
                del self._waiting[place]
                self._grain.learn(len(done.results), done.seconds)
                yield chunk, done
        finally:
            for _, future in self._waiting:
                future.cancel()

    def _fill(self) -> bool:
        while not self._reader.is_over and len(self._waiting) < self._in_flight:
            chunk = self._reader.chunk(self._size(), self._grain.seconds)
            if chunk.items or chunk.error:
                self._waiting.append((chunk, self._submit(chunk.items)))
        return bool(self._waiting)

    def _size(self) -> int:
        """Towards the end chunks get smaller, so that all workers end together."""
        left = self._reader.left
        return self._grain.size if left is None else max(1, min(self._grain.size, left // self._in_flight))

    def _first_ready(self) -> int:
        wait([future for _, future in self._waiting], return_when=FIRST_COMPLETED)
        return next(place for place, (_, future) in enumerate(self._waiting) if future.done())

    def _lowest_failure(self, place: int) -> tuple[int, Chunk, Done]:
        """Of the chunks up to the one at `place`, all of which have begun, the first that failed."""
        for lower in range(place + 1):
            chunk, future = self._waiting[lower]
            if (done := future.result()).error or chunk.error:
                return lower, chunk, done
        raise AssertionError("the chunk at place has failed")
