from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.result import Err, Ok
from service.domain.contact_fields import ContactPolicy, parse_contact, parse_patch
from service.domain.contacts import ContactDraft

V2 = ContactPolicy()
LENIENT = ContactPolicy(needs_last_name=False, needs_possible_phone=False)


def test_a_last_name_alone_is_a_contact():
    assert parse_contact({"last_name": "Lovelace"}, V2) == Ok(ContactDraft("Lovelace"))


@pytest.mark.parametrize("last_name", ["", "  \u00a0", None])
def test_a_contact_without_last_name_is_refused(last_name):
    assert parse_contact({"last_name": last_name}, V2) == Err({"last_name": ("is required",)})


def test_a_missing_last_name_is_refused():
    assert parse_contact({}, V2) == Err({"last_name": ("is required",)})


def test_every_problem_is_told_with_its_path():
    data = {"last_name": 3, "email": "x", "phone": "call me", "labels": ["ok", "", 4], "metadata": []}
    assert parse_contact(data, V2).error == {
        "last_name": ("must be text, got a number",),
        "email": ("is not a valid e-mail address",),
        "phone": ("is not a possible phone number",),
        "labels[1]": ("must not be empty",),
        "labels[2]": ("must be text, got a number",),
        "metadata": ("must be an object, got a list",),
    }


def test_unknown_and_read_only_fields_are_passed_over():
    data = {"last_name": "L", "id": 7, "version": 3, "user_id": "x", "phone_e164": "+1", "likes": "x"}
    assert parse_contact(data, V2) == Ok(ContactDraft("L"))


def test_texts_are_composed_and_trimmed():
    draft = parse_contact({"last_name": " Zoe\u0308 ", "labels": [" a ", "a"]}, V2).value
    assert (draft.last_name, draft.labels) == ("Zo\u00eb", ("a",))


@pytest.mark.parametrize("character", ["\0", "\x07", "\x9f", "\ud800", "\n"])
def test_names_hold_no_control_characters_and_no_surrogates(character):
    assert not parse_contact({"last_name": f"a{character}b"}, V2).is_ok()


def test_an_address_has_lines():
    assert parse_contact({"last_name": "L", "address": "1\r\n2\r3"}, V2).value.address == "1\n2\n3"


@pytest.mark.parametrize(
    ("field", "limit"), [("first_name", 200), ("last_name", 200), ("phone", 50), ("address", 1000)]
)
def test_texts_are_bounded(field, limit):
    assert parse_contact({"last_name": "L", field: "1" * limit}, LENIENT).is_ok()
    assert list(parse_contact({"last_name": "L", field: "1" * (limit + 1)}, LENIENT).error) == [field]


def test_labels_are_bounded():
    assert not parse_contact({"last_name": "L", "labels": [str(i) for i in range(51)]}, V2).is_ok()
    assert not parse_contact({"last_name": "L", "labels": ["x" * 101]}, V2).is_ok()


def test_a_phone_keeps_what_was_typed_beside_its_dialled_form():
    draft = parse_contact({"last_name": "L", "phone": "(415) 555-2671"}, V2).value
    assert (draft.phone, draft.phone_e164) == ("(415) 555-2671", "+14155552671")


def test_the_region_of_a_phone_is_the_policys():
    draft = parse_contact({"last_name": "L", "phone": "030 123456"}, ContactPolicy(phone_region="DE")).value
    assert draft.phone_e164 == "+4930123456"


def test_a_lenient_policy_keeps_phones_that_are_none():
    draft = parse_contact({"last_name": "", "phone": "MobilePhone"}, LENIENT).value
    assert (draft.phone, draft.phone_e164) == ("MobilePhone", None)


def test_the_domain_of_an_address_is_stored_in_lower_case():
    assert (
        parse_contact({"last_name": "L", "email": "Ada@EXAMPLE.com"}, V2).value.email == "Ada@example.com"
    )


@pytest.mark.parametrize(
    "metadata",
    [{"a": float("nan")}, {"a": 2**63}, {"a": "\0"}, {"\ud800": 1}, {1: 2}, {"a": [{1, 2}]}],
)
def test_metadata_holds_only_what_json_and_the_database_can(metadata):
    assert list(parse_contact({"last_name": "L", "metadata": metadata}, V2).error) == ["metadata"]


def test_metadata_is_bounded_in_depth_and_size():
    deep: dict = {}
    for _ in range(32):
        deep = {"a": deep}
    assert not parse_contact({"last_name": "L", "metadata": deep}, V2).is_ok()
    assert not parse_contact({"last_name": "L", "metadata": {"a": "x" * 262_144}}, V2).is_ok()
    assert parse_contact({"last_name": "L", "metadata": deep["a"]}, V2).is_ok()


def test_a_patch_checks_only_what_it_holds():
    patch = parse_patch({"address": "here"}, V2).value
    assert patch.address == "here"
    assert parse_patch({"last_name": ""}, V2) == Err({"last_name": ("is required",)})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["first_name", "last_name", "email", "phone", "address", "labels", "metadata", "x"]
)


# The first text drawn builds a table of all characters; on a busy machine that is "too slow".
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(FIELDS, JSON | st.text(st.characters(exclude_categories=()))))
def test_any_json_is_a_contact_or_a_list_of_problems(data):
    result = parse_contact(data, V2)
    again = result.is_ok() and parse_contact(_as_data(result.value), V2)
    assert again is False or again == result


def _as_data(draft: ContactDraft) -> dict:
    return {name: getattr(draft, name) for name in draft.__struct_fields__}
