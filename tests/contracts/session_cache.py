"""What every SessionCache promises. Fixtures: cache (its clock stands at NOW), tenant, other_tenant."""

from __future__ import annotations

import msgspec
from contracts.builders import NOW, a_session, a_user


class SessionCacheContract:
    async def test_what_was_put_is_found(self, cache, tenant):
        session = a_session(a_user())

        await cache.put(tenant, session)

        assert await cache.find(tenant, session.id) == session

    async def test_what_was_not_put_is_none(self, cache, tenant):
        assert await cache.find(tenant, a_session(a_user()).id) is None

    async def test_another_tenant_does_not_find_it_or_remove_it(self, cache, tenant, other_tenant):
        session = a_session(a_user())
        await cache.put(tenant, session)

        await cache.remove(other_tenant, session.id)

        assert await cache.find(other_tenant, session.id) is None
        assert await cache.find(tenant, session.id) == session

    async def test_a_put_that_comes_late_does_not_revive_what_was_removed(self, cache, tenant):
        session = a_session(a_user())
        await cache.put(tenant, session)

        await cache.remove(tenant, session.id)
        await cache.put(tenant, session)

        assert await cache.find(tenant, session.id) is None

    async def test_what_is_not_live_is_not_kept(self, cache, tenant):
        expired = a_session(a_user(), expires_at=NOW)
        ended = msgspec.structs.replace(a_session(a_user()), ended_at=NOW)

        for session in (expired, ended):
            await cache.put(tenant, session)
            assert await cache.find(tenant, session.id) is None
