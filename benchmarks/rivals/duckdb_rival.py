"""DuckDB in memory, with as many threads as it likes; its tables are filled before the clock starts."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np


def join(inputs: Any) -> tuple[Any, Any]:
    """In no order."""
    database = inputs.once("DuckDB tables", lambda: _filled(inputs))
    found = database.sql(
        "SELECT l.row AS l, r.row AS r FROM left_keys l JOIN right_keys r USING (key)"
    ).fetchnumpy()
    return found["l"], found["r"]


def _filled(inputs: Any) -> Any:
    database = duckdb.connect(":memory:")
    for side in ("left", "right"):
        given = {"key": inputs[side], "row": np.arange(len(inputs[side]))}
        database.register("given", given)
        database.table("given").create(f"{side}_keys")
        database.unregister("given")
    return database
