"""The column lane: typed values in memory, all of them at once; loaded when it is first used.

What is here works outside the GIL on arrays that NumPy, Arrow and buffers share with it.
"""

from engine.columns.relations import Grouped, Runs, chunk_by, group_by, join, kmerge, kmerge_index

__all__ = ["Grouped", "Runs", "chunk_by", "group_by", "join", "kmerge", "kmerge_index"]
