"""What can go wrong in the engine.

EngineError
    PlanError (ValueError)          a chain that can not be built or planned as asked
        CompositionError        functions that can not be put together
    SourceConsumedError (RuntimeError)  a one-shot iterator asked for a second run
    ReentrantError (RuntimeError)   a callback that pulls from the step that is calling it
    EmptyChainError (ValueError)    an item of a chain that has none
    NotSortedError (ValueError)     input promised as sorted is not
    LengthError (ValueError)        another number of items than was promised
    UnwrapError (ValueError)        the value of an Err, or the error of an Ok, was asked for
    PurityError (ValueError)        a function that a registry does not find pure enough
    NotRegistered (LookupError)     a name that a registry does not know
    RegistryError (ValueError)      a registration that can not be made: frozen, a name taken
    StateError                      a state can not be changed, found or restored as asked
        VersionConflict (RuntimeError)  somebody else changed it first
        UnknownVersion (LookupError)    a version that never was, or is no longer kept
        PhaseRefused (RuntimeError)     an event that the phase of the state does not know
        InvalidState (ValueError)       no valid state to begin with
        SavedStateError (ValueError)    data of another format, or damaged
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most programs never register a function
    from engine.purity.verdict import Verdict


class EngineError(Exception):
    """The root: everything the engine itself raises. Errors of callbacks keep their own type."""


class PlanError(EngineError, ValueError):
    """A chain can not be built or planned as asked."""


class CompositionError(PlanError):
    """Functions can not be put together: one is none, or does not take what the one before it returns."""


class SourceConsumedError(EngineError, RuntimeError):
    """A chain over a one-shot iterator was run a second time."""


class ReentrantError(EngineError, RuntimeError):
    """A callback pulled from the very step that was calling it."""


class EmptyChainError(EngineError, ValueError):
    """An item was asked of a chain that has none, and no default was given."""


class NotSortedError(EngineError, ValueError):
    """Input that was promised as sorted is out of order."""


class LengthError(EngineError, ValueError):
    """There were fewer or more items than was promised."""


class UnwrapError(EngineError, ValueError):
    """The value of an `Err`, or the error of an `Ok`, was asked for."""


class PurityError(EngineError, ValueError):
    """A function was refused by a registry; `verdict` says why, and what to do about it."""

    def __init__(self, message: str, verdict: Verdict) -> None:
        super().__init__(message)
        self.verdict = verdict

    def __reduce__(self) -> tuple[type[Exception], tuple[str, Verdict]]:
        return (type(self), (str(self), self.verdict))


class NotRegistered(EngineError, LookupError):
    """A name was asked of a registry that has no function of it."""


class RegistryError(EngineError, ValueError):
    """A function could not be registered: the registry is frozen, or has the name already."""


class StateError(EngineError):
    """A state can not be changed, found or restored as asked."""


class VersionConflict(StateError, RuntimeError):
    """The state was changed by somebody else since it was read."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(expected, actual)
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"version must be {self.expected}, got {self.actual}"


class UnknownVersion(StateError, LookupError):
    """A version that never was, or that the history no longer reaches."""

    def __init__(self, version: int, oldest: int, newest: int) -> None:
        super().__init__(version, oldest, newest)
        self.version = version
        self.oldest = oldest
        self.newest = newest

    def __str__(self) -> str:
        return f"version must be from {self.oldest} to {self.newest}, got {self.version}"


class PhaseRefused(StateError, RuntimeError):
    """An event that the phase of a state does not know."""

    def __init__(self, phase: str, event: str) -> None:
        super().__init__(phase, event)
        self.phase = phase
        self.event = event

    def __str__(self) -> str:
        return f"a state that is {self.phase} knows no {self.event}"


class InvalidState(StateError, ValueError):
    """There is no valid state to go on from: the very first one was refused."""

    def __init__(self, reason: object) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the initial state must be valid, got {self.reason!r:.200}"


class SavedStateError(StateError, ValueError):
    """Saved data is of another format, or damaged."""
