"""NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np


def run_starts(values: Any) -> Any:
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))


def sorted_concatenation(arrays: list[Any]) -> Any:
    return np.sort(np.concatenate(arrays), kind="stable")
