"""Groups by letter and groups of duplicates."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.domain.contact_groups import group_by_letter
from service.domain.contacts import ContactDraft, new_contact
from service.domain.duplicates import Reason, find_duplicates


def contact(number, last_name, first_name="", **fields):
    draft = ContactDraft(last_name, first_name, **fields)
    return new_contact(draft, UUID(int=number), None, datetime(2024, 1, 1, tzinfo=UTC))


def test_contacts_stand_under_their_letters():
    names = ["zoe", "Éva", "3com", "adam", "Eva", "Ωmega", "", "Özil"]
    groups = group_by_letter([contact(i, name) for i, name in enumerate(names)])
    assert [(group.letter, group.count) for group in groups] == [
        ("A", 1),
        ("E", 2),
        ("O", 1),
        ("Z", 1),
        ("#", 3),
    ]


def test_a_contact_without_last_name_stands_under_its_first():
    assert group_by_letter([contact(1, "", "Ada")])[0].letter == "A"


def test_inside_a_letter_names_are_in_order():
    (group,) = group_by_letter([contact(1, "Ab", "Z"), contact(2, "ab", "C"), contact(3, "Áa")])
    assert [each.id.int for each in group.contacts] == [3, 2, 1]


@given(st.lists(st.text(max_size=3)))
def test_each_contact_stands_under_one_letter(names):
    groups = group_by_letter([contact(i, name) for i, name in enumerate(names)])
    assert sorted(each.id.int for group in groups for each in group.contacts) == list(range(len(names)))
    assert len({group.letter for group in groups}) == len(groups)


def test_no_contacts_have_no_groups():
    assert (group_by_letter([]), find_duplicates([])) == ([], [])


def test_contacts_that_share_something_are_duplicates_with_the_reason():
    groups = find_duplicates(
        [
            contact(1, "Lovelace", "Ada", email="a@example.com"),
            contact(2, "Other", email="A@example.com"),
            contact(3, "King", phone_e164="+1415"),
            contact(4, "Kong", phone_e164="+1415"),
            contact(5, "Alone"),
        ]
    )
    assert [[each.id.int for each in group.contacts] for group in groups] == [[1, 2], [3, 4]]
    assert [group.reasons for group in groups] == [
        (Reason("email", "a@example.com"),),
        (Reason("phone", "+1415"),),
    ]


def test_evidence_that_overlaps_makes_one_group():
    (group,) = find_duplicates(
        [
            contact(1, "Lovelace", "Ada", email="a@example.com"),
            contact(2, "x", email="a@example.com", phone_e164="+1"),
            contact(3, "y", phone_e164="+1"),
            contact(4, "LOVELACE", "ada"),
        ]
    )
    assert len(group.contacts) == 4
    assert [reason.field for reason in group.reasons] == ["email", "name", "phone"]


def test_empty_fields_are_nothing_in_common():
    assert find_duplicates([contact(1, "A"), contact(2, "B"), contact(3, ""), contact(4, "")]) == []
