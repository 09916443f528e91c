"""From settings to a running coroutine, and from its failures to a sentence and an exit code."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import click
import msgspec
import structlog
import uvloop

from engine.result import Err
from service import bootstrap
from service.adapters.embedded import EmbeddedError, start_or_join
from service.adapters.telemetry import configure_logging
from service.application.world import World
from service.domain.errors import ServiceError
from service.environment import read_settings
from service.settings import Settings

T = TypeVar("T")

WRONG_SETTINGS = 2
STOPPED = 130


def run(act: Callable[[Settings], Awaitable[T]]) -> T:
    """Run with the settings of the environment; end the program, with the reason, when it can not."""
    settings = load_settings()
    configure_logging(settings.log_level, is_terminal=sys.stderr.isatty())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            return runner.run(_until_signalled(act(settings)))
        except asyncio.CancelledError:
            raise SystemExit(STOPPED) from None
        except ServiceError as error:
            raise click.ClickException(_text_of(error)) from error
        except OSError as error:
            raise click.ClickException(_text_of_system(error, settings)) from error
        except EmbeddedError as error:
            raise click.ClickException(str(error)) from error


def load_settings() -> Settings:
    result = read_settings(os.environ)
    if isinstance(result, Err):
        click.echo("chainbook can not start with these settings:", err=True)
        for problem in result.error:
            click.echo(f"  {problem}", err=True)
        raise SystemExit(WRONG_SETTINGS)
    return result.value


def warn_of_settings_without_effect(settings: Settings) -> None:
    if settings.not_in_effect:
        structlog.get_logger("chainbook").warning(
            "settings not yet in effect", names=settings.not_in_effect
        )


@asynccontextmanager
async def operator_world(settings: Settings) -> AsyncIterator[tuple[World, Settings]]:
    """For one command: beside a running service, or on servers started for it. Databases are up to date."""
    async with start_or_join(settings) as servers:
        complete = bootstrap.complete_settings(settings, servers)
        await bootstrap.migrate_databases(complete)
        async with bootstrap.open_world(complete) as world:
            yield world, complete


def echo_json(value: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


async def _until_signalled(work: Awaitable[T]) -> T:
    """The first Ctrl-C or SIGTERM cancels the work, which then ends in order; later ones change nothing."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _Once(task.cancel))
    return await task


class _Once:
    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act

    def __call__(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


def _text_of_system(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {settings.app_port} of {settings.app_host} is taken by another program: "
            "set APP_PORT to another one, or to 0 for any that is free"
        )
    return str(error)


def _text_of(error: ServiceError) -> str:
    lines = [f"{field}: {text}" for field, texts in error.problems.items() for text in texts]
    said = error.title if lines else error.detail
    return "\n  ".join([f"{said} ({error.code})", *lines])
