"""Who the servers run as, and what that account can reach.

PostgreSQL refuses to run as root. A root service therefore gives its servers to `nobody`, who can neither
reach a data directory below a private folder nor, often, the programs in the virtual environment:

* data directories are handed over as the working directory, which needs no way in from above;
* programs are used where they are when all can read them, else copied to the runtime directory.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

READ_AND_ENTER = stat.S_IROTH | stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account."""

    uid: int
    gid: int


def find_server_account() -> Account | None:
    """The account that servers are given to; None when the service itself is unprivileged."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def make_private_directory(path: Path, account: Account | None) -> Path:
    """A directory that only the server's account (and root) can enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    give(path, account)
    return path


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def can_all_reach(path: Path) -> bool:
    """Whether every account can enter every folder down to `path`, and read and run what it names."""
    resolved = path.resolve()
    mode = resolved.stat().st_mode
    return mode & READ_AND_ENTER == READ_AND_ENTER and all(
        parent.stat().st_mode & stat.S_IXOTH for parent in resolved.parents
    )


def place_programs(folders: Iterable[Path], program: Path, room: Path, account: Account | None) -> Path:
    """The path by which the server's account can run `program`, which lies in the first of `folders`.

    The folders are copied side by side, because the programs find their libraries by relative paths.
    """
    if account is None or can_all_reach(program):
        return program
    first, *others = [folder for folder in folders if folder.exists()]
    for folder in (first, *others):
        shutil.copytree(folder, room / folder.name, copy_function=_copy_readable)
    return room / first.name / program.relative_to(first)


def _copy_readable(source: str, target: str) -> None:
    shutil.copyfile(source, target)
    Path(target).chmod(0o755 if os.access(source, os.X_OK) else 0o644)
