"""PyFunctional: a fluent chain in Python.

Its join is not asked: it makes a dict of each side, so that rows with a key that was there before are lost.
"""

from __future__ import annotations

from typing import Any

from functional import seq

from benchmarks.rivals import lambdas


def group_by(records: list[Any]) -> Any:
    return seq(records).group_by(lambda record: record["tenant"]).to_list()


def chain(records: list[Any]) -> Any:
    return (
        seq(records)
        .filter(lambdas.is_grown_up)
        .filter(lambdas.is_not_t7)
        .map(lambdas.doubled_age)
        .filter(lambdas.is_no_third)
        .map(lambdas.less_seven)
        .sum()
    )
