"""Keeps one server program running: starts it, waits until it is ready, restarts it, stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import structlog

from service.adapters.embedded.account import Account
from service.adapters.embedded.errors import ServerStartFailed

LAUNCHER = Path(__file__).with_name("launch.py")
READY_WITHIN_S = 60.0  # recovery after a crash replays the log first
STOP_WITHIN_S = 30.0
FIRST_ATTEMPTS = 3
ATTEMPTS = 6
FIRST_PAUSE_S = 0.1  # doubled after each failure: six attempts take 3 s
STEADY_AFTER_S = 60.0
LARGEST_LOG_BYTES = 8 * 1024 * 1024

# The servers see nothing of our environment: it holds secrets, and words that would steer them.
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

log = structlog.get_logger("chainbook.supervisor")


@dataclass(frozen=True, slots=True)
class ServerProgram:
    """What to run, and how to know that it answers. Without a log file it writes where we do."""

    name: str
    command: tuple[str, ...]
    directory: Path
    log_file: Path | None
    stop_signal: signal.Signals
    clear_left_over: Callable[[], Awaitable[None]]
    is_ready: Callable[[int], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=SERVER_ENVIRONMENT.copy, repr=False)


class SupervisedServer:
    """One running program; `failed` is set when it could not be kept running."""

    def __init__(self, program: ServerProgram, account: Account | None) -> None:
        self.failed = asyncio.Event()
        self._program = program
        self._account = account
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._log = log.bind(server=program.name)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Return when it answers. Raises ServerStartFailed with the end of its log."""
        await self._launch_patiently(attempts=FIRST_ATTEMPTS)
        self._watch = asyncio.create_task(self._keep_running(), name=f"watch {self._program.name}")

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        await self._end_process()

    async def _keep_running(self) -> None:
        attempts = ATTEMPTS
        while self._process is not None:
            started_at = asyncio.get_running_loop().time()
            code = await self._process.wait()
            is_steady = asyncio.get_running_loop().time() - started_at > STEADY_AFTER_S
            attempts = ATTEMPTS if is_steady else attempts - 1
            self._log.error("server ended by itself, restarting it", exit_code=code, attempts_left=attempts)
            try:
                await self._launch_patiently(attempts)
            except ServerStartFailed as error:
                self._log.critical("server can not be kept running", reason=str(error))
                self.failed.set()
                return
            self._log.info("server is back", pid=self.pid)

    async def _launch_patiently(self, attempts: int) -> None:
        for attempt in range(attempts):
            try:
                return await self._launch()
            except ServerStartFailed as error:
                failure = error
                self._log.warning("server did not start", attempt=attempt + 1)
                await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
        raise failure if attempts > 0 else ServerStartFailed(f"{self._program.name} ends again and again")

    async def _launch(self) -> None:
        await self._program.clear_left_over()
        self._process = await spawn(
            self._program.command,
            self._account,
            directory=self._program.directory,
            log_file=self._program.log_file,
            death_signal=self._program.stop_signal,
            environment=self._program.environment,
        )
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await self._wait_until_ready(self._process)
        except TimeoutError:
            await self._end_process()
            raise ServerStartFailed(
                f"{self._program.name} was not ready in {READY_WITHIN_S:.0f} s"
            ) from None

    async def _wait_until_ready(self, process: Process) -> None:
        while not await self._program.is_ready(process.pid):
            if process.returncode is not None:
                raise ServerStartFailed(
                    f"{self._program.name} ended with code {process.returncode} while starting; "
                    f"its log ends:\n{end_of(self._program.log_file)}"
                )
            await asyncio.sleep(0.01)

    async def _end_process(self) -> None:
        process = self._process
        if process is None:
            return
        for number in (self._program.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            if process.returncode is not None:
                return
            process.send_signal(number)
            try:
                async with asyncio.timeout(STOP_WITHIN_S):
                    await process.wait()
            except TimeoutError:
                self._log.warning("server does not stop", after=number.name)


async def spawn(
    command: tuple[str, ...],
    account: Account | None,
    *,
    directory: Path,
    log_file: Path | None,
    death_signal: signal.Signals,
    environment: Mapping[str, str] = SERVER_ENVIRONMENT,
) -> Process:
    """Start a program in a session of its own: Ctrl-C in the terminal is for the service alone."""
    who = f"{account.uid}:{account.gid}" if account else ""
    arguments = (str(os.getpid()), str(int(death_signal)), who, *command)
    with open_log(log_file) as file:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(LAUNCHER), *arguments),
            cwd=directory,
            stdin=DEVNULL,
            stdout=file,
            stderr=file,
            env=environment,
            start_new_session=True,
        )


@contextmanager
def open_log(log_file: Path | None) -> Iterator[BinaryIO | None]:
    if log_file is None:
        yield None
        return
    if log_file.exists() and log_file.stat().st_size > LARGEST_LOG_BYTES:
        log_file.replace(log_file.with_suffix(".log.1"))
    with log_file.open("ab") as file:
        yield file


def end_of(log_file: Path | None, lines: int = 10) -> str:
    return (
        "\n".join(log_file.read_text(errors="replace").splitlines()[-lines:]) if log_file else "see above"
    )
