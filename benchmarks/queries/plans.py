"""How the server would find the rows: the tree of a plan without costs and names of its making."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import asyncpg

# What decides which rows are read, and how. Costs and widths follow from it.
_KEPT = (
    *("Node Type", "Strategy", "Scan Direction", "Join Type", "Subplan Name", "Parent Relationship"),
    *("Relation Name", "Index Name", "Index Cond", "Recheck Cond", "Filter", "Join Filter"),
    *("Hash Cond", "Merge Cond", "Sort Key", "Presorted Key", "Group Key", "Cache Key"),
)


async def plan_of(connection: asyncpg.Connection, sql: str, arguments: Sequence[object]) -> dict[str, Any]:
    """Node types, relations, indexes and conditions, with the arguments in their places."""
    [row] = await connection.fetch(f"EXPLAIN (FORMAT JSON) {sql}", *arguments)
    return normalised(json.loads(row[0])[0]["Plan"])


def steps_of(plan: dict[str, Any]) -> str:
    """The steps in a line, outermost first."""
    inner = " + ".join(map(steps_of, plan.get("Plans", ())))
    name = " ".join(filter(None, (plan["Node Type"], plan.get("Index Name", plan.get("Relation Name")))))
    return f"{name} ← {inner}" if inner else name


def normalised(node: dict[str, Any]) -> dict[str, Any]:
    kept = {name: _text(node[name]) for name in _KEPT if name in node}
    return kept | ({"Plans": [normalised(inner) for inner in node["Plans"]]} if "Plans" in node else {})


def _text(value: Any) -> Any:
    """A literal of another text type is the same literal."""
    if isinstance(value, list):
        return [_text(part) for part in value]
    return re.sub(r"::character varying\b", "::text", value) if isinstance(value, str) else value
