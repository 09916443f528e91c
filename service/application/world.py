"""All that the use cases can reach outside themselves, in one frozen value made by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Protocol
from uuid import UUID

from service.application.account_ports import Errands, Mailer, PasswordMeter
from service.application.configuration_states import TenantConfigurations
from service.application.ports import (
    Limiter,
    PasswordHasher,
    Seal,
    SessionCache,
    TenantCatalogue,
    TenantDatabases,
    TokenSigner,
)
from service.domain.mails import DEFAULT_PAGES, LinkPage
from service.domain.request_limits import NO_LIMITS, RequestLimits


class HealthCheck(Protocol):
    """One dependency that can be asked whether it answers."""

    @property
    def name(self) -> str:
        """As shown by /health: `database`, `cache`."""
        ...

    @property
    def is_essential(self) -> bool:
        """Whether the service is down without it (503), or only slower (a warning)."""
        ...

    async def check(self) -> None:
        """Returns when it answers; raises when it does not. The caller limits the time."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """Made once, by `service.bootstrap`; tests make their own."""

    catalogue: TenantCatalogue
    databases: TenantDatabases
    configurations: TenantConfigurations
    session_cache: SessionCache
    limiter: Limiter
    hasher: PasswordHasher
    meter: PasswordMeter
    mailer: Mailer
    errands: Errands
    tokens: TokenSigner
    cursors: Seal
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    new_secret: Callable[[], str] = token_urlsafe
    limits: RequestLimits = NO_LIMITS
    pages: LinkPage = DEFAULT_PAGES
    health_checks: tuple[HealthCheck, ...] = ()
