"""Walking an iterator to its end and keeping nothing: what is timed of a lazy question."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


def drain(items: Iterable[object]) -> None:
    deque(items, maxlen=0)
