"""What a step of the long tail is: how its items come about, and what `explain` says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.steps import Step


@dataclass(frozen=True, slots=True)
class Stream:
    """`run(items, step)` gives what comes out; the items are closed for it, whatever happens.

    `reads_all`: nothing comes out before all items are read.
    """

    run: Callable[[Iterator[Any], Step], Iterator[Any]]
    reason: str
    reads_all: bool = False
