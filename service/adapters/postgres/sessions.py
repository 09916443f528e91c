"""Sessions and refresh tokens of one tenant, as fixed statements."""

from __future__ import annotations

from datetime import datetime

from service.adapters.postgres.statements import Statements
from service.domain.identity import SessionId, UserId
from service.domain.refresh_families import Family, RefreshToken, Rotation
from service.domain.sessions import Session

_SESSION = "id, user_id, created_at, expires_at, ended_at, user_agent, address, last_used_at"
_FIND = f"SELECT {_SESSION} FROM sessions WHERE id = $1"  # noqa: S608  # constants only
_LIST_LIVE = f"""
SELECT {_SESSION} FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY id DESC
"""  # noqa: S608  # constants only
_INSERT = f"INSERT INTO sessions ({_SESSION}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"  # noqa: S608  # the same
_NOTE_USE = "UPDATE sessions SET last_used_at = greatest(last_used_at, $2) WHERE id = $1"
_END = (
    "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING id"
)
# Locked in one order, so that two who end the same sessions wait for each other and not in a circle.
_END_ALL = """
UPDATE sessions SET ended_at = $2
WHERE id IN (
    SELECT id FROM sessions
    WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND id IS DISTINCT FROM $3
    ORDER BY id FOR UPDATE
)
RETURNING id
"""
# What another login is removing at this moment is left to it.
_REMOVE_EXPIRED_SESSIONS = """
DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE user_id = $1 AND expires_at <= $2 FOR UPDATE SKIP LOCKED
)
"""

_TOKEN = "token_hash, session_id, created_at, expires_at, used_at, uses"  # noqa: S105  # names of columns
# The lock is on the session alone: all refreshing and ending of one family stands in one queue.
_LOCK_FAMILY = f"""
SELECT {_SESSION} FROM sessions
WHERE id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $1) FOR UPDATE
"""  # noqa: S608  # constants only
_FIND_TOKEN = f"SELECT {_TOKEN} FROM refresh_tokens WHERE token_hash = $1"  # noqa: S608  # constants only
_INSERT_TOKEN = f"INSERT INTO refresh_tokens ({_TOKEN}) VALUES ($1, $2, $3, $4, $5, $6)"  # noqa: S608  # the same
_USE_TOKEN = "UPDATE refresh_tokens SET used_at = $2, uses = $3 WHERE token_hash = $1"  # noqa: S105  # SQL
_REMOVE_EXPIRED = "DELETE FROM refresh_tokens WHERE session_id = $1 AND expires_at <= $2"


class PostgresSessionStore:
    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def find(self, session_id: SessionId) -> Session | None:
        row = await self._statements.fetch_row(_FIND, session_id)
        return None if row is None else Session(*row)

    async def list_live(self, user_id: UserId, *, now: datetime) -> tuple[Session, ...]:
        return tuple(Session(*row) for row in await self._statements.fetch(_LIST_LIVE, user_id, now))

    async def insert(self, session: Session) -> None:
        await self._statements.execute(
            _INSERT,
            session.id,
            session.user_id,
            session.created_at,
            session.expires_at,
            session.ended_at,
            session.user_agent,
            session.address,
            session.last_used_at,
        )

    async def note_use(self, session_id: SessionId, *, now: datetime) -> None:
        await self._statements.execute(_NOTE_USE, session_id, now)

    async def end(self, session_id: SessionId, *, now: datetime) -> bool:
        return await self._statements.fetch_value(_END, session_id, now) is not None

    async def end_all(
        self, user_id: UserId, *, now: datetime, but: SessionId | None = None
    ) -> frozenset[SessionId]:
        rows = await self._statements.fetch(_END_ALL, user_id, now, but)
        return frozenset(SessionId(row["id"]) for row in rows)

    async def remove_expired(self, user_id: UserId, *, now: datetime) -> None:
        await self._statements.execute(_REMOVE_EXPIRED_SESSIONS, user_id, now)


class PostgresRefreshTokenStore:
    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def lock_family(self, token_hash: bytes) -> Family | None:
        session = await self._statements.fetch_row(_LOCK_FAMILY, token_hash)
        # A second statement, so that it sees what was committed while the first one waited.
        token = await self._statements.fetch_row(_FIND_TOKEN, token_hash)
        if session is None or token is None:
            return None
        return Family(Session(*session), RefreshToken(*token))

    async def insert(self, token: RefreshToken) -> None:
        await self._statements.execute(
            _INSERT_TOKEN,
            token.token_hash,
            token.session_id,
            token.created_at,
            token.expires_at,
            token.used_at,
            token.uses,
        )

    async def rotate(self, rotation: Rotation) -> None:
        used, successor = rotation.used, rotation.successor
        await self._statements.execute(_USE_TOKEN, used.token_hash, used.used_at, used.uses)
        await self.insert(successor)
        await self._statements.execute(_REMOVE_EXPIRED, used.session_id, successor.created_at)
