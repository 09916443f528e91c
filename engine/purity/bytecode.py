"""A function without source: what its instructions load and store. Changes of arguments stay unresolved."""

from __future__ import annotations

import builtins
import dis
import types
from typing import Any

from engine.purity.calls import ASYNC
from engine.purity.denied import Effect
from engine.purity.frame import GLOBAL_WRITE, Frame
from engine.purity.model import MISSING
from engine.purity.resolve import effect_of, full_name, is_allowed

_NO_SOURCE = Effect(
    "no-source",
    "does what cannot be told without its source",
    "define it in a file, or declare with trust=",
)
_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})
_WRITES_OUTER = frozenset({"STORE_DEREF", "DELETE_DEREF"})
_UNCLEAR = frozenset(
    {"STORE_ATTR", "STORE_SUBSCR", "DELETE_ATTR", "DELETE_SUBSCR", "IMPORT_NAME", "MAKE_FUNCTION"}
)


def read_bytecode(frame: Frame, function: types.FunctionType) -> None:
    """Note what the instructions of a function show."""
    owner: Any = MISSING
    place = function.__code__.co_firstlineno
    for step in dis.get_instructions(function):
        place = _line_of(step) or place
        if step.opname in _WRITES or (
            step.opname in {"STORE_DEREF", "DELETE_DEREF"} and step.argval in function.__code__.co_freevars
        ):
            frame.found(GLOBAL_WRITE, str(step.argval), place)
        elif step.opname in _UNCLEAR:
            frame.found(_NO_SOURCE, step.opname, place, certain=False)
        owner = _next_owner(frame, step, owner, place)
    if function.__code__.co_flags & (0x80 | 0x100 | 0x200):
        frame.found(ASYNC, function.__name__, function.__code__.co_firstlineno)
    frame.summary.one_shot = bool(function.__code__.co_flags & 0x20)


def _line_of(step: dis.Instruction) -> int:
    line = getattr(step, "line_number", None) or step.starts_line  # 3.13 says whether, and the number apart
    return int(line or 0)


def _next_owner(frame: Frame, step: dis.Instruction, owner: Any, place: int) -> Any:
    """The object on which the next attribute is looked up, when a global or a part of one was loaded."""
    name = str(step.argval)
    if step.opname in {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF"}:
        if name in frame.names or name in frame.cells or hasattr(builtins, name):
            frame.look_up(name, place)
            found = frame.cells.get(name, frame.names.get(name, getattr(builtins, name, MISSING)))
            return _checked(frame, found, place)
        frame.found(_NO_SOURCE, name, place, certain=False)
    elif step.opname in {"LOAD_ATTR", "LOAD_METHOD"}:
        found = MISSING if owner is MISSING else getattr(owner, name, MISSING)
        if found is MISSING:
            frame.found(_NO_SOURCE, name, place, certain=False)
            return MISSING
        return _checked(frame, found, place)
    return owner if step.opname in {"PUSH_NULL", "CACHE", "PRECALL"} else MISSING


def _checked(frame: Frame, found: Any, place: int) -> Any:
    if callable(found):
        name = full_name(found)
        effect = effect_of(name)
        if effect is not None:
            frame.found(effect, name, place)
        elif not is_allowed(name) and not frame.session.trusted(found):
            frame.found(_NO_SOURCE, name, place, certain=False)
    return found
