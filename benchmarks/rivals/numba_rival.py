"""Numba: loops compiled for this machine before the clock starts, on all cores where they can be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, prange


def run_starts(inputs: Any) -> Any:
    return _run_starts(inputs["keys"])


def run_sums(inputs: Any) -> Any:
    return _run_sums(inputs["keys"], inputs["values"])


def lengths(inputs: Any) -> Any:
    return _lengths(inputs["a"], inputs["b"], inputs["c"])


def doubled_where_positive(inputs: Any) -> Any:
    return _doubled_where_positive(inputs["a"], inputs["b"])


@njit
def _run_starts(keys: Any) -> Any:
    count = 1
    for i in range(1, len(keys)):
        count += keys[i] != keys[i - 1]
    starts = np.zeros(count, np.int64)
    last = 0
    for i in range(1, len(keys)):
        if keys[i] != keys[i - 1]:
            last += 1
            starts[last] = i
    return starts


@njit
def _run_sums(keys: Any, values: Any) -> Any:
    starts = _run_starts(keys)
    sums = np.zeros(len(starts), values.dtype)
    run = 0
    for i in range(len(keys)):
        if i and keys[i] != keys[i - 1]:
            run += 1
        sums[run] += values[i]
    return sums


@njit(parallel=True)
def _lengths(a: Any, b: Any, c: Any) -> Any:
    out = np.empty_like(a)
    for i in prange(len(a)):
        out[i] = math.sqrt(a[i] * a[i] + b[i] * b[i]) * 0.5 + c[i]
    return out


@njit(parallel=True)
def _doubled_where_positive(a: Any, b: Any) -> Any:
    total = 0.0
    for i in prange(len(a)):
        if b[i] > 0:
            total += a[i] * 2.0
    return total
