"""Which limits a request is counted against, and for whom."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from service.domain.identity import TenantId
from service.domain.limits import Charge, Limit

# Wrong passwords: for one account from one address, and for one account from everywhere. Many addresses can
# so keep an account from its owner for a while, but not guess its password.
LOGIN_FROM_ADDRESS = Limit("login_from_address", "window", 10, 900)
LOGIN_TO_ACCOUNT = Limit("login_to_account", "window", 100, 900)

# Mails that anybody can have sent to somebody else.
MAILS_TO_ACCOUNT = Limit("mails_to_account", "window", 5, 3600)


class Caller(Struct, frozen=True):
    """Where a request comes from, and whether it asks to be let in: such are counted apart."""

    address: str = ""
    is_authenticating: bool = False


class RequestLimits(Struct, frozen=True):
    """`per_address`: every request; `per_tenant`: those with a token; `authentication`: to get one."""

    per_address: tuple[Limit, ...] = ()
    per_tenant: tuple[Limit, ...] = ()
    authentication: tuple[Limit, ...] = ()


NO_LIMITS = RequestLimits()


def request_limits(
    *, global_per_minute: int, tenant_per_minute: int, auth_per_minute: int, burst_per_second: int
) -> RequestLimits:
    """Those of the settings; 0 is no limit."""
    return RequestLimits(
        per_address=_set(
            Limit("global", "window", global_per_minute, 60), Limit("burst", "bucket", burst_per_second, 1)
        ),
        per_tenant=_set(Limit("tenant", "fixed", tenant_per_minute, 60)),
        authentication=_set(Limit("authentication", "fixed", auth_per_minute, 60)),
    )


def charges_for(
    limits: RequestLimits, caller: Caller, tenant: TenantId | None = None
) -> tuple[Charge, ...]:
    """What one request is counted against."""
    by_address = limits.per_address + (limits.authentication if caller.is_authenticating else ())
    return (
        *(Charge(limit, caller.address) for limit in by_address),
        *(Charge(limit, str(tenant)) for limit in limits.per_tenant if tenant is not None),
    )


def login_charges(tenant: TenantId, name: str, address: str) -> tuple[Charge, Charge]:
    """What a login is counted against: the pair of account and address, and the account.

    Names that nobody has count as those do that somebody has.
    """
    account = _hide(tenant, name)
    return Charge(LOGIN_FROM_ADDRESS, f"{account}:{address}"), Charge(LOGIN_TO_ACCOUNT, account)


def failed_logins(tenant: TenantId, name: str) -> Charge:
    """What wrong passwords for the account were counted against, from everywhere."""
    return login_charges(tenant, name, "")[1]


def mail_charge(tenant: TenantId, email: str) -> Charge:
    """What a mail that was not asked for by its reader for certain is counted against."""
    return Charge(MAILS_TO_ACCOUNT, _hide(tenant, email))


def _hide(tenant: TenantId, name: str) -> str:
    """People's names are not to be read where limits are counted."""
    return hashlib.sha256(f"{tenant}:{name.strip().lower()}".encode()).hexdigest()[:32]


def _set(*limits: Limit) -> tuple[Limit, ...]:
    return tuple(limit for limit in limits if limit.count)
