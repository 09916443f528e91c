"""Values for tests, complete but for what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.adapters.ids import Uuid7Source
from service.domain.contacts import Contact
from service.domain.identity import ContactId, SessionId, UserId
from service.domain.sessions import Session
from service.domain.users import User

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)

new_id = Uuid7Source()


def a_contact(last_name="Lovelace", **fields):
    given = {
        "id": ContactId(new_id()),
        "user_id": None,
        "first_name": "Ada",
        "last_name": last_name,
        "email": "",
        "phone": "",
        "phone_e164": None,
        "address": "",
        "labels": (),
        "metadata": {},
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Contact(**(given | fields))


def a_user(username="ada", **fields):
    given = {
        "id": UserId(new_id()),
        "username": username,
        "email": f"{username}@example.org",
        "password_hash": "not a hash",
        "role": "user",
        "active": True,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return User(**(given | fields))


def a_session(user, **fields):
    given = {
        "id": SessionId(new_id()),
        "user_id": user.id,
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return Session(**(given | fields))
