"""What does it cost to collect records by a key, whatever their order?"""

from __future__ import annotations

from functools import partial

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import loops, toolz

QUESTIONS = tuple(
    Question(
        f"group_by objects, {groups} groups",
        f"records by tenant, {groups} of them, as a dict of lists",
        partial(data.records, groups=groups),
        (
            Contender("engine", "engine", lambda records: engine.group_by(records, "tenant").to_dict()),
            Contender("loop", "loop", loops.group_by),
            Contender("cytoolz.groupby", "rival", toolz.groupby),
        ),
        dict,
    )
    for groups in (100, 5000)
)
