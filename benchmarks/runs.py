"""Raw figures of several runs as those of one."""

from __future__ import annotations

from typing import Any


def merge(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """One run with the lines of all.

    Raises:
        ValueError: they were measured on different machines, versions, commits or days.
    """
    first, *others = runs
    for other in others:
        if other["machine"] != first["machine"]:
            raise ValueError(f"machine must be {first['machine']} in all runs, got {other['machine']}")
    return {"machine": first["machine"], "lines": [line for run in runs for line in run["lines"]]}
