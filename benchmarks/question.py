"""What a benchmark asks: one job, and the ways to do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["engine", "loop", "rival"]


@dataclass(frozen=True)
class Contender:
    """One way to do the job. `run` gets the data and returns the whole result."""

    name: str
    kind: Kind
    run: Callable[[Any], Any]


@dataclass(frozen=True)
class Question:
    """One job over `size` records: seeded data, ways to do it, and a form in which results compare."""

    name: str
    asks: str
    make_data: Callable[[int], Any]
    contenders: tuple[Contender, ...]
    comparable: Callable[[Any], Any] = list
