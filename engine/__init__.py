"""Chains of pure functions over a compiled iterator engine. Values in, values out: no clock, no chance."""

from engine.aggregates import Aggregate
from engine.blame import Blame, Fault, classify
from engine.chain import Chain
from engine.expr import Expr, fn, it
from engine.functions import chunk_by, group_by, join, kmerge, kmerge_index, par_map
from engine.option import Nothing, Option, Some, collect_options, option_of
from engine.result import Err, Ok, Result, collect_results, combine, combine_all
from engine.sides import Aligned, Both, Left, Right
from engine.summary import Stats

__all__ = [
    "Aggregate",
    "Aligned",
    "Blame",
    "Both",
    "Chain",
    "Err",
    "Expr",
    "Fault",
    "Left",
    "Nothing",
    "Ok",
    "Option",
    "Result",
    "Right",
    "Some",
    "Stats",
    "chunk_by",
    "classify",
    "collect_options",
    "collect_results",
    "combine",
    "combine_all",
    "fn",
    "group_by",
    "it",
    "join",
    "kmerge",
    "kmerge_index",
    "option_of",
    "par_map",
]
