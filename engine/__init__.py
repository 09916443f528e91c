"""Chains of pure functions over a compiled iterator engine. Values in, values out: no clock, no chance."""

from engine.aggregates import Aggregate
from engine.chain import Chain
from engine.expr import Expr, fn, it
from engine.functions import chunk_by, group_by, join, kmerge, kmerge_index, par_map
from engine.result import Err, Ok, Result
from engine.sides import Aligned, Both, Left, Right
from engine.summary import Stats

__all__ = [
    "Aggregate",
    "Aligned",
    "Both",
    "Chain",
    "Err",
    "Expr",
    "Left",
    "Ok",
    "Result",
    "Right",
    "Stats",
    "chunk_by",
    "fn",
    "group_by",
    "it",
    "join",
    "kmerge",
    "kmerge_index",
    "par_map",
]
