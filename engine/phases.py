"""The life of a state as a table: which event leads from which phase to which."""

from __future__ import annotations

from enum import Enum
from typing import Final

from engine.errors import PhaseRefused
from engine.result import Err, Ok, Result


class Phase(Enum):
    """Where a state is in its life."""

    UNINITIALIZED = "uninitialized"
    INITIALIZING = "initializing"
    ACTIVE = "active"
    PROCESSING = "processing"
    UPDATING = "updating"
    PERSISTING = "persisting"
    ERROR = "error"
    RECOVERING = "recovering"
    FAILED = "failed"
    TERMINATING = "terminating"


class Event(Enum):
    """What happens to a state."""

    CREATED = "create initial state"
    FOUND_VALID = "state validation success"
    FOUND_INVALID = "state validation failed"
    TRANSFORMATION_STARTED = "apply transformation"
    TRANSFORMED = "pure function success"
    TRANSFORMATION_FAILED = "transformation failed"
    UPDATE_REQUESTED = "state transition request"
    UPDATED = "immutable update success"
    UPDATE_REFUSED = "update validation failed"
    SAVE_REQUESTED = "save state request"
    SAVED = "persistence success"
    SAVE_FAILED = "persistence failed"
    HANDLED = "error handler invoked"
    RECOVERED = "recovery success"
    RECOVERY_FAILED = "recovery failed"
    SHUTDOWN_REQUESTED = "shutdown request"
    CLEANED_UP = "cleanup complete"
    SHUT_DOWN = "system shutdown"


# Both ends lead back to the start: a key that is forgotten is as if it had never been.
EDGES: Final = {
    (Phase.UNINITIALIZED, Event.CREATED): Phase.INITIALIZING,
    (Phase.INITIALIZING, Event.FOUND_VALID): Phase.ACTIVE,
    (Phase.INITIALIZING, Event.FOUND_INVALID): Phase.ERROR,
    (Phase.ACTIVE, Event.TRANSFORMATION_STARTED): Phase.PROCESSING,
    (Phase.PROCESSING, Event.TRANSFORMED): Phase.ACTIVE,
    (Phase.PROCESSING, Event.TRANSFORMATION_FAILED): Phase.ERROR,
    (Phase.ACTIVE, Event.UPDATE_REQUESTED): Phase.UPDATING,
    (Phase.UPDATING, Event.UPDATED): Phase.ACTIVE,
    (Phase.UPDATING, Event.UPDATE_REFUSED): Phase.ERROR,
    (Phase.ACTIVE, Event.SAVE_REQUESTED): Phase.PERSISTING,
    (Phase.PERSISTING, Event.SAVED): Phase.ACTIVE,
    (Phase.PERSISTING, Event.SAVE_FAILED): Phase.ERROR,
    (Phase.ERROR, Event.HANDLED): Phase.RECOVERING,
    (Phase.RECOVERING, Event.RECOVERED): Phase.ACTIVE,
    (Phase.RECOVERING, Event.RECOVERY_FAILED): Phase.FAILED,
    (Phase.ACTIVE, Event.SHUTDOWN_REQUESTED): Phase.TERMINATING,
    (Phase.TERMINATING, Event.CLEANED_UP): Phase.UNINITIALIZED,
    (Phase.FAILED, Event.SHUT_DOWN): Phase.UNINITIALIZED,
}


def advance(phase: Phase, *events: Event) -> Result[Phase, PhaseRefused]:
    """The phase after the events, or an Err at the first one that the phase does not know.

    >>> advance(Phase.ACTIVE, Event.UPDATE_REQUESTED, Event.UPDATE_REFUSED)
    Ok(value=<Phase.ERROR: 'error'>)
    >>> advance(Phase.FAILED, Event.UPDATE_REQUESTED).error
    PhaseRefused('failed', 'state transition request')
    """
    for event in events:
        after = EDGES.get((phase, event))
        if after is None:
            return Err(PhaseRefused(phase.value, event.value))
        phase = after
    return Ok(phase)
