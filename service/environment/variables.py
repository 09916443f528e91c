"""The environment variables: what each means, takes and defaults to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from service.environment import parsers as parse


class Variable(Struct, frozen=True):
    """`field` is the one of Settings it fills; None when nothing reads it yet."""

    name: str
    field: str | None
    parse: Callable[[str], object]
    expected: str
    help: str
    is_secret: bool = False


NOT_YET = "not yet in effect"
LONGEST_LIFE_S = 10 * 365 * 86_400

VARIABLES: tuple[Variable, ...] = (
    Variable("APP_HOST", "app_host", parse.parse_text, "a host name or address", "where to listen"),
    Variable("APP_PORT", "app_port", parse.whole(0, 65_535), "0 to 65535", "port; 0 takes a free one"),
    Variable(
        *("APP_ENV", "app_env", parse.one_of("development", "production"), "development or production"),
        "production refuses to start without a JWT secret of its own",
    ),
    Variable("WORKERS", "workers", parse.whole(1, 256), "1 to 256", "processes that share the port"),
    Variable(
        *("LOG_LEVEL", "log_level", parse.one_of("debug", "info", "warning", "error")),
        *("debug, info, warning or error", "least level that is logged"),
    ),
    Variable("DATA_DIR", "data_dir", Path, "a path", "data of the embedded servers, generated secrets"),
    Variable(
        *("DATABASE_URL", "database_url", parse.url_of("postgresql", "postgres"), "postgresql://…"),
        "PostgreSQL of yours, instead of the embedded one",
        is_secret=True,
    ),
    Variable(
        *(
            "REDIS_URL",
            "redis_url",
            parse.url_of("redis", "rediss", "unix"),
            "redis://…, rediss://… or unix://…",
        ),
        "Redis or Valkey of yours, instead of the embedded one",
        is_secret=True,
    ),
    Variable(
        *("DB_CONNECTION_BUDGET", "db_connection_budget", parse.whole(2, 10_000), "2 to 10000"),
        "PostgreSQL connections over all tenants",
    ),
    Variable(
        *("JWT_SECRET", "jwt_keys", parse.parse_key, "a secret"),
        "signs tokens, 32 bytes or more; in development one is made and kept in DATA_DIR",
        is_secret=True,
    ),
    Variable(
        *("JWT_KEYS", "jwt_keys", parse.parse_keys_or_path),
        *("/path/to/keys.json, or kid:secret,kid2:secret2 with different kids",),
        "a file of keys for `chainbook keys`; or secrets: the first signs, all verify",
        is_secret=True,
    ),
    Variable(
        *("MAX_AGE", "max_age_s", parse.whole(1, LONGEST_LIFE_S), "1 or more seconds"),
        "life of a token of API v1, in seconds; its session lives as long at least",
    ),
    Variable(
        *("ACCESS_TOKEN_TTL_S", "access_token_ttl_s", parse.whole(1, LONGEST_LIFE_S), "1 or more seconds"),
        "life of a token of API v2, in seconds",
    ),
    Variable(
        *("SESSION_MAX_AGE_S", "session_max_age_s", parse.whole(1, LONGEST_LIFE_S), "1 or more seconds"),
        "after this a session ends, however often it was refreshed",
    ),
    Variable(
        *("REFRESH_IDLE_S", "refresh_idle_s", parse.whole(1, LONGEST_LIFE_S), "1 or more seconds"),
        "life of a refresh token that is not used",
    ),
    Variable(
        *("REFRESH_GRACE_S", "refresh_grace_s", parse.whole(0, 300), "0 to 300 seconds"),
        "how long a refresh token may be used again, by tabs that wake up together",
    ),
    Variable(
        *("CORS_ALLOWED_ORIGINS", "cors_allowed_origins", parse.parse_origins),
        *("https://host,https://host2:port or *", "web pages that may call"),
    ),
    Variable(
        *("CORS_ALLOW_CREDENTIALS", "cors_allow_credentials", parse.parse_bool),
        *("true or false", "whether those pages may send credentials"),
    ),
    Variable(
        *("TRUSTED_PROXIES", "trusted_proxies", parse.parse_networks, "networks such as 10.0.0.0/8,::1"),
        "whose X-Forwarded-For is believed",
    ),
    Variable(
        *("IMPORT_MAX_BYTES", "import_max_bytes", parse.whole(1), "1 or more bytes"),
        "largest file imported",
    ),
    Variable(
        *("DEFAULT_PHONE_REGION", "default_phone_region", parse.parse_region, "two letters, such as US"),
        "country of phone numbers without a country code",
    ),
    Variable(
        *("DEMO_PASSWORD", "demo_password", parse.at_least(8), "at least 8 characters"),
        "for all demo users, instead of random ones",
        is_secret=True,
    ),
    *(
        Variable(f"RATE_LIMIT_{name}", f"rate_limit_{name.lower()}", parse.whole(0), "0 or more", counted)
        for name, counted in (
            ("GLOBAL_PER_MINUTE", "requests of one address in any minute; 0: no limit"),
            ("TENANT_PER_MINUTE", "requests of one tenant in each minute; 0: no limit"),
            ("AUTH_PER_MINUTE", "logins and refreshes of one address in each minute; 0: no limit"),
            ("BURST_PER_SECOND", "requests of one address at once, and a second; 0: no limit"),
        )
    ),
    Variable(
        *("SMTP_URL", "smtp_url", parse.url_of("smtp", "smtps"), "smtp://… or smtps://…"),
        "server for mails; without one they are put into DATA_DIR/mail",
        is_secret=True,
    ),
    Variable("MAIL_FROM", "mail_from", parse.parse_text, "an e-mail address", "who mails are from"),
    Variable(
        *("PUBLIC_URL", "public_url", parse.url_of("http", "https"), "https://…"),
        "address of the web client, for the links in mails",
    ),
    Variable("FIELD_ENCRYPTION_KEYS", None, parse.parse_keys, "kid:secret,…", NOT_YET, is_secret=True),
    Variable("OTEL_EXPORTER_OTLP_ENDPOINT", None, parse.url_of("http", "https"), "http://…", NOT_YET),
    Variable("OTEL_SERVICE_NAME", None, parse.parse_text, "a name", NOT_YET),
)
