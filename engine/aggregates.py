"""What is to be computed over all items of a group: frozen values, which whoever groups makes true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from engine.nodes import Node, rendered
from engine.postfix import Flat, flat_of, tree_of

How: TypeAlias = Literal["sum", "min", "max", "mean", "count", "any", "all", "first", "last", "list", "set"]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value made of many: `how` says from what `of` is for each item, and how they meet.

    >>> from engine.expr import it
    >>> (it["price"] * it["quantity"]).sum()
    (it['price'] * it['quantity']).sum()
    """

    how: How
    of: Node

    def __repr__(self) -> str:
        text = rendered(self.of)
        return f"({text}).{self.how}()" if " " in text else f"{text}.{self.how}()"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.how, flat_of(self.of)))


def _rebuilt(how: How, flat: Flat) -> Aggregate:
    return Aggregate(how, tree_of(flat))
