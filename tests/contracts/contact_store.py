"""What every ContactStore promises. Fixtures: databases, tenant, other_tenant."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from contracts.builders import NOW, a_contact, a_user, new_id

from service.application.ports import ContactFilter, ContactQuery, SortKey
from service.domain.errors import ContactExists, ContactNotFound, InvalidInput, VersionConflict

changed = msgspec.structs.replace


async def stored(databases, tenant, *contacts):
    async with databases.begin(tenant) as tx:
        return [await tx.contacts.insert(contact) for contact in contacts]


async def listed(databases, tenant, query=None, **where):
    async with databases.begin(tenant) as tx:
        return await tx.contacts.list_page(query or ContactQuery(where=ContactFilter(**where)))


async def last_names(databases, tenant, query=None, **where):
    return [contact.last_name for contact in (await listed(databases, tenant, query, **where)).items]


class ContactStoreContract:
    async def test_a_contact_comes_back_as_it_was_stored(self, databases, tenant):
        contact = a_contact(
            email="ada@example.org",
            phone="+44 20 1",
            phone_e164="+44201",
            address="1 Byron St\nLondon",
            labels=("maths", "engines"),
            metadata={"gender": False, "age": 36, "nested": {"a": [1, 2.5, None, "ü"]}},
            identity_key="ada@example.org",
            created_at=NOW + timedelta(microseconds=123456),
        )

        [after] = await stored(databases, tenant, contact)

        async with databases.begin(tenant) as tx:
            assert await tx.contacts.find(contact.id) == after
            assert await tx.contacts.find_by_number(after.number) == after
        assert changed(after, number=0) == contact

    async def test_what_is_not_there_is_none(self, databases, tenant):
        async with databases.begin(tenant) as tx:
            assert await tx.contacts.find(new_id()) is None
            assert await tx.contacts.find_by_number(1) is None
            assert await tx.contacts.find_by_number(0) is None
            assert await tx.contacts.find_by_number(10**30) is None

    async def test_numbers_ascend_in_the_order_of_insertion(self, databases, tenant):
        numbers = [contact.number for contact in await stored(databases, tenant, *map(a_contact, "abc"))]

        assert numbers == sorted(set(numbers))
        assert numbers[0] > 0

    async def test_another_tenant_sees_and_changes_nothing(self, databases, tenant, other_tenant):
        [contact] = await stored(databases, tenant, a_contact(identity_key="k"))

        async with databases.begin(other_tenant) as tx:
            assert await tx.contacts.find(contact.id) is None
            assert await tx.contacts.find_by_number(contact.number) is None
            assert (await tx.contacts.list_page(ContactQuery())).total == 0
            assert [row async for row in tx.contacts.iter_all(ContactQuery())] == []
            assert await tx.contacts.find_identity_keys(["k"]) == frozenset()
            assert not await tx.contacts.soft_delete(contact.id, now=NOW)
            with pytest.raises(ContactNotFound):
                await tx.contacts.update(contact, expected_version=1)

    async def test_two_tenants_may_have_the_same_contact(self, databases, tenant, other_tenant):
        contact = a_contact(identity_key="k")

        await stored(databases, tenant, contact)
        await stored(databases, other_tenant, contact)

    async def test_an_identity_key_is_taken_once(self, databases, tenant):
        await stored(databases, tenant, a_contact(identity_key="k"))

        with pytest.raises(ContactExists):
            await stored(databases, tenant, a_contact(identity_key="k"))

    async def test_a_transaction_goes_on_after_a_contact_that_exists(self, databases, tenant):
        async with databases.begin(tenant) as tx:
            await tx.contacts.insert(a_contact("first", identity_key="k"))
            with pytest.raises(ContactExists):
                await tx.contacts.insert(a_contact("second", identity_key="k"))
            await tx.contacts.insert(a_contact("third"))

        assert await last_names(databases, tenant) == ["first", "third"]

    async def test_contacts_without_identity_key_never_collide(self, databases, tenant):
        await stored(databases, tenant, a_contact(), a_contact())

        assert (await listed(databases, tenant)).total == 2

    async def test_a_deleted_contact_is_gone_and_frees_its_identity_key(self, databases, tenant):
        [contact] = await stored(databases, tenant, a_contact(identity_key="k"))

        async with databases.begin(tenant) as tx:
            assert await tx.contacts.soft_delete(contact.id, now=NOW)
            assert not await tx.contacts.soft_delete(contact.id, now=NOW)
            assert await tx.contacts.find(contact.id) is None
            assert await tx.contacts.find_by_number(contact.number) is None
            assert (await tx.contacts.list_page(ContactQuery())).total == 0
            assert await tx.contacts.find_identity_keys(["k"]) == frozenset()
            await tx.contacts.insert(a_contact(identity_key="k"))

    async def test_an_update_changes_the_fields_and_counts_the_version(self, databases, tenant):
        [before] = await stored(databases, tenant, a_contact(labels=("a",)))
        wanted = changed(
            before, last_name="King", labels=("b", "c"), metadata={"x": 1}, updated_at=NOW + timedelta(1)
        )

        async with databases.begin(tenant) as tx:
            after = await tx.contacts.update(wanted, expected_version=1)

        assert after == changed(wanted, version=2)
        async with databases.begin(tenant) as tx:
            assert await tx.contacts.find(before.id) == after

    async def test_an_update_can_not_move_what_belongs_to_the_store(self, databases, tenant):
        [before] = await stored(databases, tenant, a_contact())
        forged = changed(before, number=999, created_at=NOW - timedelta(9), deleted_at=NOW, version=7)

        async with databases.begin(tenant) as tx:
            assert await tx.contacts.update(forged, expected_version=1) == changed(before, version=2)

    async def test_an_update_of_an_older_version_is_a_conflict(self, databases, tenant):
        [contact] = await stored(databases, tenant, a_contact())

        async with databases.begin(tenant) as tx:
            await tx.contacts.update(contact, expected_version=1)
            with pytest.raises(VersionConflict):
                await tx.contacts.update(contact, expected_version=1)

    async def test_an_update_to_a_taken_identity_key_is_refused(self, databases, tenant):
        _, contact = await stored(
            databases, tenant, a_contact(identity_key="k"), a_contact(identity_key="l")
        )

        with pytest.raises(ContactExists):
            async with databases.begin(tenant) as tx:
                await tx.contacts.update(changed(contact, identity_key="k"), expected_version=1)

    async def test_many_are_inserted_in_order_and_the_first_of_equals_wins(self, databases, tenant):
        await stored(databases, tenant, a_contact("there", identity_key="k"))
        batch = [
            a_contact("a", identity_key="k"),
            a_contact("b", identity_key="l"),
            a_contact("c", identity_key="l"),
            a_contact("d", metadata={"age": 1}, labels=("x",)),
        ]

        async with databases.begin(tenant) as tx:
            assert await tx.contacts.insert_many(batch) == {batch[1].id, batch[3].id}

        page = await listed(databases, tenant)
        assert [row.last_name for row in page.items] == ["there", "b", "d"]
        assert changed(page.items[2], number=0) == batch[3]

    async def test_many_may_be_none_or_come_twice_in_one_transaction(self, databases, tenant):
        async with databases.begin(tenant) as tx:
            assert await tx.contacts.insert_many([]) == frozenset()
            assert len(await tx.contacts.insert_many([a_contact("a")])) == 1
            assert len(await tx.contacts.insert_many([a_contact("b")])) == 1

        assert await last_names(databases, tenant) == ["a", "b"]

    async def test_identity_keys_that_are_there_are_found(self, databases, tenant):
        await stored(databases, tenant, a_contact(identity_key="k"), a_contact())

        async with databases.begin(tenant) as tx:
            assert await tx.contacts.find_identity_keys(["k", "l"]) == {"k"}
            assert await tx.contacts.find_identity_keys([]) == frozenset()

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    async def test_text_that_no_column_takes_is_the_callers_mistake(self, databases, tenant, text):
        for contact in (a_contact(text), a_contact(metadata={"k": text}), a_contact(labels=(text,))):
            with pytest.raises(InvalidInput):
                await stored(databases, tenant, contact)
            with pytest.raises(InvalidInput):
                async with databases.begin(tenant) as tx:
                    await tx.contacts.insert_many([contact])
        with pytest.raises(InvalidInput):
            await listed(databases, tenant, search=text)


class ContactListContract:
    """The list: conditions, order and pages."""

    @pytest.mark.parametrize(
        "search", ["ada LOVE", "lovelace", "ÉCOLE", "école", "@EXAMPLE", "20 7946", "100%", "a_b", "c\\d"]
    )
    async def test_search_finds_text_in_any_case_in_every_searched_field(self, databases, tenant, search):
        found = a_contact(
            email="Ada@Example.org", phone="+44 20 7946", address="1 Rue de l'École 100% a_b c\\d"
        )
        await stored(databases, tenant, found, a_contact("Nobody", first_name="Axb", address="1000 acd"))

        assert [row.id for row in (await listed(databases, tenant, search=search)).items] == [found.id]

    @pytest.mark.parametrize(
        "words",
        [
            *("ada LOVE", "love ada", "lov 12 ecole", "ÉCOLE", "ecole", "garcía", "GARCIA LOVELACE"),
            *("example", "ada@example.org", "mathe", "lovelase", "lvelace garcía", "%", "c\\d", "a_b"),
            *("020 7946", "0044207946", "(20) 79-46", "O'Love", "ø"),
        ],
    )
    async def test_words_find_what_begins_so_whatever_the_accents_and_nearly_the_same(
        self, databases, tenant, words
    ):
        found = a_contact(
            "Lovelace-García O'Love",
            email="Ada@Example.org",
            phone="+44 (20) 7946",
            address="12 Rue de l'École 100% a_b c\\d Ø",
            labels=("mathematics",),
        )
        await stored(databases, tenant, found, a_contact("Nobody", first_name="Axb", address="1000 acd"))

        assert [row.id for row in (await listed(databases, tenant, words=words)).items] == [found.id]

    @pytest.mark.parametrize(
        "words",
        ["velace", "ada nobody", "ada 99", "'", "0000", "7 9 4", "math\\", "& | !", ":*", "'a' & b"],
    )
    async def test_words_that_are_not_all_there_find_nothing(self, databases, tenant, words):
        await stored(databases, tenant, a_contact("King", phone="+44 20 7946", address="London"))

        assert (await listed(databases, tenant, words=words)).items == ()

    async def test_by_relevance_the_name_that_fits_best_is_first_and_cursors_lead_on(
        self, databases, tenant
    ):
        names = ["Loveland", "Lovelace", "Lovell", "Lover", "Lovelace"]
        await stored(databases, tenant, *(a_contact(name, first_name="") for name in names))
        sort = (SortKey("relevance", descending=True), SortKey("last_name"))
        query = ContactQuery(ContactFilter(words="lovelace"), sort, limit=1)

        first = await listed(databases, tenant, query)
        second = await listed(databases, tenant, changed(query, cursor=first.next))
        rest = await listed(databases, tenant, changed(query, cursor=second.next, limit=9))

        found = [row.last_name for row in (*first.items, *second.items, *rest.items)]
        assert found[:2] == ["Lovelace", "Lovelace"]
        assert len(found) == first.total == len(set(found)) + 1

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ({"name_contains": "da Lo"}, ["Lovelace"]),
            ({"name_contains": "ada"}, []),
            ({"email_contains": "a@e"}, ["Lovelace"]),
            ({"email_contains": "A@E"}, []),
            ({"phone_contains": "+44"}, ["Lovelace"]),
            ({"phone_contains": "%"}, []),
            ({"gender": True}, ["Hopper"]),
            ({"gender": False}, ["Lovelace"]),
            ({"age": 36}, ["Lovelace"]),
            ({"age": 1}, []),
            ({"age": 10**40}, []),
            ({"after_number": 10**40}, []),
            ({"gender": False, "age": 36, "search": "ada"}, ["Lovelace"]),
            ({"gender": True, "age": 36}, []),
        ],
    )
    async def test_conditions_all_hold(self, databases, tenant, where, expected):
        await stored(
            databases,
            tenant,
            a_contact(email="a@e.org", phone="+44", metadata={"gender": False, "age": 36}),
            a_contact("Hopper", first_name="Grace", metadata={"gender": True, "age": 85}),
            a_contact("Unknown", first_name="X", metadata={"age": True}),
        )

        assert await last_names(databases, tenant, **where) == expected

    async def test_only_numbers_after_the_given_one_are_listed(self, databases, tenant):
        first, second = await stored(databases, tenant, *map(a_contact, "ab"))

        page = await listed(databases, tenant, after_number=first.number)

        assert (page.items, page.total) == ((second,), 1)

    async def test_only_the_contacts_of_an_owner_are_listed(self, databases, tenant):
        ada, grace = a_user("ada"), a_user("grace")
        async with databases.begin(tenant) as tx:
            for user in (ada, grace):
                await tx.users.insert(user)
        owned = [a_contact("a", user_id=ada.id), a_contact("b", user_id=grace.id), a_contact("nobody's")]
        await stored(databases, tenant, *owned)

        page = await listed(databases, tenant, owner=ada.id)

        assert ([row.last_name for row in page.items], page.total) == (["a"], 1)
        assert (await listed(databases, tenant, owner=new_id())).total == 0

    async def test_text_sorts_without_regard_to_case_first(self, databases, tenant):
        await stored(databases, tenant, *map(a_contact, ["b", "B", "a", "C", "A"]))

        up, down = (ContactQuery(sort=(SortKey("last_name", descending=d),)) for d in (False, True))

        assert await last_names(databases, tenant, up) == ["A", "a", "B", "b", "C"]
        assert await last_names(databases, tenant, down) == ["C", "b", "B", "a", "A"]

    async def test_what_is_equal_in_every_key_is_ordered_by_id(self, databases, tenant):
        twins = [a_contact("x") for _ in range(5)]
        await stored(databases, tenant, *reversed(twins))

        page = await listed(databases, tenant, ContactQuery(sort=(SortKey("last_name", descending=True),)))

        assert [row.id for row in page.items] == [twin.id for twin in twins]

    async def test_a_page_beyond_the_end_is_empty_and_still_knows_the_total(self, databases, tenant):
        await stored(databases, tenant, *map(a_contact, "abc"))

        for query in (ContactQuery(offset=7, limit=2), ContactQuery(offset=10**30), ContactQuery(limit=0)):
            page = await listed(databases, tenant, query)
            assert (page.items, page.total) == ((), 3)

    async def test_the_stream_is_the_same_as_the_page(self, databases, tenant):
        await stored(databases, tenant, *map(a_contact, "dbca"))
        query = ContactQuery(
            where=ContactFilter(search="ada"), sort=(SortKey("last_name"),), offset=1, limit=2
        )

        async with databases.begin(tenant) as tx:
            streamed = [row async for row in tx.contacts.iter_all(query)]

        assert [row.last_name for row in streamed] == ["b", "c"]
        assert tuple(streamed) == (await listed(databases, tenant, query)).items

    @pytest.mark.parametrize("descending", [False, True])
    async def test_cursors_lead_through_all_pages_and_back(self, databases, tenant, descending):
        await stored(databases, tenant, *map(a_contact, "dbbca"))
        query = ContactQuery(sort=(SortKey("last_name", descending=descending),), limit=2)
        everything = (await listed(databases, tenant, changed(query, limit=None))).items

        first = await listed(databases, tenant, query)
        second = await listed(databases, tenant, changed(query, cursor=first.next))
        third = await listed(databases, tenant, changed(query, cursor=second.next))
        back = await listed(databases, tenant, changed(query, cursor=third.previous))

        assert first.items + second.items + third.items == everything
        assert (first.previous, third.next) == (None, None)
        assert (back.items, second.total) == (second.items, 5)
