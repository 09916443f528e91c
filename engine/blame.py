"""Whose fault an error is, as a value: by a table that the caller passes; nothing is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from engine.errors import PlanError


class Blame(Enum):
    """Who has to act: the caller asked for what can not be, a rule said no, or something outside failed."""

    CALLER = "caller"
    RULE = "rule"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Fault:
    """Who is to blame, and whether the same call may succeed later.

    Raises:
        PlanError: it is retryable, but not from outside: asking again changes no caller and no rule.
    """

    blame: Blame
    is_retryable: bool = False

    def __post_init__(self) -> None:
        if self.is_retryable and self.blame is not Blame.OUTSIDE:
            raise PlanError(f"only a fault from outside may be retryable, got {self.blame.value}")


# A function decides where the class alone does not say it: by a number in the error, for example.
Faults: TypeAlias = Mapping[type, Fault | Callable[[Any], Fault]]
UNKNOWN = Fault(Blame.OUTSIDE)


def classify(error: object, faults: Faults, *, default: Fault = UNKNOWN) -> Fault:
    """The fault that the table has for the class of an error, or for the nearest of its parents.

    Args:
        error: an exception, or whatever an Err holds.
        faults: what each class means, in any order.
        default: what is not in the table; from outside, and not to be retried.

    >>> table = {OSError: Fault(Blame.OUTSIDE), TimeoutError: Fault(Blame.OUTSIDE, is_retryable=True)}
    >>> classify(TimeoutError(), table).is_retryable, classify(FileNotFoundError(), table).is_retryable
    (True, False)
    """
    for kind in type(error).__mro__:
        fault = faults.get(kind)
        if fault is not None:
            return fault if isinstance(fault, Fault) else fault(error)
    return default
