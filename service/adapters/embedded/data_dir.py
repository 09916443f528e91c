"""The data directory: one service at a time, and a short-lived companion for sockets and programs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.adapters.embedded.account import Account, can_all_reach
from service.adapters.embedded.errors import DataDirInUse, NoRuntimeDirectory

# sockaddr_un holds 104 bytes on macOS, 108 on Linux; the longest name below is "/postgres/.s.PGSQL.5432".
LONGEST_RUNTIME_PATH = 103 - len("/postgres/.s.PGSQL.5432")


@dataclass(frozen=True, slots=True)
class Home:
    """Where the servers live: lasting data, short-lived sockets and programs, and whose they are.

    Without `is_durable` a crash of the machine may lose everything; a crash of a server loses nothing.
    """

    data_dir: Path
    runtime: Path
    account: Account | None
    is_durable: bool = True

    @property
    def mark(self) -> str:
        return mark_of(self.data_dir)


def mark_of(data_dir: Path) -> str:
    """A short name for this data directory: it is in the arguments of every server that works on it."""
    return "chainbook-" + hashlib.sha256(bytes(data_dir.resolve())).hexdigest()[:10]


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the data directory; the kernel lets go of it however this process ends.

    Raises:
        DataDirInUse: another process holds it.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise DataDirInUse(
                f"the data directory {data_dir} is in use by process {file.read().strip() or '?'}: "
                "stop that service, or set DATA_DIR to another directory"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def runtime_directory(data_dir: Path, account: Account | None) -> Iterator[Path]:
    """A directory with a short path for sockets, which the server's account can reach; gone afterwards.

    Sockets can not live in the data directory: its path may be too long, or closed to that account.

    Raises:
        NoRuntimeDirectory: none of the system's places for temporary files will do.
    """
    mark = mark_of(data_dir)
    parent = _find_place(mark, account)
    for left_over in parent.glob(f"{mark}-*"):
        if left_over.lstat().st_uid == os.geteuid():
            shutil.rmtree(left_over)
    directory = Path(tempfile.mkdtemp(prefix=f"{mark}-", dir=parent))
    if account is not None:
        directory.chmod(0o711)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def _find_place(mark: str, account: Account | None) -> Path:
    wanted = list(dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")))  # noqa: S108  candidates, checked below
    for place in map(Path, wanted):
        if _will_do(place, mark, account):
            return place
    raise NoRuntimeDirectory(
        f"no directory for sockets: {', '.join(wanted)} are too long, read-only, noexec or not open to all"
    )


def _will_do(place: Path, mark: str, account: Account | None) -> bool:
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return False
    if len(bytes(place / f"{mark}-12345678")) > LONGEST_RUNTIME_PATH:
        return False
    # A folder that others can write to must be sticky, or they could replace ours.
    mode = place.stat().st_mode
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        return False
    return account is None or (can_all_reach(place) and not os.statvfs(place).f_flag & os.ST_NOEXEC)
