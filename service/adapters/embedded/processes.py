"""Finding and ending a server that an earlier service left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 20.0


async def end_left_over(pid_file: Path, mark: str, first_signal: signal.Signals) -> None:
    """End the process the file names, if it runs with `mark` in its arguments: first gently."""
    pid = read_pid(pid_file)
    if pid is None or not is_running_with(pid, mark):
        return
    for number in (first_signal, signal.SIGQUIT, signal.SIGKILL):
        os.kill(pid, number)
        if await becomes_true(lambda: not is_running_with(pid, mark), within_s=PATIENCE_S):
            return


def read_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def is_running_with(pid: int, mark: str) -> bool:
    return mark in _arguments_of(pid)


async def becomes_true(is_true: Callable[[], bool], *, within_s: float) -> bool:
    deadline = asyncio.get_running_loop().time() + within_s
    while not is_true():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def _arguments_of(pid: int) -> str:
    """Empty for a process that is gone, and for one that has ended and waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    command = ["/bin/ps", "-ww", "-p", str(pid), "-o", "command="]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603  a number
