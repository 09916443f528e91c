"""Every setting, as one frozen value; `service.environment` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from service.domain.refresh_families import FamilyRules

SECRET_FIELDS = frozenset({"database_url", "redis_url", "jwt_keys", "demo_password", "smtp_url"})


class Settings(Struct, frozen=True, kw_only=True):
    """Names are those of the environment variables, in lower case; secrets are never shown by `repr`.

    `jwt_keys` are pairs of key id and secret, of which the first signs and all verify, or a file of keys
    that change while the service runs. `not_in_effect` names variables that are set, and valid, but that
    nothing reads yet.
    """

    app_host: str = "127.0.0.1"
    app_port: int = 8000
    app_env: Literal["development", "production"] = "development"
    workers: int = 1
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    data_dir: Path = Path("data")
    database_url: str | None = None
    redis_url: str | None = None
    db_connection_budget: int = 80
    jwt_keys: tuple[tuple[str, str], ...] | Path = ()
    max_age_s: int = 604_800
    access_token_ttl_s: int = 3600
    session_max_age_s: int = 30 * 86_400
    refresh_idle_s: int = 14 * 86_400
    refresh_grace_s: int = 10
    cors_allowed_origins: tuple[str, ...] = ()
    cors_allow_credentials: bool = False
    trusted_proxies: tuple[str, ...] = ()
    rate_limit_global_per_minute: int = 1000
    rate_limit_tenant_per_minute: int = 500
    rate_limit_auth_per_minute: int = 10
    rate_limit_burst_per_second: int = 50
    import_max_bytes: int = 32 * 1024 * 1024
    default_phone_region: str = "US"
    demo_password: str | None = None
    smtp_url: str | None = None
    mail_from: str = "chainbook <no-reply@localhost>"
    public_url: str = "http://localhost:8000"
    not_in_effect: tuple[str, ...] = ()

    @property
    def family_rules(self) -> FamilyRules:
        return FamilyRules(
            session_s=self.session_max_age_s, idle_s=self.refresh_idle_s, grace_s=self.refresh_grace_s
        )

    def __repr__(self) -> str:
        shown = (f"{name}={_masked(name, value)}" for name, value in asdict(self).items())
        return f"Settings({', '.join(shown)})"


def _masked(name: str, value: object) -> str:
    return "***" if value and name in SECRET_FIELDS else repr(value)
