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

from service.application.contacts import (
    create_contact,
    delete_contact,
    get_contact,
    list_contacts,
    update_contact,
)
from service.application.ports import ContactQuery
from service.domain.contacts import ContactDraft, ContactPatch
from service.domain.errors import ContactExists, ContactNotFound, PermissionDenied, VersionConflict
from service.domain.identity import Actor

ADA = ContactDraft("Lovelace", "Ada", email="ada@example.com")
USER = Actor(UUID(int=1), "tenant1", UUID(int=2), "ada", "user", UUID(int=3))
READER = Actor(UUID(int=1), "tenant1", UUID(int=2), "ada", "read_only", UUID(int=3))


@pytest.fixture
def tx():
    return FakeTenantTransaction(
        FakeClock()(), FakeContactStore(), FakeUserStore(), FakeSessionStore(), FakeIds()
    )


async def test_a_created_contact_can_be_read_by_id_and_by_number(tx):
    ada = await create_contact(tx, USER, ADA)
    assert await get_contact(tx, READER, ada.id) == ada == await get_contact(tx, READER, ada.number)
    assert (ada.user_id, ada.created_at) == (USER.user_id, tx.now)


async def test_a_second_contact_with_the_same_email_is_refused(tx):
    await create_contact(tx, USER, ADA)
    with pytest.raises(ContactExists):
        await create_contact(tx, USER, ADA)


async def test_a_list_holds_what_was_created(tx):
    ada = await create_contact(tx, USER, ADA)
    assert (await list_contacts(tx, READER, ContactQuery())).items == (ada,)


async def test_a_change_makes_the_next_version(tx):
    ada = await create_contact(tx, USER, ADA)
    changed = await update_contact(tx, USER, ada.id, ContactPatch(address="London"), expected_version=1)
    assert (changed.address, changed.version) == ("London", 2)


async def test_a_change_of_an_older_version_is_refused(tx):
    ada = await create_contact(tx, USER, ADA)
    await update_contact(tx, USER, ada.number, ContactPatch(address="London"))
    with pytest.raises(VersionConflict):
        await update_contact(tx, USER, ada.id, ContactPatch(address="Paris"), expected_version=1)


async def test_a_deleted_contact_is_gone(tx):
    ada = await create_contact(tx, USER, ADA)
    await delete_contact(tx, USER, ada.id)
    with pytest.raises(ContactNotFound):
        await get_contact(tx, USER, ada.id)
    with pytest.raises(ContactNotFound):
        await delete_contact(tx, USER, ada.id)


async def test_a_delete_of_an_older_version_is_refused(tx):
    ada = await create_contact(tx, USER, ADA)
    with pytest.raises(VersionConflict):
        await delete_contact(tx, USER, ada.id, expected_version=2)


@pytest.mark.parametrize(
    "write",
    [
        lambda tx: create_contact(tx, READER, ADA),
        lambda tx: update_contact(tx, READER, 1, ContactPatch()),
        lambda tx: delete_contact(tx, READER, 1),
    ],
    ids=["create", "update", "delete"],
)
async def test_readers_do_not_write(tx, write):
    with pytest.raises(PermissionDenied):
        await write(tx)
