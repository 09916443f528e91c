"""The steps of the chain as functions, the same objects for everyone who is given functions."""

from __future__ import annotations

# What people pass to a chain are lambdas: a def would be the same code.
is_grown_up = lambda record: record["age"] > 30  # noqa: E731
is_not_t7 = lambda record: record["tenant"] != "t7"  # noqa: E731
doubled_age = lambda record: record["age"] * 2 + 1  # noqa: E731
is_no_third = lambda number: number % 3 != 0  # noqa: E731
less_seven = lambda number: number - 7  # noqa: E731
