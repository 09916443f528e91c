"""Where and with what it was measured: a ratio without it says little."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RIVALS = (
    *("more-itertools", "cytoolz", "PyFunctional", "numpy", "polars"),
    *("pyarrow", "numba", "numexpr", "duckdb", "pandas"),
    *("pydantic", "msgspec", "cattrs"),
)


def describe() -> dict[str, str]:
    rivals = ", ".join(f"{rival} {version(rival)}" for rival in RIVALS)
    return hardware() | {
        "rivals": rivals,
        "commit": _commit(),
        "day": datetime.now(UTC).date().isoformat(),
    }


def hardware() -> dict[str, str]:
    """What does not change from commit to commit."""
    return {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}, collector on",
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _commit() -> str:
    asked = ("git", "describe", "--always", "--dirty", "--exclude=*")
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.strip()
