"""The short table of README.md, from the raw figures of a run."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.ratios import best_of_kind, ratio
from benchmarks.tables import Line, figure


@dataclass(frozen=True)
class Row:
    """One line of the table: questions that are told together, with the words they are told by."""

    title: str
    questions: tuple[str, ...]


ROWS = (
    Row(
        "chunk_by, objects / int64", ("chunk_by objects, text keys, eager", "run boundaries column, int64")
    ),
    Row("chunk_by, objects, lazy", ("chunk_by objects, text keys, lazy",)),
    Row(
        "group_by, 50,000 / 100 groups",
        ("group_by objects, text keys, 50,000 groups", "group_by objects, text keys, 100 groups"),
    ),
    Row(
        "kmerge of 8, records / floats / int64",
        ("kmerge objects, records, k=8", "kmerge objects, floats, k=8", "kmerge column, k=8"),
    ),
    Row(
        "join, text keys / int keys / int64",
        ("join objects, text keys", "join objects, int keys", "join column, random keys"),
    ),
    Row("chain of expressions / of lambdas", ("chain of expressions", "chain of lambdas")),
)
HEAD = "| | × loop | × best rival |\n|---|---:|---|"


def render_readme_table(lines: list[Line]) -> str:
    """The rows that were measured, each question at its largest size; above 1 the engine is faster."""
    largest = {line["question"]: line for line in sorted(lines, key=lambda line: line["size"])}
    rows = [_row(row, largest) for row in ROWS if all(name in largest for name in row.questions)]
    return "\n".join([HEAD, *rows])


def _row(row: Row, lines: dict[str, Line]) -> str:
    told = [_told(lines[name]) for name in row.questions]
    loops, rivals = (" / ".join(cells) for cells in zip(*told, strict=True))
    return f"| {row.title} | {loops} | {rivals} |"


def _told(line: Line) -> tuple[str, str]:
    entries = line["contenders"]
    mine = entries[best_of_kind(entries, "engine", "")]
    loop, rival = best_of_kind(entries, "loop", ""), best_of_kind(entries, "rival", "")
    return (
        figure(ratio(entries[loop], mine)) if loop else "–",
        f"{figure(ratio(entries[rival], mine))} ({rival})" if rival else "–",
    )
