"""What does it cost to collect records by a key, whatever their order?"""

from __future__ import annotations

from functools import partial

import engine
from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from benchmarks.rivals import (
    cytoolz_rival,
    loops,
    more_itertools_rival,
    pyfunctional_rival,
    standard_library,
)

BARRED_SIZE = (1_000_000,)
BARS = {50_000: (2.5, 2.0), 100: (1.2, 1.0)}
KEYS = {"text": True, "int": False}

CONTENDERS = (
    Contender("engine", "engine", lambda records: engine.group_by(records, "tenant").to_dict()),
    Contender("loop", "loop", loops.group_by),
    Contender("cytoolz.groupby", "rival", cytoolz_rival.groupby),
    Contender("collections.defaultdict", "rival", standard_library.defaultdict_groups),
    Contender("more_itertools.map_reduce", "rival", more_itertools_rival.map_reduce),
    Contender("PyFunctional group_by", "rival", pyfunctional_rival.group_by),
)

QUESTIONS = tuple(
    Question(
        f"group_by objects, {kind} keys, {groups:,} groups",
        f"records by tenant, {groups:,} of them in no order, as a dict of lists",
        partial(data.records, groups=groups, has_text_keys=has_text_keys),
        CONTENDERS,
        (
            Ratio("loop", loop, ("loop",), sizes=BARRED_SIZE),
            Ratio("cytoolz.groupby", rival, ("cytoolz.groupby",), sizes=BARRED_SIZE),
        ),
        comparable=dict,
    )
    for kind, has_text_keys in KEYS.items()
    for groups, (loop, rival) in BARS.items()
)
