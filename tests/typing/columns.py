"""How columns are typically used, as both checkers must see it."""

from typing import Any, assert_type

from engine import Chain, Column, Frame, chunk_by, group_by, join, kmerge
from engine.columns import Grouped, Runs

column = Column([1, 2, 3], dtype="i64")
assert_type(column[0], Any)
assert_type(column[1:], Column)
assert_type(column.is_null(), Column)
assert_type(column.to_list(), list[Any])
assert_type(chunk_by(column), Runs)
assert_type(group_by(column), Grouped)
assert_type(kmerge(column, column), Column)
assert_type(join(column, column), tuple[Column, Column])

frame = Frame({"x": column})
assert_type(frame["x"], Column)
assert_type(frame[:1], Frame)
assert_type(Chain(frame), Chain[dict[str, Any]])
