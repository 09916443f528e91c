import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.json_input import MAX_DEPTH, parse_json_object


def problem(body):
    return parse_json_object(body).error.detail


storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | storable,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(storable, parts, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(storable, values, max_size=4))
def test_what_json_can_say_is_read_as_it_is(document):
    assert parse_json_object(json.dumps(document).encode()).value == document


@given(st.binary(max_size=60) | st.text('{}[]",:\\u0d8e-+.12aNIinf ', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(body):
    result = parse_json_object(body)
    assert isinstance(result.value, dict) if result.is_ok() else isinstance(result.error.detail, str)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is empty, expected a JSON object"),
        (b" \n", "the body is empty, expected a JSON object"),
        (b"[1]", "the body must be a JSON object, got a list"),
        (b"null", "the body must be a JSON object, got null"),
        (b'{"a": NaN}', "a is NaN, which JSON does not have"),
        (b'{"a": [1, -Infinity]}', "a[1] is -Infinity, which JSON does not have"),
        (b'{"a": 1e999}', "a is a number beyond what computers hold"),
        (b'{"a": {"b": 9223372036854775808}}', "a.b is an integer beyond 64 bits"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a is an integer beyond 64 bits"),
        (b'{"a": 1, "a": 2}', "a is there twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "a.b is there twice"),
        (b'{"a": "x\\u0000"}', "a holds U+0000 or half a surrogate pair, which no field can store"),
        (b'{"a": ["\\ud800"]}', "a[0] holds U+0000 or half a surrogate pair, which no field can store"),
        (b'{"\\udfff": 1}', "\ufffd holds U+0000 or half a surrogate pair, which no field can store"),
        (b'{"a": "\xff"}', "the body is not UTF-8: byte 7 can not be read"),
        (b'{"a": 1,}', "the body is not valid JSON"),
        (b'{"a": 1} {}', "the body is not valid JSON: extra data at line 1, column 10"),
        (b"{'a': 1}", "the body is not valid JSON"),
        (b'{"a": "\n"}', "the body is not valid JSON"),
        (b"\xef\xbb\xbf{}", "the body is not valid JSON"),
        ('{"a": 1}'.encode("utf-16"), "the body is not UTF-8: byte 0 can not be read"),
    ],
)
def test_what_json_can_not_say_is_refused_with_its_place(body, said):
    assert problem(body).startswith(said)


def nested(depth):
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_nesting_is_bounded_before_anything_is_parsed():
    assert parse_json_object(nested(MAX_DEPTH)).is_ok()
    assert problem(nested(MAX_DEPTH + 1)).startswith("the JSON is nested deeper than 64 levels")
    assert problem(b'{"a":' + b"[" * 500_000).startswith("the JSON is nested deeper than 64 levels")


def test_brackets_in_texts_are_no_nesting():
    assert parse_json_object(json.dumps({"a": '[{"\\' * 200}).encode()).is_ok()


def test_a_surrogate_pair_is_one_character():
    assert parse_json_object(b'{"a": "\\ud83d\\ude00"}').value == {"a": "\N{GRINNING FACE}"}
