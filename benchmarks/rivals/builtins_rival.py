"""Built-in map, filter and sum, given functions."""

from __future__ import annotations

from typing import Any

from benchmarks.rivals import lambdas


def chain(records: list[Any]) -> Any:
    grown_ups = filter(lambdas.is_not_t7, filter(lambdas.is_grown_up, records))
    doubled = map(lambdas.doubled_age, grown_ups)
    return sum(map(lambdas.less_seven, filter(lambdas.is_no_third, doubled)))
