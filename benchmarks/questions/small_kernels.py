"""How long does each kernel take on ten thousand records, what a page or a file of people has?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks import data
from benchmarks.question import Contender, Limit, Question
from benchmarks.rivals import loops, more_itertools_rival, standard_library
from engine import Chain, chunk_by, group_by, join, kmerge

SIZE = 10_000
MOST_S = 0.005
PARTS = 8


def _make_data(size: int) -> dict[str, Any]:
    return {
        "records": data.records(size, groups=100),
        "runs": data.records_in_runs(size, mean_length=5),
        "parts": data.sorted_record_parts(size, parts=PARTS),
        "sides": data.join_sides(size),
    }


def _job(name: str, part: str, engine_way: Any, plain_name: str, plain_way: Any) -> tuple[Contender, ...]:
    mine = Contender(name, "engine", lambda made: engine_way(made[part]), job=name)
    return mine, replace(mine, name=plain_name, kind="rival", run=lambda made: plain_way(made[part]))


JOBS = (
    _job(
        "chunk_by",
        "runs",
        lambda records: chunk_by(records, "tenant").collect(),
        "loop of runs",
        loops.chunk_by,
    ),
    _job(
        "group_by",
        "records",
        lambda records: group_by(records, "tenant").collect(),
        "loop with a dict",
        lambda records: list(loops.group_by(records).items()),
    ),
    _job(
        "kmerge",
        "parts",
        lambda parts: kmerge(*parts, key="name").collect(),
        "heapq.merge",
        standard_library.heapq_merge_by_name,
    ),
    _job(
        "join",
        "sides",
        lambda sides: join(*sides, on="name").collect(),
        "loop with a dict of partners",
        partial(loops.join, on="name"),
    ),
    _job(
        "sort",
        "records",
        lambda records: Chain(records).sort("name").collect(),
        "sorted",
        standard_library.sorted_by_name,
    ),
    _job(
        "unique",
        "records",
        lambda records: Chain(records).unique("tenant").collect(),
        "more_itertools.unique_everseen",
        more_itertools_rival.unique_everseen,
    ),
    _job(
        "dedup",
        "runs",
        lambda records: Chain(records).dedup("tenant").collect(),
        "more_itertools.unique_justseen",
        more_itertools_rival.unique_justseen,
    ),
    _job(
        "top_k",
        "records",
        lambda records: Chain(records).top_k(10, "score").collect(),
        "heapq.nlargest",
        standard_library.ten_largest_by_score,
    ),
)
CONTENDERS = tuple(contender for job in JOBS for contender in job)
KERNELS = tuple(contender.name for contender in CONTENDERS if contender.kind == "engine")

QUESTIONS = (
    Question(
        "small kernels",
        "each kernel over records by a text field (8 inputs to merge, half as many to join, 10 largest)",
        _make_data,
        CONTENDERS,
        (Limit("any object kernel, the slowest", MOST_S, KERNELS, "median_s", sizes=(SIZE,)),),
        sizes=(SIZE,),
    ),
)
