"""What every AuditLog promises. Fixtures: databases, tenant, other_tenant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from contracts.builders import NOW, a_user, new_id

from service.application.audit import prune, verify_chain
from service.domain.audit import (
    RETENTION,
    AuditFilter,
    AuditSubject,
    Doer,
    Entry,
    link,
    render_content,
)
from service.domain.identity import Operator


def an_entry(action="contacts.created", **fields):
    given = {"actor": Doer(), "subject": AuditSubject("contact", str(new_id()))}
    return Entry(action, **(given | fields))


async def recorded(databases, tenant, *entries):
    async with databases.begin(tenant) as tx:
        for entry in entries:
            tx.audit.record(entry)


async def listed(databases, tenant, before=None, limit=100, **where):
    async with databases.begin(tenant) as tx:
        await tx.audit.seal()
        return await tx.audit.list_page(AuditFilter(**where), before=before, limit=limit)


async def verified(databases, tenant):
    async with databases.begin(tenant) as tx:
        await tx.audit.seal()
        return await verify_chain(tx, Operator())


class AuditLogContract:
    async def test_an_entry_comes_back_as_recorded(self, databases, tenant):
        doer = Doer(new_id(), "Ada é", "user", new_id(), "203.0.113.7")
        entry = an_entry(actor=doer, request_id="r-1", details={"fields": ["email"], "count": 3})
        await recorded(databases, tenant, entry)

        (sealed,) = await listed(databases, tenant)
        assert (sealed.seq, sealed.kind, sealed.content) == (1, "data", render_content(entry))
        assert (sealed.entry.actor, sealed.entry.details) == (doer, entry.details)
        assert sealed.hash == link(bytes(32), 1, sealed.at, "data", sealed.digest)

    async def test_numbers_have_no_gaps_and_the_newest_is_first(self, databases, tenant):
        await recorded(databases, tenant, an_entry("logout"), an_entry())
        await recorded(databases, tenant, an_entry("audit.pruned"))

        found = await listed(databases, tenant)
        assert [(sealed.seq, sealed.kind) for sealed in found] == [
            (3, "system"),
            (2, "data"),
            (1, "authentication"),
        ]

    async def test_what_is_rolled_back_leaves_no_entry_and_no_gap(self, databases, tenant):
        with pytest.raises(ZeroDivisionError):
            async with databases.begin(tenant) as tx:
                await tx.users.insert(a_user())
                tx.audit.record(an_entry())
                raise ZeroDivisionError
        await recorded(databases, tenant, an_entry())

        assert [sealed.seq for sealed in await listed(databases, tenant)] == [1]

    async def test_an_entry_is_not_among_the_others_before_the_end(self, databases, tenant):
        async with databases.begin(tenant) as tx:
            tx.audit.record(an_entry())
            await tx.audit.seal()
            assert await tx.audit.list_page(AuditFilter(), before=None, limit=10) == ()
            assert (await tx.audit.get_head()).seq == 0

    async def test_each_condition_narrows_the_list(self, databases, tenant):
        doer = Doer(user_id=new_id())
        wanted = an_entry("contacts.updated", actor=doer)
        await recorded(databases, tenant, an_entry("logout"), wanted, an_entry())

        at = (await listed(databases, tenant))[1].at
        conditions = (
            {"action": "contacts.updated"},
            {"actor": str(doer.user_id)},
            {"subject": wanted.subject.id},
            {"kind": "data", "action": "contacts.updated", "subject_type": "contact", "since": at},
        )
        for where in conditions:
            assert [sealed.seq for sealed in await listed(databases, tenant, **where)] == [2]
        assert await listed(databases, tenant, until=at, kind="data") == ()

    async def test_pages_lead_to_the_oldest(self, databases, tenant):
        await recorded(databases, tenant, *(an_entry() for _ in range(5)))

        assert [sealed.seq for sealed in await listed(databases, tenant, limit=2)] == [5, 4]
        assert [sealed.seq for sealed in await listed(databases, tenant, before=4, limit=9)] == [3, 2, 1]

    async def test_another_tenant_has_a_chain_of_its_own(self, databases, tenant, other_tenant):
        await recorded(databases, tenant, an_entry())

        assert await listed(databases, other_tenant) == ()
        await recorded(databases, other_tenant, an_entry("logout"))
        assert [sealed.seq for sealed in await listed(databases, other_tenant)] == [1]

    async def test_a_chain_as_it_was_written_is_whole(self, databases, tenant):
        assert (await verified(databases, tenant)).broken is None
        await recorded(databases, tenant, an_entry(), an_entry("logout"))

        report = await verified(databases, tenant)
        assert (report.checked, report.head.seq, report.broken) == (2, 2, None)

    async def test_pruning_keeps_the_chain_whole(self, databases, tenant):
        await recorded(databases, tenant, an_entry(), an_entry(), an_entry("login.failed"), an_entry())
        async with databases.begin(tenant) as tx:
            await tx.audit.seal()
            limits = dict.fromkeys(RETENTION, NOW - timedelta(days=9999)) | {"data": tx.now + timedelta(1)}
            pruned = await tx.audit.prune(limits)
            details = {"first": pruned.first, "previous": pruned.previous.hex()}
            details |= {kind: at.isoformat() for kind, at in limits.items()}
            tx.audit.record(an_entry("audit.pruned", details=details))

        assert (pruned.count, pruned.first) == (3, 3)
        found = await listed(databases, tenant)
        assert [(sealed.seq, sealed.content is None) for sealed in found] == [
            (5, False),
            (4, True),
            (3, False),
        ]
        report = await verified(databases, tenant)
        assert (report.broken, report.checked, report.pruned) == (None, 3, 1)

    async def test_pruning_again_with_nothing_too_old_removes_nothing(self, databases, tenant):
        await recorded(databases, tenant, an_entry())
        for _ in range(2):
            async with databases.begin(tenant) as tx:
                assert (await prune(tx)).count == 0

        assert (await verified(databases, tenant)).broken is None
        assert len(await listed(databases, tenant)) == 3
