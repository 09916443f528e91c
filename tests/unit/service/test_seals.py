"""Seals: what was closed opens in the same place and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.seals import HmacSeal

ONE, OTHER = "a secret of more than thirty-two bytes", "another secret of more than thirty-two bytes"


def sealed(*secrets, purpose="test"):
    return HmacSeal(lambda: secrets, purpose)


@given(st.binary(max_size=60), st.binary(max_size=20))
def test_what_was_closed_opens_in_its_context(contents, context):
    assert sealed(ONE).open(sealed(ONE).close(contents, context), context) == contents


@given(st.binary(max_size=9), st.binary(max_size=9), st.binary(max_size=9))
def test_what_moves_between_contents_and_context_does_not_open(start, middle, end):
    text = sealed(ONE).close(middle + end, start)
    assert middle == b"" or sealed(ONE).open(text, start + middle) is None


@given(st.text(max_size=80))
def test_any_other_text_opens_nothing(text):
    assert sealed(ONE).open(text, b"") is None


@pytest.mark.parametrize("seal", [sealed(OTHER), sealed(ONE, purpose="another")])
def test_another_secret_or_purpose_opens_nothing(seal):
    assert seal.open(sealed(ONE).close(b"contents", b""), b"") is None


def test_what_an_older_secret_closed_still_opens():
    assert sealed(OTHER, ONE).open(sealed(ONE).close(b"contents", b""), b"") == b"contents"
