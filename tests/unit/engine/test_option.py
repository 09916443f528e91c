import copy
import pickle

import pytest

from engine import Err, Nothing, Ok, Some, collect_options
from engine.errors import UnwrapError
from engine.option import NothingType


def test_there_is_one_nothing_through_calls_copies_and_pickles():
    assert NothingType() is Nothing
    assert copy.deepcopy(Nothing) is Nothing
    assert pickle.loads(pickle.dumps(Nothing)) is Nothing  # noqa: S301 (ours)


def test_some_is_pickled_and_compared_by_its_value():
    assert pickle.loads(pickle.dumps(Some([1]))) == Some([1])  # noqa: S301 (ours)
    assert Some(None) != Nothing


@pytest.mark.parametrize("option", [Some(0), Some(1), Nothing])
def test_the_truth_of_an_option_is_refused(option):
    with pytest.raises(TypeError, match="an Option has no truth"):
        bool(option)


def test_options_match_by_pattern():
    def told(option):
        match option:
            case Some(value):
                return value
            case NothingType():
                return "nothing"

    assert [told(Some(3)), told(Nothing)] == [3, "nothing"]


def test_a_filter_keeps_the_value_for_which_it_holds():
    assert [Some(2).filter(bool), Some(0).filter(bool), Nothing.filter(bool)] == [Some(2), Nothing, Nothing]


def test_what_is_missing_is_replaced_only_when_it_is():
    assert (Some(1).unwrap_or(2), Some(1).unwrap_or_else(list), Some(1).or_else(list)) == (1, 1, Some(1))
    assert (Nothing.unwrap_or(2), Nothing.unwrap_or_else(list), Nothing.or_else(lambda: Some(3))) == (
        2,
        [],
        Some(3),
    )


def test_a_value_that_is_missing_can_not_be_taken():
    with pytest.raises(UnwrapError, match="got Nothing"):
        Nothing.or_raise()
    with pytest.raises(UnwrapError, match="got Nothing"):
        _ = Nothing.value
    assert Some(1).or_raise() == 1


def test_an_option_becomes_a_result_and_back():
    assert (Some(1).to_result("gone"), Nothing.to_result("gone")) == (Ok(1), Err("gone"))
    assert (Ok(1).ok(), Err("gone").ok()) == (Some(1), Nothing)


def test_what_is_no_option_is_refused():
    with pytest.raises(TypeError, match="must be Some or Nothing, got None"):
        collect_options([Some(1), None])
