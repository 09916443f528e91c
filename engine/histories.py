"""What became of one state: its versions as deltas, with a whole state now and then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.edits import Edit, redo, undo
from engine.errors import UnknownVersion
from engine.persistent import PMap
from engine.result import Err, Ok, Result

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Versioned(Generic[S_co]):
    """A state and the number of transitions that led to it."""

    state: S_co
    version: int


@dataclass(frozen=True, slots=True)
class Delta:
    """What one transition changed.

    Args:
        version: the version that it led to.
        name: that of the transition.
        metadata: what the caller told of it, as actor and time.
    """

    version: int
    name: str
    edits: tuple[Edit, ...]
    metadata: Mapping[str, Any] = PMap[str, Any]()


@dataclass(frozen=True, slots=True)
class History(Generic[S_co]):
    """The present state, the deltas that led to it, oldest first, and some states on the way.

    Args:
        snapshots: states by version; more of them make `at` quicker and nothing else.
    """

    present: Versioned[S_co]
    deltas: tuple[Delta, ...] = ()
    snapshots: Mapping[int, S_co] = PMap[int, Any]()

    @property
    def oldest(self) -> int:
        """The first version that can still be reached."""
        return self.present.version - len(self.deltas)

    def at(self, version: int) -> Result[S_co, UnknownVersion]:
        """The state at that version, by undoing deltas from the nearest later state that is whole.

        >>> from engine.edits import difference
        >>> one = Delta(1, "birthday", difference(PMap({"age": 1}), PMap({"age": 2})))
        >>> History(Versioned(PMap({"age": 2}), 1), (one,)).at(0)
        Ok(value=PMap({'age': 1}))
        """
        if not self.oldest <= version <= self.present.version:
            return Err(UnknownVersion(version, self.oldest, self.present.version))
        start = min((known for known in self.snapshots if known >= version), default=self.present.version)
        state = self.present.state if start == self.present.version else self.snapshots[start]
        for delta in reversed(self.deltas[version - self.oldest : start - self.oldest]):
            state = undo(state, delta.edits)
        return Ok(state)


def replay(state: S, deltas: Iterable[Delta]) -> S:
    """The state after all deltas."""
    for delta in deltas:
        state = redo(state, delta.edits)
    return state
