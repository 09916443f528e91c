"""How an ending reads a chain: to its end or as far as it likes, and closed in any case."""

from __future__ import annotations

from typing import Any

from engine import run
from engine.chain.planned import Planned, T_co
from engine.errors import EmptyChainError
from engine.extents import require_end
from engine.plan import Plan

__all__ = ["MISSING", "Reading", "T_co", "found"]

MISSING: Any = object()


class Reading(Planned[T_co]):
    """What endings are made of."""

    __slots__ = ()

    def _reading(self) -> run.Ending:
        """The items, for an ending that may stop before the last."""
        return run.Ending(self._plan())

    def _reading_all(self, ending: str) -> run.Ending:
        """The items, for an ending that needs them all.

        Raises:
            PlanError: the chain never ends.
        """
        return run.Ending(self._plan_to_end(ending))

    def _plan_to_end(self, ending: str) -> Plan:
        """The plan, for an ending that needs all items.

        Raises:
            PlanError: the chain never ends.
        """
        require_end(self._source, self._steps, ending)
        return self._plan()


def found(item: Any, ending: str) -> Any:
    """The item, unless none was there.

    Raises:
        EmptyChainError: it is missing.
    """
    if item is MISSING:
        raise EmptyChainError(f"{ending} needs at least one item or a default, got an empty chain")
    return item
