from __future__ import annotations

import pytest

from service.domain.contact_csv import find_csv_contacts, render_csv_header, render_csv_row
from service.domain.contacts import ContactDraft
from service.domain.errors import ImportUnreadable
from service.domain.text_files import read_lines


def find(text):
    return list(read_lines(text.encode()).and_then(find_csv_contacts).or_raise())


def test_plain_headers_in_any_case_are_understood():
    (ada,) = find('First_Name,LAST NAME,E-Mail,Phone,Labels\nAda,Lovelace,ada@example.com,123,"a, b;c"')
    assert (ada.first_name, ada.last_name, ada.emails, ada.phones, ada.labels) == (
        "Ada",
        "Lovelace",
        ("ada@example.com",),
        ("123",),
        ("a", "b", "c"),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    (ada,) = find(f"name{delimiter}email\nAda{delimiter}a@example.com")
    assert (ada.names, ada.emails) == (("Ada",), ("a@example.com",))


def test_excels_directive_names_the_delimiter():
    (ada,) = find("sep=|\nname|email\nAda|a@example.com")
    assert ada.emails == ("a@example.com",)


def test_googles_old_headers_are_understood():
    (ada,) = find(
        "Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
        "E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Formatted\n"
        "Ada K Lovelace,Ada,K,Lovelace,* myContacts ::: Friends,Home,a@example.com ::: b@example.com,"
        "c@example.com,Mobile,+14155552671,12 Main St"
    )
    assert (ada.first_name, ada.last_name) == ("Ada K", "Lovelace")
    assert ada.emails == ("a@example.com", "b@example.com", "c@example.com")
    assert (ada.labels, ada.address) == (("myContacts", "Friends"), "12 Main St")
    assert ada.metadata == {"csv": {"E-mail 1 - Type": "Home", "Phone 1 - Type": "Mobile"}}


def test_googles_new_headers_are_understood():
    (ada,) = find(
        "First Name,Middle Name,Last Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,"
        "Phone 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country\n"
        "Ada,,Lovelace,Engines Ltd,* myContacts,* Work,a@example.com,123,1 Main St,London,W1,UK"
    )
    assert (ada.first_name, ada.last_name, ada.address) == ("Ada", "Lovelace", "1 Main St\nLondon W1\nUK")
    assert ada.metadata == {"csv": {"Organization Name": "Engines Ltd", "E-mail 1 - Label": "* Work"}}


def test_outlooks_headers_are_understood():
    (ada,) = find(
        "Title,First Name,Last Name,E-mail Address,E-mail 2 Address,Home Phone,Mobile Phone,Home Street,"
        "Home City,Home State,Home Postal Code,Home Country/Region,Business City,Categories\n"
        "Dr.,Ada,Lovelace,a@example.com,b@example.com,111,222,1 Main St,Austin,TX,123,USA,Dallas,Red;Blue"
    )
    assert (ada.emails, ada.phones) == (("a@example.com", "b@example.com"), ("222", "111"))
    assert (ada.address, ada.labels) == ("1 Main St\nAustin TX 123\nUSA", ("Red", "Blue"))
    assert ada.metadata == {"csv": {"Title": "Dr.", "Business City": "Dallas"}}


def test_columns_without_a_field_are_kept_under_their_headers():
    (ada,) = find("name,Shoe size,Shoe size,x\nAda,38,39,")
    assert ada.metadata == {"csv": {"Shoe size": "38", "Shoe size (2)": "39"}}


def test_metadata_is_a_json_object():
    good, bad = find('name;metadata\nAda;"{""a"": [1]}"\nBob;[1]')
    assert (good.metadata, bad.problems) == ({"a": [1]}, {"metadata": ("must be a JSON object",)})


def test_a_row_with_too_many_fields_is_a_problem_of_that_row():
    first, second, third = find("name,email\nAda,a@example.com,\nBob,b@example.com,Main St\nCy")
    assert (first.problems, third.problems) == ({}, {})
    assert second.problems == {"row": ("3 fields, where the header has 2",)}


def test_rows_without_a_text_are_none():
    assert [found.line for found in find("name,email\n,\n \nAda,\n,,,")] == [4]


def test_a_file_without_a_known_column_is_refused_with_what_was_found_and_expected():
    error = find_csv_contacts([b"colour,size", b"red,7"]).error
    assert isinstance(error, ImportUnreadable)
    assert "colour, size" in error.detail
    assert "last_name" in error.detail


@pytest.mark.parametrize("text", ["=1+1", "@x", "-x", "+x", "'=x", "''@x", "'plain"])
def test_a_text_like_a_formula_is_harmless_in_a_spreadsheet_and_comes_back(text):
    row = render_csv_row(ContactDraft(text))
    (found,) = find(render_csv_header() + row)
    assert not row.split(",")[1].startswith(("=", "@", "-", "+"))
    assert found.last_name == text


def test_a_phone_number_is_written_as_it_is():
    assert ",+1 415 555-2671," in render_csv_row(ContactDraft("L", phone="+1 415 555-2671"))


def test_apostrophes_of_other_programs_are_theirs():
    (found,) = find("last_name\n'=x")
    assert found.last_name == "'=x"
