"""What making accounts, keeping them and being logged in need from the world, beside the other ports."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, Protocol

from service.domain.account_links import AccountLink, LinkPurpose
from service.domain.identity import SessionId, UserId
from service.domain.mails import Message
from service.domain.passwords import Strength
from service.domain.refresh_families import Family, RefreshToken, Rotation
from service.domain.sessions import Session


class AccountLinkStore(Protocol):
    """The links in mails of the one tenant the transaction is bound to, by the hashes of their tokens."""

    async def insert(self, link: AccountLink) -> None:
        """Forgets the user's links for the purpose that have expired."""
        ...

    async def find(self, token_hash: bytes) -> AccountLink | None: ...

    async def lock(self, token_hash: bytes) -> AccountLink | None:
        """The link, which nobody else uses until the transaction ends."""
        ...

    async def mark_used(self, token_hash: bytes, *, now: datetime) -> None: ...

    async def has_unused(self, user_id: UserId, purpose: LinkPurpose, bound_to: bytes) -> bool:
        """Whether there is one, expired or not."""
        ...


class SessionStore(Protocol):
    """The sessions of the one tenant the transaction is bound to: the truth, whatever a cache says."""

    async def find(self, session_id: SessionId) -> Session | None: ...

    async def list_live(self, user_id: UserId, *, now: datetime) -> tuple[Session, ...]:
        """The user's, newest first."""
        ...

    async def insert(self, session: Session) -> None: ...

    async def note_use(self, session_id: SessionId, *, now: datetime) -> None:
        """Never sets it back."""
        ...

    async def end(self, session_id: SessionId, *, now: datetime) -> bool:
        """Whether a live one was ended."""
        ...

    async def end_all(
        self, user_id: UserId, *, now: datetime, but: SessionId | None = None
    ) -> frozenset[SessionId]:
        """Those of the user that were live and were ended."""
        ...

    async def remove_expired(self, user_id: UserId, *, now: datetime) -> None:
        """The user's whose time is over, ended or not, with their refresh tokens."""
        ...


class RefreshTokenStore(Protocol):
    """The refresh tokens of the one tenant the transaction is bound to, by their hashes."""

    async def lock_family(self, token_hash: bytes) -> Family | None:
        """The token and its session, which nobody refreshes or ends until the transaction ends."""
        ...

    async def insert(self, token: RefreshToken) -> None: ...

    async def rotate(self, rotation: Rotation) -> None:
        """Stores both tokens, and forgets those of the family that have expired."""
        ...


class PasswordMeter(Protocol):
    """Off the event loop. Raises Busy when too many wait."""

    async def measure(self, password: str, own_words: Sequence[str]) -> Strength:
        """How hard it is to guess for somebody who knows the words."""
        ...


class Mailer(Protocol):
    """Sends or fails, with any exception; never asked for while a transaction is open."""

    async def send(self, message: Message) -> None: ...


class Errands(Protocol):
    """What is done after the answer, in this process; a failure is told in the log alone."""

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Or, when too many are under way, closes `work` and says so in the log."""
        ...
