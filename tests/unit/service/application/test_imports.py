from __future__ import annotations

from uuid import UUID

import pytest
from fakes import (
    FakeClock,
    FakeContactStore,
    FakeIds,
    FakeSessionStore,
    FakeTenantTransaction,
    FakeUserStore,
)

from service.application.contacts import create_contact, list_contacts
from service.application.exports import export_contacts, list_duplicates, list_groups
from service.application.imports import ImportOptions, import_contacts
from service.application.ports import ContactQuery
from service.domain.contacts import ContactDraft
from service.domain.errors import ImportUnreadable, PermissionDenied
from service.domain.identity import Actor

USER = Actor(UUID(int=1), "tenant1", UUID(int=2), "ada", "user", UUID(int=3))
READER = Actor(UUID(int=1), "tenant1", UUID(int=2), "ada", "read_only", UUID(int=3))
FILE = b"name,email\nAda,a@example.com\nBob,bad\nCy,c@example.com\nAda,A@example.com\nDan,\n"


@pytest.fixture
def tx():
    return FakeTenantTransaction(
        FakeClock()(), FakeContactStore(), FakeUserStore(), FakeSessionStore(), FakeIds()
    )


class RacingStore(FakeContactStore):
    """Another transaction stores the same contact between our question and our insert."""

    async def find_identity_keys(self, keys):
        return frozenset()

    async def insert_many(self, contacts):
        return await super().insert_many(contacts[1:])


async def test_every_row_has_its_result_in_order(tx):
    await create_contact(tx, USER, ContactDraft("Cy", email="c@example.com"))
    report = await import_contacts(tx, USER, FILE, "text/csv", ImportOptions())
    assert [(result.row, result.status, result.duplicate_of) for result in report.results] == [
        (1, "imported", None),
        (2, "rejected", None),
        (3, "duplicate", "stored"),
        (4, "duplicate", "file"),
        (5, "imported", None),
    ]
    assert (report.rows, report.imported, report.duplicates, report.rejected) == (5, 2, 2, 1)


async def test_imported_contacts_are_stored_under_the_ids_of_the_report(tx):
    report = await import_contacts(tx, USER, FILE, "text/csv", ImportOptions())
    stored = (await list_contacts(tx, USER, ContactQuery())).items
    assert {contact.id for contact in stored} == {r.contact_id for r in report.results} - {None}
    assert {contact.user_id for contact in stored} == {USER.user_id}


async def test_a_second_import_of_a_file_imports_nothing_with_a_key(tx):
    await import_contacts(tx, USER, FILE, "text/csv", ImportOptions())
    report = await import_contacts(tx, USER, FILE, "text/csv", ImportOptions())
    assert (report.imported, report.duplicates, report.rejected) == (1, 3, 1)


async def test_a_dry_run_stores_nothing(tx):
    report = await import_contacts(tx, USER, FILE, "text/csv", ImportOptions(dry_run=True))
    assert (report.imported, {result.contact_id for result in report.results}) == (3, {None})
    assert (await list_contacts(tx, USER, ContactQuery())).total == 0


async def test_what_another_transaction_stored_first_is_a_duplicate():
    tx = FakeTenantTransaction(FakeClock()(), RacingStore(), FakeUserStore(), FakeSessionStore(), FakeIds())
    report = await import_contacts(tx, USER, FILE, "text/csv", ImportOptions())
    assert (report.results[0].status, report.results[0].duplicate_of) == ("duplicate", "stored")
    assert (report.imported, report.duplicates, report.rejected) == (2, 2, 1)


async def test_a_file_that_can_not_be_read_stores_nothing(tx):
    with pytest.raises(ImportUnreadable):
        await import_contacts(tx, USER, b"BEGIN:VCARD\nFN:Ada\n", "text/vcard", ImportOptions())
    assert tx.contacts.rows == {}


async def test_readers_do_not_import(tx):
    with pytest.raises(PermissionDenied):
        await import_contacts(tx, READER, FILE, "text/csv", ImportOptions())


@pytest.mark.parametrize("export_format", ["csv", "vcf"])
async def test_an_export_can_be_imported(tx, export_format):
    await import_contacts(tx, USER, FILE, "text/csv", ImportOptions())
    data = b"".join([piece async for piece in export_contacts(tx, READER, export_format)])
    report = await import_contacts(tx, USER, data, "text/csv", ImportOptions())
    assert (report.rows, report.duplicates) == (3, 2)


async def test_contacts_are_grouped_and_compared(tx):
    await import_contacts(tx, USER, b"name\nAda\nBob\nADA\n", "text/csv", ImportOptions())
    assert [(group.letter, group.count) for group in await list_groups(tx, READER)] == [("A", 2), ("B", 1)]
    assert [len(group.contacts) for group in await list_duplicates(tx, READER)] == [2]
