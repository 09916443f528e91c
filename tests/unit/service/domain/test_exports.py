from __future__ import annotations

import pytest

from service.domain.contacts import ContactDraft
from service.domain.exports import iter_export


def test_an_export_comes_in_pieces_and_reads_no_further_than_asked():
    read = []

    def contacts():
        for number in range(2000):
            read.append(number)
            yield ContactDraft(f"Name {number}")

    pieces = iter_export(contacts(), "csv")
    assert next(pieces) == b"first_name,last_name,email,phone,address,labels,metadata\r\n"
    assert next(pieces).count(b"\r\n") == 500
    assert len(read) < 1000


@pytest.mark.parametrize(
    ("export_format", "content"),
    [("csv", b"first_name,last_name,email,phone,address,labels,metadata\r\n"), ("vcf", b"")],
)
def test_no_contacts_are_a_file_too(export_format, content):
    assert b"".join(iter_export([], export_format)) == content


def test_a_card_is_what_phones_read():
    draft = ContactDraft("Lovelace", "Ada", "ada@example.com", "+14155552671", labels=("a", "b"))
    assert b"".join(iter_export([draft], "vcf")).decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:Lovelace;Ada;;;",
        "FN:Ada Lovelace",
        "EMAIL;TYPE=INTERNET:ada@example.com",
        "TEL;TYPE=VOICE:+14155552671",
        "CATEGORIES:a,b",
        "END:VCARD",
        "",
    ]
