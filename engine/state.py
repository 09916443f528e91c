"""`Store`: one immutable state for each key, changed by pure functions, each change whole or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Generic, TypeVar

from engine.edits import difference
from engine.errors import InvalidState, PhaseRefused, StateError, UnknownVersion, VersionConflict
from engine.histories import Delta, History, Versioned
from engine.persistent import PMap
from engine.phases import Event, Phase, advance
from engine.result import Err, Ok, Result

K = TypeVar("K", bound=Hashable)
S = TypeVar("S")
E = TypeVar("E")
F = TypeVar("F")

# Whoever loses a race was overtaken by a change that took effect; so many times in a row, it is most likely
# the step itself that changes its key, and it would never end.
MOST_ATTEMPTS: Final = 1_000
NO_METADATA: Final = PMap[str, Any]()


@dataclass(frozen=True, slots=True)
class Transition(Generic[S, E]):
    """A pure function from state to state, with the name that the history tells."""

    name: str
    run: Callable[[S], Result[S, E]]

    def __call__(self, state: S) -> Result[S, E]:
        return self.run(state)


def transition(name: str, run: Callable[[S], Result[S, E]]) -> Transition[S, E]:
    """The function under a name of its own; others go by their `__name__`.

    >>> transition("birthday", lambda age: Ok(age + 1))(41)
    Ok(value=42)
    """
    return Transition(name, run)


def replacing(state: S, name: str = "replace") -> Transition[S, Any]:
    """The transition to this state from any other: for undoing, and for states made elsewhere."""
    return Transition(name, lambda _: Ok(state))


@dataclass(frozen=True, slots=True)
class Change(Generic[K, S]):
    """A valid new state that nobody sees yet: write it down, then `Store.commit` it, or drop it."""

    key: K
    before: Versioned[S]
    after: Versioned[S]
    delta: Delta


class Store(Generic[K, S, E]):
    """One state for each key; keys share nothing.

    Args:
        initial: the state of a key that was never seen, asked for when the key is first used.
        validate: what every state passes before anyone sees it; it may give a tidier state.
        snapshot_every: so many versions apart the history holds a whole state.
        keep: so many versions of a key can be undone; None for all.

    Safety: any number of threads; each key's changes take effect one after the other. No lock is held
        while functions of the caller run; they run again when another thread was first.

    >>> store = Store(lambda tenant: PMap({"contacts": 0}), Ok)
    >>> add = transition("add", lambda state: Ok(state.set("contacts", state["contacts"] + 1)))
    >>> store.apply("acme", add)
    Ok(value=Versioned(state=PMap({'contacts': 1}), version=1))
    >>> store.rollback("acme", 0)
    Ok(value=Versioned(state=PMap({'contacts': 0}), version=2))
    """

    def __init__(
        self,
        initial: Callable[[K], S],
        validate: Callable[[S], Result[S, E]],
        *,
        snapshot_every: int = 64,
        keep: int | None = None,
    ) -> None:
        if snapshot_every < 1:
            raise StateError(f"snapshot_every must be at least 1, got {snapshot_every}")
        if keep is not None and keep < 0:
            raise StateError(f"keep must be at least 0, got {keep}")
        self._initial = initial
        self._validate = validate
        self._snapshot_every = snapshot_every
        self._keep = keep
        self._lines: dict[K, _Line[S] | _Broken] = {}
        self._lock = Lock()

    def get(self, key: K) -> Versioned[S]:
        """The state of the key, with its version.

        Raises:
            InvalidState: its initial state was refused.
        """
        return self._line(key).or_raise().present

    def phase(self, key: K) -> Phase:
        """The phase in which the key rests, which no change on its way alters."""
        line = self._lines.get(key)
        if line is None:
            return Phase.UNINITIALIZED
        return Phase.FAILED if isinstance(line, _Broken) else Phase.ACTIVE

    def apply(
        self, key: K, step: Callable[[S], Result[S, F]], metadata: Mapping[str, Any] = NO_METADATA
    ) -> Result[Versioned[S], E | F | StateError]:
        """The new state that everybody sees, or the reason why the old one stays.

        Args:
            key: whose state it is.
            step: a pure function; run again when another change was first. What it raises comes through.
            metadata: what the history tells of it, as actor and time.
        """
        lost: Result[Versioned[S], Any] = Err(VersionConflict(0, 0))
        for _ in range(MOST_ATTEMPTS):
            change = self.prepare(key, step, metadata)
            if isinstance(change, Err):
                return change
            lost = self.commit(change.value)
            if lost.is_ok():
                break
        return lost

    def prepare(
        self, key: K, step: Callable[[S], Result[S, F]], metadata: Mapping[str, Any] = NO_METADATA
    ) -> Result[Change[K, S], E | F | StateError]:
        """The change that the step would make, valid and not yet seen; dropping it leaves no trace."""
        line = self._line(key)
        if isinstance(line, Err):
            return Err(PhaseRefused(Phase.FAILED.value, Event.TRANSFORMATION_STARTED.value))
        before = line.value.present
        valid = step(before.state).and_then(self._validate)
        # The state before was never touched: an error leads back to it by itself.
        return valid.map(lambda state: _change(key, before, state, _name(step), metadata))

    def commit(self, change: Change[K, S]) -> Result[Versioned[S], VersionConflict]:
        """The state of the change, now seen by everybody, unless another change was first."""
        with self._lock:
            line = self._lines.get(change.key)
            if isinstance(line, _Line) and line.present is change.before:
                line.append(change.after, change.delta, self._snapshot_every)
                return Ok(change.after)
            actual = line.present.version if isinstance(line, _Line) else 0
        return Err(VersionConflict(change.before.version, actual))

    def replace(
        self, key: K, expected_version: int, new: S, metadata: Mapping[str, Any] = NO_METADATA
    ) -> Result[Versioned[S], E | StateError]:
        """The new state, if the key still has the expected version."""
        change: Result[Change[K, S], Any] = self.prepare(key, replacing(new), metadata)
        if isinstance(change, Ok) and change.value.before.version != expected_version:
            return Err(VersionConflict(expected_version, change.value.before.version))
        return change.and_then(self.commit)

    def rollback(
        self, key: K, to_version: int, metadata: Mapping[str, Any] = NO_METADATA
    ) -> Result[Versioned[S], E | StateError]:
        """A new version with the state of an old one: the history grows, and this can be undone too."""
        found: Result[S, Any] = self.at(key, to_version)
        return found.and_then(
            lambda state: self.apply(key, replacing(state, f"rollback to {to_version}"), metadata)
        )

    def history(self, key: K) -> History[S]:
        """All that is kept of the key's versions, as a value that stays as it is.

        Raises:
            InvalidState: its initial state was refused.
        """
        line = self._line(key).or_raise()
        with self._lock:
            return History(line.present, tuple(line.deltas), dict(line.snapshots))

    def at(self, key: K, version: int) -> Result[S, UnknownVersion]:
        """The state that the key had at that version.

        Raises:
            InvalidState: its initial state was refused.
        """
        return self.history(key).at(version)

    def restore(self, key: K, history: History[S]) -> Result[Versioned[S], E]:
        """The saved state, in place of all that the store has of the key; changes on their way lose."""
        valid = self._validate(history.present.state)
        if isinstance(valid, Err):
            return valid
        present = Versioned(valid.value, history.present.version)
        with self._lock:
            self._lines[key] = _Line(present, deque(history.deltas, self._keep), dict(history.snapshots))
        return Ok(present)

    def forget(self, key: K) -> Result[Phase, PhaseRefused]:
        """Uninitialized: the key begins anew when it is next used; changes on their way lose."""
        with self._lock:
            line = self._lines.pop(key, None)
        if isinstance(line, _Broken):
            return advance(Phase.FAILED, Event.SHUT_DOWN)
        before = Phase.UNINITIALIZED if line is None else Phase.ACTIVE
        return advance(before, Event.SHUTDOWN_REQUESTED, Event.CLEANED_UP)

    def _line(self, key: K) -> Result[_Line[S], InvalidState]:
        line = self._lines.get(key)
        if line is None:
            made = self._begun(key)
            with self._lock:
                line = self._lines.setdefault(key, made)
        return Err(InvalidState(line.reason)) if isinstance(line, _Broken) else Ok(line)

    def _begun(self, key: K) -> _Line[S] | _Broken:
        valid = self._validate(self._initial(key))
        if isinstance(valid, Err):
            return _Broken(valid.error)
        return _Line(Versioned(valid.value, 0), deque(maxlen=self._keep), {})


@dataclass(slots=True)
class _Line(Generic[S]):
    """The versions of one key; changed under the store's lock only."""

    present: Versioned[S]
    deltas: deque[Delta]
    snapshots: dict[int, S]

    def append(self, after: Versioned[S], delta: Delta, snapshot_every: int) -> None:
        self.present = after
        self.deltas.append(delta)
        if after.version % snapshot_every == 0:
            oldest = after.version - len(self.deltas)
            kept = {version: state for version, state in self.snapshots.items() if version >= oldest}
            self.snapshots = {**kept, after.version: after.state}


@dataclass(frozen=True, slots=True)
class _Broken:
    """A key whose initial state was refused, and why."""

    reason: object


def _change(key: K, before: Versioned[S], state: S, name: str, metadata: Mapping[str, Any]) -> Change[K, S]:
    after = Versioned(state, before.version + 1)
    return Change(
        key, before, after, Delta(after.version, name, difference(before.state, state), PMap(metadata))
    )


def _name(step: Callable[..., object]) -> str:
    return step.name if isinstance(step, Transition) else getattr(step, "__name__", type(step).__name__)
