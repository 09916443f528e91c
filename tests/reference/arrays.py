"""Arrays of every type that a kernel knows, with the values that break kernels."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

WHOLE = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
FLOAT = ["f4", "f8"]
TIME = ["M8[ns]", "m8[D]"]
EVERY = [*WHOLE, *FLOAT, *TIME]


def edges_of(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return [False, True]
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return [limits.min, limits.min + 1, limits.max - 1, limits.max]
    if dtype.kind == "f":
        limits = np.finfo(dtype)
        return [
            np.nan,
            -np.nan,
            np.inf,
            -np.inf,
            0.0,
            -0.0,
            limits.max,
            limits.tiny,
            -limits.smallest_subnormal,
        ]
    return [np.datetime64("NaT").astype("i8"), -(2**63) + 1, 2**63 - 1]


def cells(dtype):
    few = st.sampled_from([0, 1, 2, 3])
    return st.one_of(few, few, st.sampled_from(edges_of(dtype)))


def array_of(values, dtype):
    dtype = np.dtype(dtype)
    if dtype.kind in "mM":
        return np.array(values, "i8").astype("i8").view(dtype)
    return np.array(values, dtype)


def arrays(dtypes=EVERY, max_size=60):
    return st.sampled_from(dtypes).flatmap(lambda dtype: arrays_of(dtype, max_size))


def arrays_of(dtype, max_size=60):
    return st.lists(cells(dtype), max_size=max_size).map(lambda values: array_of(values, dtype))


def same(left, right):
    """Equal element for element and type for type, signs of zero apart; NaN and NaT equal themselves."""
    return left.dtype == right.dtype and np.array_equal(left, right, equal_nan=left.dtype.kind in "fmM")
