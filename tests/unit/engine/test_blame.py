import pytest

from engine import Blame, Fault, classify
from engine.errors import PlanError

LATER = Fault(Blame.OUTSIDE, is_retryable=True)
FAULTS = {
    Exception: Fault(Blame.OUTSIDE),
    ValueError: Fault(Blame.CALLER),
    ConnectionError: LATER,
    OSError: lambda error: LATER if error.errno == 11 else Fault(Blame.OUTSIDE),
}


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (UnicodeError(), Fault(Blame.CALLER)),
        (ConnectionResetError(), LATER),
        (OSError(11, "again"), LATER),
        (OSError(2, "gone"), Fault(Blame.OUTSIDE)),
        (KeyError(), Fault(Blame.OUTSIDE)),
    ],
)
def test_the_nearest_class_in_the_table_decides(error, fault):
    assert classify(error, FAULTS) == fault


def test_what_the_table_does_not_know_is_never_retried():
    assert classify(KeyboardInterrupt(), FAULTS) == Fault(Blame.OUTSIDE)
    assert classify("text", FAULTS, default=Fault(Blame.RULE)) == Fault(Blame.RULE)


@pytest.mark.parametrize("blame", [Blame.CALLER, Blame.RULE])
def test_only_what_is_outside_may_be_retryable(blame):
    with pytest.raises(PlanError, match=f"got {blame.value}"):
        Fault(blame, is_retryable=True)
