"""NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np


def run_starts(values: Any) -> Any:
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))


def run_sums(inputs: Any) -> Any:
    return np.add.reduceat(inputs["values"], run_starts(inputs["keys"]))


def sorted_all(parts: list[Any]) -> Any:
    return np.sort(joined(parts), kind="stable")


def joined(parts: list[Any]) -> Any:
    return np.concatenate(parts)


def lengths(inputs: Any) -> Any:
    a, b, c = (inputs[name] for name in "abc")
    return np.sqrt(a * a + b * b) * 0.5 + c


def doubled_where_positive(inputs: Any) -> Any:
    return (inputs["a"][inputs["b"] > 0] * 2.0).sum()


def read_all(inputs: Any) -> Any:
    """The floor of whoever must read all of it."""
    return [array.max() for array in inputs.all().values()]
