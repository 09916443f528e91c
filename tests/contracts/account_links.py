"""What every store of account links promises. Fixtures: databases, tenant, other_tenant."""

from __future__ import annotations

import msgspec
import pytest
from contracts.builders import NOW, a_user

from service.domain.account_links import LIFE, binding_of, new_link


class AccountLinkStoreContract:
    @pytest.fixture
    async def owner(self, databases, tenant):
        owner = a_user()
        async with databases.begin(tenant) as tx:
            await tx.users.insert(owner)
        return owner

    async def test_a_link_is_found_as_stored_and_in_no_other_tenant(
        self, databases, tenant, other_tenant, owner
    ):
        link = new_link("invitation", owner, b"one", NOW, email="b@example.org", role="user")

        async with databases.begin(tenant) as tx:
            await tx.links.insert(link)
            assert [await tx.links.find(b"one"), await tx.links.lock(b"one")] == [link, link]
            assert [await tx.links.find(b"two"), await tx.links.lock(b"two")] == [None, None]
        async with databases.begin(other_tenant) as tx:
            assert await tx.links.find(b"one") is None

    async def test_a_used_link_says_when(self, databases, tenant, owner):
        link = new_link("reset", owner, b"one", NOW)

        async with databases.begin(tenant) as tx:
            await tx.links.insert(link)
            await tx.links.mark_used(b"one", now=NOW)
            assert await tx.links.find(b"one") == msgspec.structs.replace(link, used_at=NOW)

    async def test_a_new_link_takes_the_place_of_expired_ones_for_the_same(self, databases, tenant, owner):
        later = NOW + LIFE["reset"]

        async with databases.begin(tenant) as tx:
            await tx.links.insert(new_link("reset", owner, b"expired", NOW))
            await tx.links.insert(new_link("verify", owner, b"other purpose", NOW - LIFE["verify"]))
            await tx.links.insert(new_link("reset", owner, b"new", later))
            found = [await tx.links.find(name) for name in (b"expired", b"other purpose", b"new")]
            assert [link is not None for link in found] == [False, True, True]

    async def test_an_unused_link_is_one_of_the_account_as_it_is(self, databases, tenant, owner):
        bound_to = binding_of("verify", owner)

        async with databases.begin(tenant) as tx:
            await tx.links.insert(new_link("verify", owner, b"one", NOW))
            assert await tx.links.has_unused(owner.id, "verify", bound_to)
            assert not await tx.links.has_unused(owner.id, "reset", bound_to)
            assert not await tx.links.has_unused(owner.id, "verify", b"another")
            await tx.links.mark_used(b"one", now=NOW)
            assert not await tx.links.has_unused(owner.id, "verify", bound_to)
