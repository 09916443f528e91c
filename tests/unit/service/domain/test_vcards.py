"""Each real card by name: what becomes of it, and that rendering it loses no property."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs

from service.domain.contacts import ContactDraft
from service.domain.errors import ImportTooLarge, ImportUnreadable
from service.domain.found_contacts import accept
from service.domain.text_files import read_lines
from service.domain.vcard_files import read_cards
from service.domain.vcard_lines import fold_line, parse_property, render_property
from service.domain.vcards import find_vcard_contacts, render_vcard

CARDS = Path(__file__).parents[3] / "data" / "vcards"
FILES = sorted(path.name for path in CARDS.glob("*.vcf"))


def lines_of(source):
    data = source.encode() if isinstance(source, str) else source
    return read_lines(data).or_raise()


def drafts(source):
    found = find_vcard_contacts(lines_of(source)).or_raise()
    return [accept(contact, "US").or_raise().draft for contact in found]


def one(*properties, version="3.0"):
    (draft,) = drafts("\n".join(["BEGIN:VCARD", f"VERSION:{version}", *properties, "END:VCARD"]))
    return draft


def properties_of(source):
    """The properties of each card, in any order, e-mails, names and phones among them."""
    ignored = ("VERSION", "X-CHAINBOOK-METADATA")
    cards = read_cards(lines_of(source)).or_raise()
    return [Counter(item for item in card.properties if item.name not in ignored) for card in cards]


@pytest.mark.parametrize("name", FILES)
def test_no_property_of_a_real_card_is_lost(name):
    data = (CARDS / name).read_bytes()
    again = properties_of("".join(map(render_vcard, drafts(data))))
    for before, after in zip(properties_of(data), again, strict=True):
        missing = [item for item in before - after if item.name != "EMAIL" or len(item.parameters) > 1]
        assert missing == []


@pytest.mark.parametrize("name", FILES)
def test_a_real_card_is_the_same_contact_after_export_and_import(name):
    before = drafts((CARDS / name).read_bytes())
    assert drafts("".join(map(render_vcard, before))) == before


def test_android_cards_without_a_name_are_named_by_their_email():
    contacts = drafts((CARDS / "John_Doe_ANDROID.vcf").read_bytes())
    assert [contact.last_name for contact in contacts[:2]] == [
        "john.doe@company.com",
        "jane.doe@company.com",
    ]
    assert contacts[2].last_name == "Ñ Ñ Ñ Ñ"
    assert (contacts[4].first_name, contacts[4].email) == ("Ñ Ñ Ñ", "bob@company.com")
    assert len(contacts) == 6


def test_the_evolution_card_is_understood():
    (john,) = drafts((CARDS / "John_Doe_EVOLUTION.vcf").read_bytes())
    assert (john.first_name, john.last_name, john.labels) == ("John Richter, James", "Doe", ("VIP",))
    assert (john.email, john.phone_e164) == ("john.doe@ibm.com", "+19056661234")


def test_the_gmail_card_is_understood():
    (john,) = drafts((CARDS / "John_Doe_GMAIL.vcf").read_bytes())
    assert john.address.splitlines()[1:3] == ["555-asd", "Nice Area, Albaney, New York 12345"]
    assert "item2.X-ABLabel:_$!<Spouse>!$_" in john.metadata["vcard"]


def test_the_iphone_card_is_understood():
    (john,) = drafts((CARDS / "John_Doe_IPHONE.vcf").read_bytes())
    assert (john.first_name, john.email, john.phone) == (
        "John Richter,James",
        "john.doe@ibm.com",
        "905-555-1234",
    )
    assert john.address == "Silicon Alley 5,\nNew York New York 12345\nUnited States of America"


def test_the_outlook_card_is_understood():
    (john,) = drafts((CARDS / "outlook-2003.vcf").read_bytes())
    assert (john.first_name, john.last_name, john.phone, john.phone_e164) == (
        "John",
        "Doe",
        "MobilePhone",
        None,
    )
    assert "ORG:Company\\, The;TheDepartment" in john.metadata["vcard"]
    note = "This is the note field!!\\nSecond line\\n\\nThird line is empty\\n"
    assert f"NOTE:{note}" in john.metadata["vcard"]


def test_the_cards_of_the_standard_have_no_structured_name():
    frank, tim = drafts((CARDS / "rfc2426-example.vcf").read_bytes())
    assert (frank.first_name, frank.last_name, frank.email) == ("Frank", "Dawson", "Frank_Dawson@lotus.com")
    assert tim.address == "501 E. Middlefield Rd.\nMountain View CA 94043\nU.S.A."


def test_the_last_card_of_a_list_needs_no_line_end():
    assert [contact.last_name for contact in drafts((CARDS / "gmail-list.vcf").read_bytes())] == [
        "Smith",
        "Beatle",
        "White",
    ]


def test_a_plain_card_leaves_nothing_in_the_metadata():
    assert one("N:Lovelace;Ada;;;", "FN:Ada Lovelace", "ADR:;;London;;;;") == ContactDraft(
        "Lovelace", "Ada", address="London"
    )


@pytest.mark.parametrize(
    ("properties", "last_name"),
    [
        (["ORG:Engines Ltd;Sales"], "Sales"),
        (["TEL:123"], "123"),
        (["N:;;;;", "NICKNAME:Countess"], "Countess"),
        (["EMAIL:a@example.com"], "a@example.com"),
    ],
)
def test_something_always_names_the_contact(properties, last_name):
    assert one(*properties).last_name.endswith(last_name)


def test_an_unescaped_comma_divides_only_lists():
    draft = one("N:Doe, Jr.;John", "CATEGORIES:a,b\\,c", "CATEGORIES:d")
    assert (draft.last_name, draft.labels) == ("Doe, Jr.", ("a", "b,c", "d"))


def test_a_version_4_card_is_understood():
    draft = one(
        "FN:Ada Lovelace", "EMAIL;PREF=1:ada@example.com", "TEL;VALUE=uri:tel:+14155552671", version="4.0"
    )
    assert (draft.email, draft.phone_e164) == ("ada@example.com", "+14155552671")


def test_a_preferred_valid_address_comes_first():
    draft = one("N:L", "EMAIL:a@example.com", "EMAIL;TYPE=PREF:nonsense", "EMAIL;TYPE=pref:b@example.com")
    assert draft.email == "b@example.com"


def test_a_card_with_only_bad_addresses_is_rejected():
    (found,) = find_vcard_contacts(lines_of("BEGIN:VCARD\nFN:Ada\nEMAIL:x\nEMAIL:y\nEND:VCARD")).value
    assert accept(found, "US").error == {"email": ("is not a valid e-mail address",)}


def test_a_changed_field_is_right_and_the_rest_of_the_card_stays():
    draft = one("N:Doe;John;;Dr.;", "FN:Dr. John Doe", "EMAIL;TYPE=HOME:a@example.com", "NOTE:x")
    text = render_vcard(structs.replace(draft, last_name="Roe", email="b@example.com"))
    assert "N:Roe;John;;;" in text
    assert "FN:John Roe" in text
    assert "b@example.com" in text
    assert "a@example.com" not in text
    assert "NOTE:x" in text


def test_a_cleared_field_is_gone_from_the_card():
    draft = one("N:Doe", "TEL;TYPE=CELL:123", "CATEGORIES:x")
    text = render_vcard(structs.replace(draft, phone="", labels=()))
    assert "TEL" not in text
    assert "CATEGORIES" not in text


def test_the_card_of_an_agent_is_text_of_the_card_around_it():
    draft = one("N:Doe", "AGENT:", "BEGIN:VCARD", "N:Agent;007", "END:VCARD", version="2.1")
    assert draft.last_name == "Doe"
    assert "AGENT:BEGIN:VCARD\\nN:Agent\\;007\\nEND:VCARD" in draft.metadata["vcard"]


def test_a_line_that_is_no_property_is_kept_with_a_warning():
    (found,) = find_vcard_contacts(lines_of("BEGIN:VCARD\nN:Doe;;;;\nno property\nEND:VCARD")).value
    assert found.metadata == {"vcard": ["X-UNREADABLE:no property"]}
    assert found.warnings == ("line 3 is not NAME:value; kept as it is",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("BEGIN:VCARD\nN:Doe", "line 1"),
        ("BEGIN:VCARD\nN:Doe\nEND:VCARD\nBEGIN:VCARD\nN:Roe\n", "line 4"),
        ("BEGIN:VCARD\nN:Doe\nBEGIN:VCARD\nN:Roe\nEND:VCARD", "line 1"),
        ("BEGIN:VCARD\nN:Doe\nEND:VCARD\nN:Roe\nEND:VCARD", "line 4"),
    ],
)
def test_a_file_that_is_cut_off_is_refused_by_line(text, line):
    error = read_cards(lines_of(text)).error
    assert isinstance(error, ImportUnreadable)
    assert line in error.detail


def test_a_giant_value_is_refused_by_line():
    folded = "\n ".join(["x" * 1000] * 4300)
    error = read_cards(lines_of(f"BEGIN:VCARD\nPHOTO:{folded}\nEND:VCARD")).error
    assert isinstance(error, ImportTooLarge)
    assert "line 2" in error.detail


def test_a_photo_that_is_too_large_is_left_out_with_a_warning():
    (found,) = find_vcard_contacts(
        lines_of(f"BEGIN:VCARD\nN:Doe;;;;\nPHOTO:{'x' * 300_000}\nEND:VCARD")
    ).value
    accepted = accept(found, "US").value
    assert accepted.draft.metadata == {}
    assert "left out" in accepted.warnings[0]


def test_lines_are_folded_at_75_octets_between_characters():
    folded = fold_line("NOTE:" + "ñ" * 100)
    assert max(len(line.encode()) for line in folded.split("\r\n")) <= 75
    assert folded.replace("\r\n ", "").rstrip() == "NOTE:" + "ñ" * 100


@pytest.mark.parametrize(
    "line",
    [
        'X-A;B="c;d:e,f":g',
        "item1.EMAIL;TYPE=HOME,WORK:a",
        "X-A;LABEL=say ^'hi^'^nthere^^:x",
        "NOTE:a\\,b\\\\",
    ],
)
def test_a_content_line_is_rendered_as_it_was(line):
    assert render_property(parse_property(line.encode()).value) == line
