"""What the service refuses or fails at; every class has a stable code, listed in docs/errors.md.

ServiceError
    CallerMistake       the request can not be understood or names nothing that is there: never retry
    Refused             understood, and a rule says no: never retry
    OutsideFailure      a server beside us failed: may be retried
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.domain.limits import Standing


class ServiceError(Exception):
    """The root. `detail` is for the caller to read; it never holds a secret or another tenant's data."""

    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        problems: Mapping[str, tuple[str, ...]] | None = None,
        hint: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        self.detail = detail if detail is not None else self.title
        self.problems: dict[str, tuple[str, ...]] = dict(problems or {})
        self.hint = hint
        self.retry_after_s = retry_after_s
        super().__init__(self.detail)


class CallerMistake(ServiceError):
    """The request itself is wrong."""


class Refused(ServiceError):
    """A rule says no."""


class OutsideFailure(ServiceError):
    """A server beside us failed or is not there."""


class InvalidInput(CallerMistake):
    """Fields or parameters with problems, all of them, by path."""

    code = "request.invalid"
    title = "Invalid input"

    @classmethod
    def of(cls, problems: Mapping[str, tuple[str, ...]]) -> InvalidInput:
        """All problems, in one sentence and by path."""
        sentence = "; ".join(f"{path} {texts[0]}" for path, texts in problems.items())
        return cls(sentence, problems=problems)


class BodyMalformed(CallerMistake):
    """The body is not what its media type says."""

    code = "request.malformed"
    title = "Malformed request body"


class ContactNotFound(CallerMistake):
    """No such contact in this tenant."""

    code = "contacts.not_found"
    title = "Contact not found"


class ContactExists(Refused):
    """Another contact of the tenant has the same e-mail, or the same phone and name."""

    code = "contacts.exists"
    title = "Contact already exists"


class VersionConflict(Refused):
    """The contact was changed since the caller read it."""

    code = "contacts.version_conflict"
    title = "The contact was changed by someone else"


class ImportUnreadable(CallerMistake):
    """The file as a whole can not be read; nothing of it was imported."""

    code = "import.unreadable"
    title = "The file can not be imported"


class ImportTooLarge(CallerMistake):
    """The file, or a line of it, is larger than the limit; nothing of it was imported."""

    code = "import.too_large"
    title = "The file is too large"


class TenantNotFound(CallerMistake):
    """No such tenant, or it is not active."""

    code = "tenants.not_found"
    title = "Tenant not found"


class TenantExists(Refused):
    """Another tenant has this name."""

    code = "tenants.exists"
    title = "Tenant already exists"


class TenantStatusConflict(Refused):
    """What is asked of the tenant does not fit the state it is in."""

    code = "tenants.status_conflict"
    title = "The tenant is not in a state for this"


class TenantIsOwn(Refused):
    """Who suspends or deletes the tenant they are logged in to could not undo it."""

    code = "tenants.own"
    title = "This is the tenant you are logged in to"


class ConfigurationVersionConflict(Refused):
    """The configuration is not at the version that the caller means."""

    code = "configuration.version_conflict"
    title = "The configuration was changed by someone else"


class ConfigurationConflict(Refused):
    """Others changed the configuration at the same moment, again and again."""

    code = "configuration.conflict"
    title = "The configuration is being changed by others"


class NothingToUndo(Refused):
    """The configuration was never changed."""

    code = "configuration.nothing_to_undo"
    title = "There is no change to undo"


class UserExists(Refused):
    """Another user of the tenant has this name or e-mail."""

    code = "users.exists"
    title = "User already exists"


class UserNotFound(CallerMistake):
    """No such user in this tenant."""

    code = "users.not_found"
    title = "User not found"


class LastAdministrator(Refused):
    """The tenant would be left without anybody who can administer it."""

    code = "users.last_administrator"
    title = "A tenant must keep an administrator"


class BadCredentials(Refused):
    """Unknown user, wrong password, inactive account: one error, so that none can be told apart."""

    code = "auth.bad_credentials"
    title = "Wrong username or password, please try again"


class LinkInvalid(Refused):
    """Of a mail: unknown, used, expired, of another tenant or account, or of an account that has changed.

    One error and one wording; `reason` is for the log.
    """

    code = "accounts.link_invalid"
    title = "The link is not valid any more"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class SignupClosed(Refused):
    """The tenant lets nobody sign up: its administrators invite."""

    code = "accounts.signup_closed"
    title = "Nobody can sign up here"


class TokenInvalid(Refused):
    """No token, a bad one, an expired one, or one whose session has ended: one error, and one wording.

    `reason`, and the `facts` about whom it concerns, are for the log.
    """

    code = "auth.token_invalid"
    title = "Invalid token, please login again"

    def __init__(self, reason: str = "missing", **facts: str) -> None:
        super().__init__()
        self.reason = reason
        self.facts = facts


class SessionNotFound(CallerMistake):
    """The caller has no such live session."""

    code = "auth.session_not_found"
    title = "Session not found"


class TenantMismatch(Refused):
    """The tenant header names another tenant than the token."""

    code = "auth.tenant_mismatch"
    title = "The tenant of the header is not the tenant of the token"


class PermissionDenied(Refused):
    """The actor's role does not allow this."""

    code = "auth.permission_denied"
    title = "Permission denied"


class TooManyRequests(Refused):
    """A limit is used up. `standing` says which, and how long to wait."""

    code = "limits.exceeded"
    title = "Too many requests"

    def __init__(self, standing: Standing) -> None:
        limit = standing.limit
        super().__init__(
            f"the limit {limit.name} is {limit.count} in {limit.period_s} seconds",
            retry_after_s=math.ceil(standing.wait_s),
        )
        self.standing = standing


class Busy(OutsideFailure):
    """More work than the service takes at once; come back later."""

    code = "service.busy"
    title = "The service is busy"


class DatabaseUnavailable(OutsideFailure):
    """PostgreSQL did not answer in time, or is not there."""

    code = "database.unavailable"
    title = "The database is not available"
