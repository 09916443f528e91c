import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.application.ports import SortKey
from service.web.paging import Page, find_unknown, parse_number, parse_page, parse_sort


def test_a_page_is_the_first_fifty_when_nothing_is_said():
    problems = {}
    assert parse_page({}, problems) == Page(1, 50)
    assert problems == {}


def test_the_offset_counts_pages_from_one():
    assert parse_page({"page": "3", "per_page": "20"}, {}).offset == 40


@pytest.mark.parametrize(
    "text", ["0", "-1", "501", "1.0", "", " 5", "٣", "1e2", "9999999999", "abc", "1\n"]
)
def test_a_size_that_is_none_is_a_problem_that_says_what_was_expected(text):
    problems = {}
    parse_page({"per_page": text}, problems)
    assert problems == {"per_page": (f"must be a whole number from 1 to 500, got {text!r}",)}


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_problem(text):
    problems = {}
    number = parse_number({"page": text}, "page", 1, limit=1000, problems=problems)
    assert 1 <= number <= 1000
    assert problems or int(text) == number


def test_a_minus_turns_a_column_round():
    assert parse_sort("last_name,-created_at", (), {}) == (
        SortKey("last_name"),
        SortKey("created_at", descending=True),
    )


@pytest.mark.parametrize("text", ["password", "last_name;drop", "--email", "email,,phone", "+email"])
def test_only_known_columns_sort(text):
    problems = {}
    assert parse_sort(text, (SortKey("email"),), problems) == (SortKey("email"),)
    assert set(problems) == {"sort"}


def test_parameters_that_are_not_known_are_problems():
    assert find_unknown({"page": "1", "limit": "2"}, ("page", "sort")) == {
        "limit": ("is not known here, expected page, sort",)
    }
