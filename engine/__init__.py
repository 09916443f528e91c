"""Chains of pure functions over a compiled iterator engine. Values in, values out: no clock, no chance."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.aggregates import Aggregate
from engine.chain import Chain
from engine.expr import Expr, fn, it
from engine.functions import chunk_by, group_by, join, kmerge, par_map
from engine.result import Err, Ok, Result, collect_results, combine, combine_all
from engine.sides import Aligned, Both, Left, Right
from engine.summary import Stats

if TYPE_CHECKING:
    from engine.arguments import curry, flip, partial
    from engine.blame import Blame, Fault, classify
    from engine.columns import kmerge_index
    from engine.columns.column import Column
    from engine.columns.evaluation import evaluate
    from engine.columns.frame import Frame
    from engine.composed import stages_of
    from engine.composition import compose, cond, const, identity, parallel, pipeline, recurse, when
    from engine.edits import Edit
    from engine.errors import PurityError
    from engine.histories import Delta, History, Versioned
    from engine.option import Nothing, Option, Some, collect_options, option_of
    from engine.persistent import PMap, PSet, PVector
    from engine.phases import Event, Phase
    from engine.plain import freeze, thaw
    from engine.registry import Level, Registry, Verdict, verdict_of
    from engine.saved import load_history, save_history
    from engine.state import Change, Store, Transition, replacing, transition
    from engine.threads import Pool
    from engine.validation import Issue, Rejected, Validator

__all__ = [
    "Aggregate",
    "Aligned",
    "Blame",
    "Both",
    "Chain",
    "Change",
    "Column",
    "Delta",
    "Edit",
    "Err",
    "Event",
    "Expr",
    "Fault",
    "Frame",
    "History",
    "Issue",
    "Left",
    "Level",
    "Nothing",
    "Ok",
    "Option",
    "PMap",
    "PSet",
    "PVector",
    "Phase",
    "Pool",
    "PurityError",
    "Registry",
    "Rejected",
    "Result",
    "Right",
    "Some",
    "Stats",
    "Store",
    "Transition",
    "Validator",
    "Verdict",
    "Versioned",
    "chunk_by",
    "classify",
    "collect_options",
    "collect_results",
    "combine",
    "combine_all",
    "compose",
    "cond",
    "const",
    "curry",
    "evaluate",
    "flip",
    "fn",
    "freeze",
    "group_by",
    "identity",
    "it",
    "join",
    "kmerge",
    "kmerge_index",
    "load_history",
    "option_of",
    "par_map",
    "parallel",
    "partial",
    "pipeline",
    "recurse",
    "replacing",
    "save_history",
    "stages_of",
    "thaw",
    "transition",
    "verdict_of",
    "when",
]

# Loaded when they are first asked for: most programs that import the engine use none of them.
_LATER = {
    "PurityError": "engine.errors",
    **dict.fromkeys(("curry", "flip", "partial"), "engine.arguments"),
    **dict.fromkeys(("Blame", "Fault", "classify"), "engine.blame"),
    "Column": "engine.columns.column",
    "evaluate": "engine.columns.evaluation",
    "Frame": "engine.columns.frame",
    "kmerge_index": "engine.columns",
    "stages_of": "engine.composed",
    **dict.fromkeys(
        ("compose", "cond", "const", "identity", "parallel", "pipeline", "recurse", "when"),
        "engine.composition",
    ),
    **dict.fromkeys(("Level", "Registry", "Verdict", "verdict_of"), "engine.registry"),
    **dict.fromkeys(("Nothing", "Option", "Some", "collect_options", "option_of"), "engine.option"),
    **dict.fromkeys(("Issue", "Rejected", "Validator"), "engine.validation"),
    "Edit": "engine.edits",
    **dict.fromkeys(("Delta", "History", "Versioned"), "engine.histories"),
    **dict.fromkeys(("PMap", "PSet", "PVector"), "engine.persistent"),
    **dict.fromkeys(("Event", "Phase"), "engine.phases"),
    **dict.fromkeys(("freeze", "thaw"), "engine.plain"),
    **dict.fromkeys(("load_history", "save_history"), "engine.saved"),
    **dict.fromkeys(("Change", "Store", "Transition", "replacing", "transition"), "engine.state"),
    "Pool": "engine.threads",
}


if not TYPE_CHECKING:  # a checker would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name not in _LATER:
            raise AttributeError(f"module 'engine' has no attribute {name!r}")
        return getattr(import_module(_LATER[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
