"""What holds for every Result and Option, whatever is in it."""

from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Err,
    Nothing,
    Ok,
    Some,
    collect_options,
    collect_results,
    combine,
    combine_all,
    option_of,
)

numbers = st.integers(-9, 9)
results = st.builds(Ok, numbers) | st.builds(Err, st.text(max_size=2))
options = st.builds(Some, numbers) | st.just(Nothing)


def doubled(n):
    return n * 2


def to_result(n):
    return Ok(n + 1) if n % 2 else Err(f"{n} is even")


def to_other_result(n):
    return Ok(str(n)) if n > 0 else Err("not positive")


def to_option(n):
    return Some(n + 1) if n % 2 else Nothing


def to_other_option(n):
    return Some(str(n)) if n > 0 else Nothing


@given(results)
def test_mapping_the_identity_changes_no_result(result):
    assert result.map(lambda value: value) == result
    assert result.map_err(lambda error: error) == result


@given(results)
def test_mapping_a_result_twice_is_mapping_it_by_both(result):
    assert result.map(doubled).map(str) == result.map(lambda n: str(doubled(n)))


@given(numbers)
def test_ok_is_neutral_before_a_function_that_may_fail(n):
    assert Ok(n).and_then(to_result) == to_result(n)


@given(results)
def test_ok_is_neutral_after_a_result(result):
    assert result.and_then(Ok) == result


@given(results)
def test_functions_that_may_fail_associate(result):
    assert result.and_then(to_result).and_then(to_other_result) == result.and_then(
        lambda n: to_result(n).and_then(to_other_result)
    )


@given(options)
def test_mapping_the_identity_changes_no_option(option):
    assert option.map(lambda value: value) == option


@given(options)
def test_mapping_an_option_twice_is_mapping_it_by_both(option):
    assert option.map(doubled).map(str) == option.map(lambda n: str(doubled(n)))


@given(numbers)
def test_some_is_neutral_before_a_function_that_may_find_nothing(n):
    assert Some(n).and_then(to_option) == to_option(n)


@given(options)
def test_some_is_neutral_after_an_option(option):
    assert option.and_then(Some) == option


@given(options)
def test_functions_that_may_find_nothing_associate(option):
    assert option.and_then(to_option).and_then(to_other_option) == option.and_then(
        lambda n: to_option(n).and_then(to_other_option)
    )


@given(options)
def test_an_option_comes_back_from_a_result_and_from_none(option):
    assert option.to_result("missing").ok() == option
    assert option_of(option.unwrap_or(None)) == option


@given(st.lists(results, max_size=6))
def test_combined_results_keep_order_and_give_the_first_or_all_errors(several):
    values = tuple(result.value for result in several if result.is_ok())
    errors = tuple(result.error for result in several if not result.is_ok())
    assert combine(*several) == (Err(errors[0]) if errors else Ok(values))
    assert combine_all(*several) == (Err(errors) if errors else Ok(values))
    assert collect_results(iter(several)) == combine(*several).map(list)


@given(st.lists(options, max_size=6))
def test_collected_options_are_there_when_each_is(several):
    values = [option.value for option in several if option.is_some()]
    assert collect_options(several) == (Some(values) if len(values) == len(several) else Nothing)
