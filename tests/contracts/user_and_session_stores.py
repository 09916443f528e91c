"""What every UserStore and SessionStore promises. Fixtures: databases, tenant, other_tenant."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from contracts.builders import NOW, a_session, a_user, new_id

from service.application.ports import UserPage, UserQuery
from service.domain.errors import InvalidInput, UserExists
from service.domain.refresh_families import DEFAULT_RULES, Family, Rotation, new_token


async def stored_user(databases, tenant, user):
    async with databases.begin(tenant) as tx:
        await tx.users.insert(user)
    return user


class UserStoreContract:
    async def test_a_user_comes_back_as_stored(self, databases, tenant):
        user = await stored_user(databases, tenant, a_user(role="tenant_admin", active=False))

        async with databases.begin(tenant) as tx:
            assert await tx.users.find(user.id) == user
            assert await tx.users.find(new_id()) is None

    @pytest.mark.parametrize(
        ("login", "is_found"),
        [
            ("Ada", True),
            ("ada", False),
            ("ADA@Example.org", True),
            ("ada@example.org", True),
            ("a%", False),
            ("", False),
        ],
    )
    async def test_a_login_is_the_exact_name_or_the_email(self, databases, tenant, login, is_found):
        user = await stored_user(databases, tenant, a_user("Ada", email="Ada@example.org"))

        async with databases.begin(tenant) as tx:
            assert (await tx.users.find_by_login(login) == user) is is_found

    async def test_a_name_goes_before_an_email_that_reads_the_same(self, databases, tenant):
        await stored_user(databases, tenant, a_user("other", email="ada@example.org"))
        named = await stored_user(databases, tenant, a_user("ada@example.org", email="x@example.org"))

        async with databases.begin(tenant) as tx:
            assert await tx.users.find_by_login("ada@example.org") == named

    @pytest.mark.parametrize(
        "second",
        [
            a_user("ADA", email="b@example.org"),
            a_user("b", email="ADA@EXAMPLE.ORG"),
            a_user("ada", email="b@example.org"),
        ],
    )
    async def test_name_and_email_are_taken_once_in_any_case(self, databases, tenant, second):
        await stored_user(databases, tenant, a_user())

        async with databases.begin(tenant) as tx:
            with pytest.raises(UserExists):
                await tx.users.insert(second)
            await tx.users.insert(a_user("after"))

    async def test_users_without_email_do_not_collide_and_are_not_found_by_none(self, databases, tenant):
        for name in ("a", "b"):
            await stored_user(databases, tenant, a_user(name, email=""))

        async with databases.begin(tenant) as tx:
            assert await tx.users.find_by_login("") is None

    async def test_another_tenant_knows_nothing_of_a_user(self, databases, tenant, other_tenant):
        user = await stored_user(databases, tenant, a_user())

        async with databases.begin(other_tenant) as tx:
            assert await tx.users.find(user.id) is None
            assert await tx.users.find_by_login("ada") is None
            await tx.users.insert(user)

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    async def test_text_that_no_column_takes_is_the_callers_mistake(self, databases, tenant, text):
        with pytest.raises(InvalidInput):
            await stored_user(databases, tenant, a_user(text))
        with pytest.raises(InvalidInput):
            async with databases.begin(tenant) as tx:
                await tx.users.find_by_login(text)

    async def test_a_password_is_replaced_and_nothing_else(self, databases, tenant):
        user = await stored_user(databases, tenant, a_user())
        later = NOW + timedelta(minutes=1)

        async with databases.begin(tenant) as tx:
            await tx.users.set_password(user.id, "another hash", now=later)
            changed = msgspec.structs.replace(user, password_hash="another hash", updated_at=later)
            assert await tx.users.hold(user.id) == changed
            assert await tx.users.hold(new_id()) is None

    async def test_users_are_listed_by_name_a_page_at_a_time(self, databases, tenant, other_tenant):
        bob, ada, cyd = [
            await stored_user(databases, tenant, a_user(name)) for name in ("bob", "Ada", "cyd")
        ]
        await stored_user(databases, other_tenant, a_user("eve"))

        async with databases.begin(tenant) as tx:
            assert await tx.users.list_page(UserQuery()) == UserPage((ada, bob, cyd), 3)
            assert await tx.users.list_page(UserQuery(offset=1, limit=1)) == UserPage((bob,), 3)
            assert await tx.users.list_page(UserQuery(only=cyd.id)) == UserPage((cyd,), 1)

    @pytest.mark.parametrize(
        ("search", "in_email", "found"),
        [
            ("AD", False, ["Ada"]),
            ("north", False, []),
            ("NORTH", True, ["bob"]),
            ("%", True, []),
            ("_", True, []),
            ("", True, ["Ada", "bob"]),
        ],
    )
    async def test_a_text_is_searched_in_names_and_where_allowed_in_emails(
        self, databases, tenant, search, in_email, found
    ):
        for user in (a_user("Ada", email="a@south.example"), a_user("bob", email="b@North.example")):
            await stored_user(databases, tenant, user)

        async with databases.begin(tenant) as tx:
            page = await tx.users.list_page(UserQuery(search, is_email_searched=in_email))
            assert [user.username for user in page.items] == found
            assert page.total == len(found)

    async def test_a_user_is_changed_and_locked_in_one_tenant_only(self, databases, tenant, other_tenant):
        user = await stored_user(databases, tenant, a_user())
        changed = msgspec.structs.replace(
            user,
            email="new@example.org",
            role="read_only",
            active=False,
            updated_at=NOW + timedelta(hours=1),
        )

        async with databases.begin(other_tenant) as tx:
            assert await tx.users.lock(user.id) is None
        async with databases.begin(tenant) as tx:
            assert await tx.users.lock(user.id) == user
            await tx.users.update(changed)
            assert await tx.users.find(user.id) == changed

    async def test_a_user_can_not_take_the_email_of_another(self, databases, tenant):
        user = await stored_user(databases, tenant, a_user())
        await stored_user(databases, tenant, a_user("bob"))

        with pytest.raises(UserExists):
            async with databases.begin(tenant) as tx:
                await tx.users.update(msgspec.structs.replace(user, email="BOB@example.org"))

    async def test_administrators_are_active_and_of_this_tenant(self, databases, tenant, other_tenant):
        ada, *_ = [
            await stored_user(databases, tenant, a_user(name, role=role, active=active))
            for name, role, active in (
                ("ada", "tenant_admin", True),
                ("bob", "tenant_admin", False),
                ("cyd", "user", True),
                ("dan", "system_admin", True),
            )
        ]
        await stored_user(databases, other_tenant, a_user("eve", role="tenant_admin"))

        async with databases.begin(tenant) as tx:
            assert await tx.users.lock_administrators() == {ada.id}


class SessionStoreContract:
    async def test_a_session_ends_once(self, databases, tenant):
        session = a_session(await stored_user(databases, tenant, a_user()))
        later = NOW + timedelta(minutes=1)

        async with databases.begin(tenant) as tx:
            await tx.sessions.insert(session)
            assert await tx.sessions.find(session.id) == session
            assert await tx.sessions.end(session.id, now=later)
            assert not await tx.sessions.end(session.id, now=later)
            assert await tx.sessions.find(session.id) == msgspec.structs.replace(session, ended_at=later)

    async def test_what_is_expired_or_unknown_is_not_ended(self, databases, tenant):
        session = a_session(await stored_user(databases, tenant, a_user()))

        async with databases.begin(tenant) as tx:
            await tx.sessions.insert(session)
            assert not await tx.sessions.end(session.id, now=session.expires_at)
            assert not await tx.sessions.end(new_id(), now=NOW)
            assert await tx.sessions.find(new_id()) is None

    async def test_another_tenant_can_not_see_or_end_a_session(self, databases, tenant, other_tenant):
        session = a_session(await stored_user(databases, tenant, a_user()))
        async with databases.begin(tenant) as tx:
            await tx.sessions.insert(session)

        async with databases.begin(other_tenant) as tx:
            assert await tx.sessions.find(session.id) is None
            assert not await tx.sessions.end(session.id, now=NOW)
        async with databases.begin(tenant) as tx:
            assert await tx.sessions.find(session.id) == session

    async def test_live_sessions_are_those_of_the_user_newest_first(self, databases, tenant):
        user, other = [await stored_user(databases, tenant, a_user(name)) for name in ("ada", "bob")]
        first, expired, ended, second = [
            a_session(user, expires_at=NOW + timedelta(minutes=minutes), user_agent="x", address="y")
            for minutes in (60, 1, 60, 60)
        ]

        async with databases.begin(tenant) as tx:
            for session in (first, expired, ended, second, a_session(other)):
                await tx.sessions.insert(session)
            await tx.sessions.end(ended.id, now=NOW)
            assert await tx.sessions.list_live(user.id, now=NOW + timedelta(minutes=1)) == (second, first)

    async def test_all_sessions_of_the_user_end_but_one(self, databases, tenant):
        user, other = [await stored_user(databases, tenant, a_user(name)) for name in ("ada", "bob")]
        kept, lost, foreign = a_session(user), a_session(user), a_session(other)

        async with databases.begin(tenant) as tx:
            for session in (kept, lost, foreign):
                await tx.sessions.insert(session)
            assert await tx.sessions.end_all(user.id, now=NOW, but=kept.id) == {lost.id}
            assert await tx.sessions.end_all(user.id, now=NOW) == {kept.id}
            assert await tx.sessions.end_all(user.id, now=NOW) == frozenset()
            assert await tx.sessions.find(foreign.id) == foreign

    async def test_expired_sessions_of_the_user_are_removed_with_their_refresh_tokens(
        self, databases, tenant
    ):
        user, other = [await stored_user(databases, tenant, a_user(name)) for name in ("ada", "bob")]
        live, expired, foreign = a_session(user), a_session(user), a_session(other)
        expired = msgspec.structs.replace(expired, expires_at=NOW)
        foreign = msgspec.structs.replace(foreign, expires_at=NOW)

        async with databases.begin(tenant) as tx:
            for session in (live, expired, foreign):
                await tx.sessions.insert(session)
                await tx.refresh_tokens.insert(new_token(session, session.id.bytes, NOW, DEFAULT_RULES))
            await tx.sessions.remove_expired(user.id, now=NOW)
            assert [await tx.sessions.find(session.id) for session in (live, expired, foreign)] == [
                live,
                None,
                foreign,
            ]
            assert await tx.refresh_tokens.lock_family(expired.id.bytes) is None
            assert (await tx.refresh_tokens.lock_family(live.id.bytes)).session == live

    async def test_the_last_use_is_never_set_back(self, databases, tenant):
        session = a_session(await stored_user(databases, tenant, a_user()))
        later = NOW + timedelta(minutes=1)

        async with databases.begin(tenant) as tx:
            await tx.sessions.insert(session)
            for moment in (later, NOW):
                await tx.sessions.note_use(session.id, now=moment)
            assert (await tx.sessions.find(session.id)).last_used_at == later


class RefreshTokenStoreContract:
    @pytest.fixture
    async def session(self, databases, tenant):
        session = a_session(await stored_user(databases, tenant, a_user()))
        async with databases.begin(tenant) as tx:
            await tx.sessions.insert(session)
        return session

    async def test_a_token_is_found_with_its_session_and_in_no_other_tenant(
        self, databases, tenant, other_tenant, session
    ):
        token = new_token(session, b"one", NOW, DEFAULT_RULES)

        async with databases.begin(tenant) as tx:
            await tx.refresh_tokens.insert(token)
            assert await tx.refresh_tokens.lock_family(b"one") == Family(session, token)
            assert await tx.refresh_tokens.lock_family(b"two") is None
        async with databases.begin(other_tenant) as tx:
            assert await tx.refresh_tokens.lock_family(b"one") is None

    async def test_a_rotation_stores_both_and_forgets_what_has_expired(self, databases, tenant, session):
        old, first = [
            msgspec.structs.replace(
                new_token(session, name, NOW, DEFAULT_RULES), expires_at=NOW + timedelta(minutes=minutes)
            )
            for name, minutes in ((b"old", 1), (b"first", 9))
        ]
        later = NOW + timedelta(minutes=1)
        used = msgspec.structs.replace(first, used_at=later, uses=1)
        second = new_token(session, b"second", later, DEFAULT_RULES)

        async with databases.begin(tenant) as tx:
            for token in (old, first):
                await tx.refresh_tokens.insert(token)
            await tx.refresh_tokens.rotate(Rotation(used, second))
            assert await tx.refresh_tokens.lock_family(b"old") is None
            assert await tx.refresh_tokens.lock_family(b"first") == Family(session, used)
            assert await tx.refresh_tokens.lock_family(b"second") == Family(session, second)
