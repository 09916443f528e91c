"""Whatever way an array lies in memory, kernels see its elements and leave it as it was."""

import numpy as np
import pytest
from reference.arrays import EVERY, array_of, same

from engine.columns import chunk_by, group_by, join, kmerge, kmerge_index
from engine.kernels.columns.arrays import ready_array


def strided(array):
    return np.repeat(array, 3)[::3]


def reversed_twice(array):
    return array[::-1].copy()[::-1]


def byte_swapped(array):
    return array.astype(array.dtype.newbyteorder(">"))


def misaligned(array):
    room = np.zeros(array.nbytes + 1, "u1")
    room[1:] = np.frombuffer(array.tobytes(), "u1")
    return room[1:].view(array.dtype)


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def subclassed(array):
    return array.view(type("Subclass", (np.ndarray,), {}))


layouts = pytest.mark.parametrize(
    "lay", [strided, reversed_twice, byte_swapped, misaligned, read_only, subclassed]
)


@layouts
@pytest.mark.parametrize("dtype", EVERY)
def test_every_kernel_reads_every_layout(lay, dtype):
    plain = array_of([0, 0, 1, 1, 1], dtype)
    other = lay(plain)
    before = other.tobytes()
    assert chunk_by(other).starts.tolist() == [0, 2]
    assert same(chunk_by(other).values, array_of([0, 1], dtype))
    assert same(kmerge(other, plain), array_of([0, 0, 0, 0, 1, 1, 1, 1, 1, 1], dtype))
    assert kmerge_index(other)[1].tolist() == [0, 1, 2, 3, 4]
    assert join(other, plain, "semi")[1].tolist() == [0, 0, 2, 2, 2]
    assert group_by(other).agg(n=(other, "count"))["n"].tolist() == [2, 3]
    assert other.tobytes() == before


def test_an_array_that_is_ready_is_not_copied():
    array = np.arange(5)
    assert np.shares_memory(ready_array(array, "array"), array)
    assert np.shares_memory(ready_array(read_only(array).view(), "array"), array) is False
    assert type(ready_array(subclassed(array), "array")) is np.ndarray
