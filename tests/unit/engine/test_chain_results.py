"""Steps over Ok and Err give what their plain references give, lazily, eagerly and again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain, Err, Ok
from engine.errors import PlanError
from engine.validation import integer
from tests.reference import steps_results as reference
from tests.reference.agreement import Reader, agree

results = st.lists(st.builds(Ok, st.integers(0, 3)) | st.builds(Err, st.text(max_size=2)), max_size=20)


def halved(n):
    return Err("odd") if n % 2 else Ok(n // 2)


@given(results)
def test_steps_over_results(items):
    chain = Chain(items)
    agree(chain.map_ok(str), reference.map_ok(items, str))
    agree(chain.filter_ok(bool), reference.filter_ok(items, bool))
    agree(chain.and_then(halved), reference.and_then(items, halved))
    agree(chain.map_err(len), reference.map_err(items, len))
    agree(chain.recover(len), reference.recover(items, len))
    small = integer(at_most=1)
    numbers = [item.unwrap_or(None) for item in items]
    agree(Chain(numbers).validate(small, 1), reference.validate(numbers, small, 1))
    ranges = reference.map_ok(items, range)
    agree(Chain(ranges).flatten_ok(), reference.flatten_ok(ranges))


@given(results)
def test_collecting_values_or_errors(items):
    assert Chain(items).try_collect() == reference.try_collect(items, every=False)
    assert Chain(items).try_collect(errors="all") == reference.try_collect(items, every=True)


def test_the_first_error_ends_the_reading_and_closes():
    reader = Reader(make=lambda n: Ok(n) if n < 3 else Err("late"))
    assert Chain(reader).try_collect() == Err("late")
    assert (reader.read, reader.closed) == (4, True)


def test_values_are_processed_up_to_the_first_error():
    reader, given = Reader(make=lambda n: Ok(n) if n < 3 else Err("late")), []
    assert Chain(reader).process_ok(given.extend) == Err("late")
    assert (given, reader.read, reader.closed) == ([0, 1, 2], 4, True)


def test_an_error_that_is_not_reached_does_not_count():
    assert Chain([Ok(1), Err("late")]).process_ok(next) == Ok(1)


def test_a_stop_iteration_of_a_process_never_truncates():
    with pytest.raises(RuntimeError):
        Chain([]).process_ok(next)


def test_all_errors_are_read_to_the_end():
    reader = Reader(make=Err)
    assert len(Chain(reader).try_collect(errors="all").error) == 100


def test_values_are_collected_into_what_is_asked_for():
    assert Chain([Ok(1), Ok(1)]).try_collect(set) == Ok({1})


@pytest.mark.parametrize(
    "build",
    [
        lambda chain: chain.map_ok(str).collect(),
        lambda chain: chain.filter_ok(bool).collect(),
        lambda chain: chain.and_then(Ok).collect(),
        lambda chain: chain.map_err(str).collect(),
        lambda chain: chain.flatten_ok().collect(),
        lambda chain: chain.recover(str).collect(),
        lambda chain: chain.try_collect(),
    ],
)
def test_an_item_that_is_no_result_is_an_error(build):
    with pytest.raises(TypeError, match="items must be Ok or Err, got 7"):
        build(Chain([7]))


def test_errors_must_be_first_or_all():
    with pytest.raises(PlanError, match="errors must be first or all, got 'some'"):
        Chain([Ok(1)]).try_collect(errors="some")
