"""A run as a page: ratios first, then times, and what the choice of data does to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.figures import render_figures

LANES = {"objects": "Objects", "columns": "Columns", "threads": "Threads"}

METHOD = Path(__file__).parent / "method.md"  # how it is measured, and what favours whom


def write_report(folder: Path, run: dict[str, Any]) -> None:
    """README.md and its figures in `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = render_figures(run["lines"])
    for name, picture in figures.items():
        (folder / name).write_text(picture)
    (folder / "README.md").write_text(render_report(run, tuple(figures)))


def render_report(run: dict[str, Any], figures: tuple[str, ...]) -> str:
    """The page; `figures` are the files beside it."""
    lines = run["lines"]
    machine = "\n".join(f"- {name}: {value}" for name, value in run["machine"].items())
    sections = [
        "# Benchmarks",
        "Written by `ci/bench --report`; do not edit.",
        f"## Bars\n\n{tables.render_tally(lines)}.\n\n{tables.render_bars(lines)}",
        *(f"![{name.removesuffix('.svg')}]({name})" for name in figures if name == "ratios.svg"),
        *_of_each_lane("Ratios", lines, tables.render_ratios),
        f"## Machine\n\n{machine}",
        METHOD.read_text().strip(),
        *_of_each_lane("Times and memory", lines, tables.render_times),
        *(f"![{name.removesuffix('.svg')}]({name})" for name in figures if name != "ratios.svg"),
        f"## Questions\n\n{_questions(lines)}",
    ]
    return "\n\n".join(sections) + "\n"


def _of_each_lane(title: str, lines: list[tables.Line], render: Any) -> list[str]:
    sections = []
    for lane, word in LANES.items():
        of_lane = [line for line in lines if line["lane"] == lane]
        if of_lane:
            sections.append(f"## {title}: {word.lower()}\n\n{render(of_lane)}")
    return sections


def _questions(lines: list[tables.Line]) -> str:
    asked = {line["question"]: line["asks"] for line in lines}
    return "\n".join(f"- **{name}**: {asks}" for name, asks in asked.items())
