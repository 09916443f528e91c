import subprocess
import sys

import numpy as np
import pytest

import engine
from engine import Chain, chunk_by, group_by, it, join, kmerge, kmerge_index, par_map
from engine.errors import PlanError

PEOPLE = [{"id": 1, "tenant": "a"}, {"id": 2, "tenant": "a"}, {"id": 1, "tenant": "b"}]


@pytest.mark.parametrize("key", ["tenant", it["tenant"], lambda person: person["tenant"]])
def test_a_key_is_a_field_an_expression_or_a_callable(key):
    assert chunk_by(PEOPLE, key).to_dict() == {"a": PEOPLE[:2], "b": PEOPLE[2:]}
    assert group_by(PEOPLE, key).to_dict() == {"a": PEOPLE[:2], "b": PEOPLE[2:]}


def test_functions_of_iterables_are_lazy():
    def broken():
        raise AssertionError
        yield

    chains = [
        chunk_by(broken()),
        group_by(broken()),
        kmerge(broken()),
        join(broken(), broken(), on=0),
        par_map(abs, broken()),
    ]
    assert all(isinstance(chain, Chain) for chain in chains)


def test_join_takes_another_key_for_the_other_side():
    pairs = join(PEOPLE, [{"person": 1}], on="id", other_on="person", how="left").collect()
    assert [right for _, right in pairs] == [{"person": 1}, None, {"person": 1}]


def test_kmerge_of_nothing_is_empty():
    assert kmerge().collect() == []


def test_kmerge_of_reversed_inputs():
    assert kmerge([3, 1], [2], reverse=True).collect() == [3, 2, 1]


def test_functions_of_arrays_are_computed_at_once():
    array = np.array([1, 1, 2])
    assert chunk_by(array).lengths.tolist() == [2, 1]
    assert group_by(array).keys.tolist() == [1, 2]
    assert kmerge(array, np.array([0])).tolist() == [0, 1, 1, 2]
    assert kmerge_index(array, np.array([0]))[0].tolist() == [1, 0, 0, 0]
    assert join(array, np.array([2]))[0].tolist() == [2]
    assert par_map(np.negative, array).tolist() == [-1, -1, -2]


@pytest.mark.parametrize(
    "call",
    [
        lambda array: chunk_by(array, "x"),
        lambda array: kmerge(array, array, reverse=True),
        lambda array: kmerge([1], out=array),
        lambda array: join(array, array, "id"),
    ],
)
def test_what_arrays_do_not_take_is_refused(call):
    with pytest.raises(PlanError, match=r"must be"):
        call(np.array([1]))


def test_an_array_beside_a_list_is_read_as_objects():
    assert kmerge(np.array([1, 3]), [2]).collect() == [1, 2, 3]


def test_every_public_name_is_there():
    assert all(hasattr(engine, name) for name in engine.__all__)


def test_importing_the_engine_loads_no_numpy():
    code = "import sys, engine; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 (ours)
