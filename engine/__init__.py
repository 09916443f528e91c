"""Chains of pure functions over a compiled iterator engine. Values in, values out: no I/O, no clock."""

from engine.chain import Chain
from engine.expr import Expr, it
from engine.functions import chunk_by, group_by, join, kmerge, kmerge_index, par_map
from engine.result import Err, Ok, Result

__all__ = [
    "Chain",
    "Err",
    "Expr",
    "Ok",
    "Result",
    "chunk_by",
    "group_by",
    "it",
    "join",
    "kmerge",
    "kmerge_index",
    "par_map",
]
