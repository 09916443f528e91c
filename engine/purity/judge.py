"""The verdict on any callable: its source is read, else its instructions; so is what it calls, once."""

from __future__ import annotations

import ast
import threading
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.purity.bytecode import read_bytecode
from engine.purity.calls import Arguments
from engine.purity.denied import Effect
from engine.purity.expressions import evaluated
from engine.purity.fingerprint import fingerprint_of
from engine.purity.frame import Session, Summary
from engine.purity.model import ITERATORS, MISSING, Node, Parameter, is_immutable
from engine.purity.reading import Reading, parameters_of
from engine.purity.sources import definition_of
from engine.purity.verdict import Level, Reason, Verdict

_NOT_CALLABLE = Effect("not-callable", "can not be called", "pass a function")
_UNREADABLE = Effect("unreadable", "could not be read", "declare with trust=, or write it more plainly")
_verdicts: dict[str, Verdict] = {}
_lock = threading.Lock()


def verdict_of(function: object, trusted: Callable[[object], bool] | None = None) -> Verdict:
    """What a careful reading finds out about a callable; nothing of it is run.

    It is read once for each fingerprint: its code, constants, what it refers to and what it closes over.
    `trusted` says which callables are known to be pure already.

    >>> verdict_of(len).level, verdict_of(print).level
    (<Level.VERIFIED: 'verified'>, <Level.REJECTED: 'rejected'>)
    """
    mark = fingerprint_of(function)
    known = _verdicts.get(mark)
    if known is None or trusted is not None:
        known = replace(_judge(function, trusted or _nobody), fingerprint=mark)
        if trusted is None:
            with _lock:
                _verdicts[mark] = known
    return known


def _nobody(_: object) -> bool:
    return False


def _judge(function: Any, trusted: Callable[[object], bool]) -> Verdict:
    reader = _Reader(trusted)
    subject = str(getattr(function, "__qualname__", None) or type(function).__qualname__)
    try:
        summary = (
            reader.read(function)
            if isinstance(function, types.FunctionType)
            else reader.read_other(function)
        )
    except Exception:  # noqa: BLE001 (a callable that cannot be read is not verified; reading must not end a program)
        summary = Summary()
        _bare(reader.session, subject, summary).found(_UNREADABLE, subject, None, certain=False)
    return _verdict(subject, summary)


def _verdict(subject: str, summary: Summary) -> Verdict:
    reasons = [*summary.reasons.values()]
    reasons += [each.changed for each in summary.parameters if each.changed is not None]
    ordered = tuple(sorted(reasons, key=_importance))
    level = Level.REJECTED if any(each.certain for each in reasons) else Level.UNVERIFIED
    called = tuple(each.name for each in summary.parameters if each.called)
    one_shot = summary.one_shot or any(
        isinstance(each.kind, type) and issubclass(each.kind, (*ITERATORS, types.GeneratorType))
        for each in summary.result
        if each.owner is None
    )
    return Verdict(level if reasons else Level.VERIFIED, subject, ordered, called, one_shot)


def _importance(reason: Reason) -> tuple[bool, int]:
    return (not reason.certain, reason.line)


def _bare(session: Session, name: str, summary: Summary) -> Reading:
    return Reading(session, name, "", {}, {}, None, summary)


class _Reader:
    """Reads each function once for each set of cells and defaults; a cycle sees an empty summary."""

    def __init__(self, trusted: Callable[[object], bool]) -> None:
        self.session = Session(self.read, trusted)
        self._read: dict[tuple[object, ...], Summary] = {}

    def read(self, function: types.FunctionType) -> Summary:
        key = (
            function.__code__,
            id(function.__globals__),
            *map(id, function.__closure__ or ()),
            id(function.__defaults__),
        )
        if key not in self._read:
            self._read[key] = summary = Summary()
            self._fill(function, summary)
        return self._read[key]

    def read_other(self, function: object) -> Summary:
        name = str(getattr(function, "__qualname__", type(function).__qualname__))
        summary = Summary()
        frame = _bare(self.session, name, summary)
        if not callable(function):
            frame.found(_NOT_CALLABLE, name, None)
            return summary
        summary.parameters = _parameters_of_other(function)
        given = [frozenset({Node(each)}) for each in summary.parameters]
        summary.result |= frame.call_known(function, Arguments(given, {}), ast.Pass())
        return summary

    def _fill(self, function: types.FunctionType, summary: Summary) -> None:
        code = function.__code__
        definition = definition_of(code, function.__globals__)
        frame = Reading(
            self.session,
            code.co_qualname,
            code.co_filename,
            function.__globals__,
            _cells(function),
            None,
            summary,
        )
        if definition is None:
            read_bytecode(frame, function)
            return
        summary.parameters.extend(parameters_of(definition))
        _annotate(function, summary.parameters)
        for each in summary.parameters:
            frame.env[each.name.lstrip("*")] = frozenset({_argument(each)})
        frame.node = definition
        frame.read(definition)
        if summary.one_shot:
            made = Node(annotation=types.GeneratorType)
            made.hold(frozenset(summary.result))
            summary.result = {made}


def _parameters_of_other(function: object) -> list[Parameter]:
    """Of a bound method those after the object; of all others one, which stands for any."""
    code = function.__func__.__code__ if _is_python_method(function) else None  # type: ignore[attr-defined]  # a method
    if code is None:
        return [Parameter("argument")]
    return [Parameter(name) for name in code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]]


def _is_python_method(function: object) -> bool:
    return isinstance(function, types.MethodType) and isinstance(function.__func__, types.FunctionType)


def _argument(parameter: Parameter) -> Node:
    """What is passed: for *args a tuple, and for **options a dict, that nobody else holds."""
    if not parameter.name.startswith("*"):
        return Node(parameter, parameter.annotation)
    held = Node(parameter, parameter.annotation)
    made = Node(annotation=dict if parameter.name.startswith("**") else tuple)
    made.hold(frozenset({held}))
    return made


def _cells(function: types.FunctionType) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not yet bound
            continue
    return found


def _annotate(function: types.FunctionType, parameters: list[Parameter]) -> None:
    known = dict(getattr(function, "__annotations__", {}))
    spaces = function.__globals__ | _cells(function)
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    defaults = dict(zip(reversed(names), reversed(function.__defaults__ or ()), strict=False))
    defaults |= function.__kwdefaults__ or {}
    owner = spaces.get("__class__") or _class_of(function)
    for place, each in enumerate(parameters):
        annotation = known.get(each.name.lstrip("*"))
        each.annotation = evaluated(annotation, spaces) if isinstance(annotation, str) else annotation
        each.default = defaults.get(each.name, MISSING)
        if place == 0 and each.annotation is None and each.name in {"self", "cls"}:
            each.annotation = owner
        if each.annotation is None and each.default is not MISSING and is_immutable(each.default):
            each.annotation = type(each.default) if each.default is not None else None


def _class_of(function: types.FunctionType) -> Any:
    """The class around a method, when its name says where it stands."""
    found: Any = function.__globals__
    for name in function.__qualname__.split(".")[:-1]:
        found = found.get(name) if isinstance(found, dict) else getattr(found, name, None)
    return found if isinstance(found, type) else None
