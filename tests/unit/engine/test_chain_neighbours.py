"""Steps that look at neighbours give what their plain references give, lazily, eagerly and again."""

from hypothesis import given
from hypothesis import strategies as st

from engine import Chain
from tests.reference import steps_neighbours as reference
from tests.reference.agreement import agree

numbers = st.lists(st.integers(-4, 4), max_size=30)
NAN, OTHER_NAN = float("nan"), float("nan")


def thirds(n):
    return n // 3


def added(a, b):
    return a + b if a * b > 0 else None


@given(numbers, st.integers(1, 6))
def test_circular_windows(items, n):
    agree(Chain(items).windows(n, circular=True), reference.windows_circular(items, n))


@given(numbers)
def test_pairs(items):
    agree(Chain(items).pairwise(), reference.pairwise(items))


@given(numbers)
def test_parts_split_between_neighbours(items):
    agree(Chain(items).split_when(lambda a, b: a > b), reference.split_when(items, lambda a, b: a > b))


@given(numbers)
def test_merged_neighbours(items):
    agree(Chain(items).coalesce(added), reference.coalesce(items, added))


@given(numbers)
def test_lengths_of_runs(items):
    agree(Chain(items).run_length(thirds), reference.run_length(items, thirds))


@given(numbers)
def test_repeated_keys(items):
    agree(Chain(items).duplicates(thirds), reference.duplicates(items, thirds))


@given(numbers)
def test_what_stands_between_and_where(items):
    agree(Chain(items).intersperse(None), reference.intersperse(items, None))
    agree(Chain(items).with_position(), reference.with_position(items))


def test_nan_is_one_key():
    assert len(Chain([NAN, OTHER_NAN]).run_length().collect()) == 1
    assert Chain([(NAN, 1), (OTHER_NAN, 1), (NAN, 1)]).duplicates().count() == 2


def test_one_is_one_key_whatever_its_type():
    assert Chain([1, 1.0, True]).run_length().collect() == [(1, 3)]


def test_keys_may_be_fields_positions_and_expressions():
    rows = [{"x": 1}, {"x": 1}, {"x": 2}]
    assert Chain(rows).run_length("x").map(1).collect() == [2, 1]
    assert Chain(["ab", "ac"]).duplicates(0).collect() == ["ac"]


def test_batching_takes_what_it_wants():
    def sized(items):
        size = next(items, None)
        return None if size is None else [next(items, None) for _ in range(size)]

    assert Chain([2, "a", "b", 0, 1, "c"]).batching(sized).collect() == [["a", "b"], [], ["c"]]
