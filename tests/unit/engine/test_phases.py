import pytest

from engine import Event, Phase
from engine.errors import PhaseRefused
from engine.phases import EDGES, advance


def test_every_phase_is_reached_from_the_start():
    reached = {Phase.UNINITIALIZED}
    for _ in Phase:
        reached |= {after for (before, _), after in EDGES.items() if before in reached}
    assert reached == set(Phase)


def test_every_event_has_one_edge():
    assert sorted(event.value for _, event in EDGES) == sorted(event.value for event in Event)


@pytest.mark.parametrize(
    "failure",
    [
        (Event.TRANSFORMATION_STARTED, Event.TRANSFORMATION_FAILED),
        (Event.UPDATE_REQUESTED, Event.UPDATE_REFUSED),
        (Event.SAVE_REQUESTED, Event.SAVE_FAILED),
    ],
)
def test_an_error_leads_over_recovery_back_to_active_or_to_failed(failure):
    recovering = (*failure, Event.HANDLED)
    assert advance(Phase.ACTIVE, *recovering, Event.RECOVERED).value is Phase.ACTIVE
    assert advance(Phase.ACTIVE, *recovering, Event.RECOVERY_FAILED).value is Phase.FAILED


@pytest.mark.parametrize("phase", Phase)
def test_what_the_table_does_not_name_is_refused(phase):
    unknown = [event for event in Event if (phase, event) not in EDGES]
    refused = [advance(phase, event).error for event in unknown]
    assert [(type(error), error.phase, error.event) for error in refused] == [
        (PhaseRefused, phase.value, event.value) for event in unknown
    ]
