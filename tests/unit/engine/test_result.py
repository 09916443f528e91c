import pytest

from engine.errors import UnwrapError
from engine.result import Err, Ok


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
