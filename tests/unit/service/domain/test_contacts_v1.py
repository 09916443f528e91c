from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec import structs

from service.domain.contacts import ContactDraft, change_contact, new_contact
from service.domain.contacts_v1 import ContactV1, parse_contact_v1, parse_patch_v1, render_contact_v1

ADA = {
    "name": "Ada King Lovelace",
    "gender": False,
    "age": 36,
    "address": "London",
    "phone": "0123456789",
    "email": "",
}
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def test_what_goes_in_comes_out():
    contact = new_contact(parse_contact_v1(ADA, "US").value, UUID(int=1), None, NOW)
    assert render_contact_v1(structs.replace(contact, number=7)) == ContactV1(id=7, **ADA)


def test_one_word_is_a_first_name():
    draft = parse_contact_v1(ADA | {"name": "Ada"}, "US").value
    assert (draft.first_name, draft.last_name) == ("Ada", "")


def test_every_field_is_required():
    assert parse_contact_v1({}, "US").error == dict.fromkeys(ADA, ("is required",))


def test_types_are_strict():
    wrong = {"name": 1, "gender": "male", "age": True, "address": None, "phone": 133, "email": []}
    assert set(parse_contact_v1(wrong, "US").error) == set(ADA)


@pytest.mark.parametrize("age", [-1, 2**31, 3.0, "3"])
def test_an_age_is_a_small_natural_number(age):
    assert list(parse_contact_v1(ADA | {"age": age}, "US").error) == ["age"]


@pytest.mark.parametrize("phone", ["", "133", "0123456789", "ask"])
def test_any_phone_text_is_kept(phone):
    assert parse_contact_v1(ADA | {"phone": phone}, "US").value.phone == phone


def test_an_email_is_empty_or_valid():
    assert parse_contact_v1(ADA | {"email": "nonsense"}, "US").error == {
        "email": ("is not a valid e-mail address",)
    }


def test_a_change_keeps_labels_and_other_metadata():
    draft = ContactDraft("L", labels=("x",), metadata={"theme": "dark", "age": 1})
    contact = new_contact(draft, UUID(int=1), None, NOW)
    changed = change_contact(contact, parse_patch_v1(ADA, "US").value, NOW)
    assert (changed.labels, changed.metadata) == (("x",), {"theme": "dark", "age": 36, "gender": False})


@pytest.mark.parametrize("age", ["36", None, True, -4, 2**40])
def test_metadata_of_other_shapes_reads_as_nothing_known(age):
    contact = new_contact(ContactDraft("L", metadata={"age": age, "gender": "x"}), UUID(int=1), None, NOW)
    assert (render_contact_v1(contact).age, render_contact_v1(contact).gender) == (0, False)
