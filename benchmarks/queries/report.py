"""What came out, as text for a terminal and as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.queries.cases import COLUMNS
from benchmarks.queries.contacts import COUNT, USERS
from benchmarks.queries.measure import Outcome

BUILDING_BAR_S = 50e-6

_PAGE = """# Queries beside SQL by hand

Made by `ci/bench queries --report`, which fails when a plan or an answer of ours differs from that of the
SQL that an expert writes for the same tables. A tenant of {contacts:,} contacts and {users} users on
PostgreSQL {server}; {machine}.

- *Plans* are compared as trees: node types, relations, indexes, conditions, sort and group keys, with the
  arguments in their places.
- *Times* are medians of interleaved rounds of prepared statements, all rows fetched: ours, by hand, their
  ratio. Other work ran on the machine.
- *Building* makes the query from its parts, looks up its SQL, which was compiled before, and puts its
  arguments in order; the bar is {bar:g} µs.

In the texts below `…` stands for all columns of a contact.

{table}
"""
_SECTION = """## {name}

```python
{python}
```

Ours:

```sql
{ours}
```

By hand:

```sql
{by_hand}
```

Both: {plan}
"""


def render_page(outcomes: Sequence[Outcome], server: str, machine: str) -> str:
    page = _PAGE.format(
        contacts=COUNT,
        users=USERS,
        server=server,
        machine=machine,
        bar=BUILDING_BAR_S * 1e6,
        table=render_table(outcomes),
    )
    return "\n".join((page, *map(_render_section, outcomes)))


def render_table(outcomes: Sequence[Outcome]) -> str:
    head = "| question | plan | answer | rows | ours ms | by hand ms | ratio | building µs |"
    return "\n".join((head, "|---|---|---|--:|--:|--:|--:|--:|", *map(_render_row, outcomes)))


def render_faults(outcomes: Sequence[Outcome]) -> str:
    """What differs, with the steps of both plans."""
    return "\n".join(
        f"{case.name}: {_word(found.is_same_plan)} plan, {_word(found.is_same_answer)} answer\n"
        f"  ours:    {found.plan}\n  by hand: {found.plan_by_hand}"
        for case, found, *_ in outcomes
        if not (found.is_same_plan and found.is_same_answer)
    )


def _render_row(outcome: Outcome) -> str:
    cells = (
        outcome.case.name,
        _word(outcome.compared.is_same_plan),
        _word(outcome.compared.is_same_answer),
        f"{outcome.compared.rows:,}",
        f"{outcome.ours_s * 1e3:.2f}",
        f"{outcome.by_hand_s * 1e3:.2f}",
        f"{outcome.ours_s / outcome.by_hand_s:.2f}",
        f"{outcome.building_s * 1e6:.1f}" + (" (!)" if outcome.building_s > BUILDING_BAR_S else ""),
    )
    return f"| {' | '.join(cells)} |"


def _render_section(outcome: Outcome) -> str:
    return _SECTION.format(
        name=outcome.case.name[0].upper() + outcome.case.name[1:],
        python=outcome.case.python,
        ours=_shortened(outcome.compared.sql),
        by_hand=_shortened(outcome.case.sql),
        plan=outcome.compared.plan,
    )


def _shortened(sql: str) -> str:
    every = COLUMNS, ", ".join(f"contacts.{name}" for name in COLUMNS.split(", "))
    for columns in every:
        sql = sql.replace(columns, "…")
    return "\n".join(line.rstrip() for line in sql.splitlines())


def _word(is_same: object) -> str:
    return "same" if is_same else "another"
