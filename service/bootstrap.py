"""The one place that picks adapters: settings -> servers, a world, an application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import msgspec
from aiohttp import web

from service.adapters import embedded
from service.adapters.clock import utc_now
from service.adapters.errands import Errands
from service.adapters.ids import Uuid7Source
from service.adapters.key_files import KeyFile, make_key_file
from service.adapters.mail import FolderMailer, SmtpMailer
from service.adapters.password_meter import ZxcvbnMeter
from service.adapters.passwords import BcryptHasher
from service.adapters.postgres import MigrationReport, Migrator, PostgresServer
from service.adapters.redis import CacheClient, RedisConfigurationCache, RedisLimiter, RedisSessionCache
from service.adapters.seals import HmacSeal
from service.adapters.tokens import JwtSigner, KeyRing, secret_keys
from service.application.account_ports import Mailer
from service.application.configuration_states import TenantConfigurations
from service.application.world import World
from service.domain.mails import LinkPage
from service.domain.request_limits import request_limits
from service.domain.signing_keys import SigningKey
from service.domain.tenant_settings import settings_table
from service.settings import Settings
from service.web.app import create_app

DEVELOPMENT_KEY = "development"
# Another number when what a cursor holds changes its meaning: the older ones are refused then.
CURSORS = "chainbook cursors 1"


def complete_settings(settings: Settings, servers: embedded.Servers) -> Settings:
    """The settings with nothing left open: where the servers are, and what signs tokens."""
    return msgspec.structs.replace(
        settings,
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        jwt_keys=settings.jwt_keys or development_key_file(settings),
    )


def development_key_file(settings: Settings) -> Path:
    """Made when there is none. The secret of earlier versions goes on verifying: nobody is signed out."""
    path = settings.data_dir / "jwt-keys.json"
    earlier = settings.data_dir / "jwt-secret"
    held = (
        (SigningKey(DEVELOPMENT_KEY, "HS256", "previous", utc_now(), earlier.read_text()),)
        if earlier.exists()
        else ()
    )
    make_key_file(path, utc_now(), held=held)
    return path


@asynccontextmanager
async def open_world(settings: Settings) -> AsyncIterator[World]:
    """All that the use cases can reach, from completed settings."""
    new_id = Uuid7Source()
    hasher = BcryptHasher()
    meter = ZxcvbnMeter()
    errands = Errands()
    cache = CacheClient.open(settings.redis_url or "")
    keys = _open_keys(settings.jwt_keys)
    sessions = RedisSessionCache(cache, clock=utc_now)
    postgres = _open_postgres(settings, new_id)
    try:
        yield World(
            catalogue=postgres.catalogue,
            databases=postgres.databases,
            configurations=TenantConfigurations(
                postgres.configurations,
                RedisConfigurationCache(cache),
                settings_table(
                    phone_region=settings.default_phone_region, import_max_bytes=settings.import_max_bytes
                ),
                clock=utc_now,
                elapsed_s=monotonic,
            ),
            session_cache=sessions,
            limiter=RedisLimiter(cache, sessions),
            limits=request_limits(
                global_per_minute=settings.rate_limit_global_per_minute,
                tenant_per_minute=settings.rate_limit_tenant_per_minute,
                auth_per_minute=settings.rate_limit_auth_per_minute,
                burst_per_second=settings.rate_limit_burst_per_second,
            ),
            hasher=hasher,
            meter=meter,
            mailer=_open_mailer(settings),
            errands=errands,
            pages=LinkPage(settings.public_url),
            tokens=JwtSigner(keys, clock=utc_now),
            cursors=HmacSeal(lambda: keys().materials, CURSORS),
            clock=utc_now,
            new_id=new_id,
            health_checks=(postgres.health_check, cache.health_check),
        )
    finally:
        await errands.close()
        await postgres.close()
        await cache.close()
        hasher.close()
        meter.close()


@asynccontextmanager
async def open_migrator(settings: Settings) -> AsyncIterator[Migrator]:
    """What takes the databases to this version, from completed settings."""
    postgres = _open_postgres(settings, Uuid7Source())
    try:
        yield postgres.migrator
    finally:
        await postgres.close()


async def migrate_databases(settings: Settings) -> MigrationReport:
    """Everything to the version of this program."""
    async with open_migrator(settings) as migrator:
        return await migrator.up()


def make_application(world: World, settings: Settings) -> web.Application:
    return create_app(world, settings)


def _open_mailer(settings: Settings) -> Mailer:
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return FolderMailer(settings.data_dir / "mail", settings.mail_from)


def _open_keys(keys: tuple[tuple[str, str], ...] | Path) -> Callable[[], KeyRing]:
    return KeyFile(keys) if isinstance(keys, Path) else secret_keys(keys)


def _open_postgres(settings: Settings, new_id: Uuid7Source) -> PostgresServer:
    return PostgresServer.open(
        settings.database_url or "", budget=settings.db_connection_budget, clock=utc_now, new_id=new_id
    )
