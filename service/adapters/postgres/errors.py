"""The one table from what the driver raises to what the service knows; what it lacks is our own mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from asyncpg import exceptions as pg

from service.domain.errors import (
    ContactExists,
    DatabaseUnavailable,
    InvalidInput,
    ServiceError,
    TenantExists,
    UserExists,
)

RETRY_AFTER_S = 1

# Errors that say the connection is gone, so nothing that was sent before COMMIT has happened.
CONNECTION_LOST: tuple[type[Exception], ...] = (
    pg.PostgresConnectionError,
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.CannotConnectNowError,
    pg.IdleInTransactionSessionTimeoutError,
    pg.IdleSessionTimeoutError,
    # The driver's own states are at odds when the server's last words are read before its end is seen.
    asyncpg.InternalClientError,
    OSError,
)

TRANSLATIONS: tuple[tuple[tuple[type[Exception], ...], type[ServiceError]], ...] = (
    (CONNECTION_LOST, DatabaseUnavailable),
    # The server is there and can not serve us now.
    (
        (
            pg.OperatorInterventionError,
            pg.InsufficientResourcesError,
            pg.PostgresSystemError,
            pg.TransactionRollbackError,
            pg.LockNotAvailableError,
            pg.ReadOnlySQLTransactionError,
            pg.InvalidCachedStatementError,
            pg.InvalidAuthorizationSpecificationError,
            pg.InvalidCatalogNameError,
        ),
        DatabaseUnavailable,
    ),
    # A value that no column takes: NUL, a lone surrogate, a number out of range, a name too long to index.
    (
        (
            pg.DataError,
            pg.ForeignKeyViolationError,
            pg.CheckViolationError,
            pg.ProgramLimitExceededError,
            UnicodeEncodeError,
            OverflowError,
        ),
        InvalidInput,
    ),
)

TAKEN: dict[str, type[ServiceError]] = {
    "contacts_pkey": ContactExists,
    "idx_contacts_identity": ContactExists,
    "users_pkey": UserExists,
    "idx_users_username": UserExists,
    "idx_users_email": UserExists,
    "idx_tenants_slug": TenantExists,
}


def translate(error: Exception, *, is_lost: bool = False) -> ServiceError | None:
    """Ours for the driver's; None for one that is not foreseen. `is_lost`: the connection is closed."""
    if isinstance(error, pg.UniqueViolationError) and (taken := TAKEN.get(error.constraint_name or "")):
        return taken()
    for kinds, ours in TRANSLATIONS:
        if isinstance(error, kinds):
            return ours(retry_after_s=RETRY_AFTER_S if ours is DatabaseUnavailable else None)
    if isinstance(error, asyncpg.InterfaceError):
        return _translate_refusal(error, is_lost=is_lost)
    return None


def _translate_refusal(error: asyncpg.InterfaceError, *, is_lost: bool) -> ServiceError | None:
    # The driver's own refusal to encode an argument is a ValueError too; its class is not public.
    if isinstance(error, ValueError):
        return InvalidInput()
    return DatabaseUnavailable(retry_after_s=RETRY_AFTER_S) if is_lost else None


@contextmanager
def translating(connection: asyncpg.Connection | None = None) -> Iterator[None]:
    """Raises ours from the driver's. Cancellation is no Exception and passes."""
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:
        ours = translate(error, is_lost=connection is not None and connection.is_closed())
        if ours is None:
            raise
        raise ours from error
