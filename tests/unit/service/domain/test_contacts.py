from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from service.domain.contacts import (
    ContactDraft,
    ContactPatch,
    change_contact,
    draft_of,
    identity_key,
    new_contact,
    replacement,
)
from service.domain.names import letter_of, split_name

NOW = datetime(2024, 1, 1, tzinfo=UTC)
LATER = datetime(2024, 1, 2, tzinfo=UTC)
DRAFT = ContactDraft("Lovelace", "Ada", email="ada@example.com", labels=("x",), metadata={"a": 1})


def test_an_email_identifies_without_regard_to_case():
    assert identity_key(ContactDraft("x", email="ADA@example.com")) == identity_key(DRAFT)


def test_a_phone_and_a_name_identify_together():
    one = ContactDraft("Lovelace", "Ada", phone="(415) 555-2671", phone_e164="+14155552671")
    same = ContactDraft("LOVELACE", "ada", phone="+1 415 555 2671", phone_e164="+14155552671")
    other = ContactDraft("Lovelace", "Anne", phone="(415) 555-2671", phone_e164="+14155552671")
    assert identity_key(one) == identity_key(same) == "p:+14155552671|ada lovelace"
    assert identity_key(one) != identity_key(other)


def test_digits_stand_for_a_phone_that_can_not_be_dialled():
    assert identity_key(ContactDraft("L", phone="ext. 1-3")) == "p:13|l"


@pytest.mark.parametrize("phone", ["", "call me"])
def test_a_contact_with_neither_email_nor_number_is_like_no_other(phone):
    assert identity_key(ContactDraft("Lovelace", phone=phone)) is None


def test_a_new_contact_belongs_to_its_maker():
    contact = new_contact(DRAFT, UUID(int=1), UUID(int=2), NOW)
    assert (contact.user_id, contact.created_at, contact.version) == (UUID(int=2), NOW, 1)
    assert draft_of(contact) == DRAFT


def test_a_change_keeps_what_it_does_not_name():
    contact = new_contact(DRAFT, UUID(int=1), None, NOW)
    changed = change_contact(contact, ContactPatch(address="here", metadata_changes={"b": 2}), LATER)
    assert (changed.address, changed.metadata, changed.labels) == ("here", {"a": 1, "b": 2}, ("x",))
    assert (changed.version, changed.updated_at, changed.created_at) == (2, LATER, NOW)


def test_a_change_of_email_changes_the_identity():
    contact = new_contact(DRAFT, UUID(int=1), None, NOW)
    assert (
        change_contact(contact, ContactPatch(email="b@example.com"), LATER).identity_key
        == "e:b@example.com"
    )


def test_a_replacement_leaves_nothing_of_the_old():
    contact = new_contact(DRAFT, UUID(int=1), None, NOW)
    assert draft_of(change_contact(contact, replacement(ContactDraft("B")), LATER)) == ContactDraft("B")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada", ("Ada", "")),
        ("Ada King  Lovelace ", ("Ada", "King  Lovelace")),
        ("", ("", "")),
        (" ", ("", "")),
    ],
)
def test_a_name_is_cut_at_its_first_white_space(name, parts):
    assert split_name(name) == parts


@pytest.mark.parametrize(
    ("name", "letter"), [("ada", "A"), ("Élise", "E"), ("ß", "S"), ("Ωmega", "#"), ("", "#"), ("3com", "#")]
)
def test_a_name_stands_under_its_plain_letter(name, letter):
    assert letter_of(name) == letter
