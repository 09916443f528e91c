import pytest

from engine.errors import UnwrapError
from engine.result import Err, Ok, collect_results, combine, combine_all


def test_ok_maps_its_value():
    assert Ok(2).map(str) == Ok("2")


def test_err_passes_map_by():
    assert Err("empty").map(str) == Err("empty")


def test_ok_continues_with_the_next_result():
    assert Ok(2).and_then(lambda value: Err(value)) == Err(2)


def test_err_raises_the_exception_it_holds():
    with pytest.raises(LookupError, match="gone"):
        Err(LookupError("gone")).or_raise()


def test_the_value_of_an_err_is_refused_with_a_bounded_message():
    with pytest.raises(UnwrapError) as caught:
        _ = Err("x" * 10_000).value
    assert len(str(caught.value)) < 300


def test_both_match_by_pattern():
    match Ok(3):
        case Ok(value):
            assert value == 3


def test_an_err_tries_again_and_recovers_and_an_ok_has_no_need():
    assert (Err("late").or_else(lambda error: Ok(len(error))), Ok(1).or_else(len)) == (Ok(4), Ok(1))
    assert (Err("late").recover(len), Ok(1).recover(len)) == (4, 1)
    assert (Err("late").unwrap_or_else(len), Ok(1).unwrap_or_else(len)) == (4, 1)


def test_collecting_reads_nothing_behind_the_first_error():
    results = iter([Ok(1), Err("late"), Ok(2)])
    assert collect_results(results) == Err("late")
    assert list(results) == [Ok(2)]


@pytest.mark.parametrize("gather", [combine, combine_all])
def test_what_is_no_result_is_refused(gather):
    with pytest.raises(TypeError, match="must be Ok or Err, got 1"):
        gather(Ok(1), 1)
