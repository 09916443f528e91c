"""Parts of a stream by position."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.streams.stream import Stream

if TYPE_CHECKING:
    from engine.steps import Step


def step_by(items: Iterator[Any], step: Step) -> Iterator[Any]:
    return islice(items, 0, None, step.count)


STREAMS = {"step_by": Stream(step_by, "every nth item")}
