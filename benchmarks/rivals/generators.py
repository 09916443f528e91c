"""Nested generator expressions: the steps written out, none of them a call."""

from __future__ import annotations

from typing import Any


def chain(records: list[Any]) -> Any:
    grown_ups = (record for record in records if record["age"] > 30)
    others = (record for record in grown_ups if record["tenant"] != "t7")
    doubled = (record["age"] * 2 + 1 for record in others)
    no_thirds = (number for number in doubled if number % 3 != 0)
    return sum(number - 7 for number in no_thirds)
