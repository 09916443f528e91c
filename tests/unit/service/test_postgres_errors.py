"""Every error of the driver is translated, or known to be our own mistake."""

from __future__ import annotations

import asyncio
import inspect

import asyncpg
import pytest
from asyncpg import exceptions as pg

from service.adapters.postgres.errors import translate, translating
from service.domain.errors import ContactExists, DatabaseUnavailable, InvalidInput, TenantExists, UserExists

# Classes of SQLSTATE that only a wrong statement of ours, or a server set up wrongly, can bring about.
OUR_MISTAKES = {
    "00", "01", "02", "03", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "23", "24",
    "25", "26", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "3F", "42", "44", "55", "72", "F0",
    "HV", "P0", "XX",
}  # fmt: skip

TRANSLATED = {"08", "22", "28", "3D", "40", "53", "54", "57", "58"}


def sql_errors():
    classes = {value for value in vars(pg).values() if inspect.isclass(value)}
    known = [kind for kind in classes if issubclass(kind, asyncpg.PostgresError) and kind.sqlstate]
    return sorted(known, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", sql_errors(), ids=lambda kind: kind.__name__)
def test_every_class_of_sqlstate_has_a_decided_answer(kind):
    group = kind.sqlstate[:2]

    assert group in OUR_MISTAKES | TRANSLATED
    assert group not in TRANSLATED or translate(kind("")) is not None


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (ConnectionRefusedError(), DatabaseUnavailable),
        (FileNotFoundError(), DatabaseUnavailable),
        (TimeoutError(), DatabaseUnavailable),
        (pg.QueryCanceledError(""), DatabaseUnavailable),
        (pg.TooManyConnectionsError(""), DatabaseUnavailable),
        (pg.DeadlockDetectedError(""), DatabaseUnavailable),
        (pg.InvalidCachedStatementError(""), DatabaseUnavailable),
        (pg.ReadOnlySQLTransactionError(""), DatabaseUnavailable),
        (pg.InternalClientError(""), DatabaseUnavailable),
        (pg.CharacterNotInRepertoireError(""), InvalidInput),
        (pg.UntranslatableCharacterError(""), InvalidInput),
        (pg.ForeignKeyViolationError(""), InvalidInput),
        (pg.CheckViolationError(""), InvalidInput),
    ],
)
def test_what_is_foreseen_is_translated(error, ours):
    assert type(translate(error)) is ours


@pytest.mark.parametrize(
    ("constraint", "ours"),
    [
        ("idx_contacts_identity", ContactExists),
        ("idx_users_username", UserExists),
        ("idx_users_email", UserExists),
        ("idx_tenants_slug", TenantExists),
    ],
)
def test_what_is_taken_is_told_by_the_constraint(constraint, ours):
    error = pg.UniqueViolationError("")
    error.constraint_name = constraint

    assert type(translate(error)) is ours


@pytest.mark.parametrize(
    "error",
    [pg.UndefinedTableError(""), pg.PostgresSyntaxError(""), KeyError(), pg.NotNullViolationError("")],
)
def test_our_own_mistakes_pass_as_they_are(error):
    with pytest.raises(type(error)) as caught, translating():
        raise error

    assert caught.value is error


def test_a_misused_connection_is_our_mistake_and_a_closed_one_is_not():
    error = asyncpg.InterfaceError("connection is closed")

    assert translate(error) is None
    assert isinstance(translate(error, is_lost=True), DatabaseUnavailable)


def test_the_cause_is_kept():
    cause = pg.AdminShutdownError("")
    with pytest.raises(DatabaseUnavailable) as caught, translating():
        raise cause

    assert caught.value.__cause__ is cause
    assert caught.value.retry_after_s == 1


def test_cancellation_passes():
    with pytest.raises(asyncio.CancelledError), translating():
        raise asyncio.CancelledError
