"""Every setting, read once from the environment into one frozen value."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True):
    """Names are those of the environment variables, in lower case; secrets are never shown by `repr`."""

    app_host: str = "127.0.0.1"
    app_port: int = 8000
    app_env: Literal["development", "production"] = "development"
    workers: int = 1
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    data_dir: Path = Path("data")
    database_url: str | None = None
    redis_url: str | None = None
    db_connection_budget: int = 80
    jwt_keys: tuple[tuple[str, str], ...] = ()
    max_age_s: int = 604_800
    access_token_ttl_s: int = 604_800
    cors_allowed_origins: tuple[str, ...] = ()
    cors_allow_credentials: bool = False
    trusted_proxies: tuple[str, ...] = ()
    import_max_bytes: int = 32 * 1024 * 1024
    default_phone_region: str = "US"
    demo_password: str | None = None
