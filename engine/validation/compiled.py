"""The function that judges a record, written for its fields: the checks that most values pass stand in it.

A field is accepted by one expression where its rules can be said in one. Whatever that does not accept, or
raises at, is judged by the field itself, so an expression only has to be right and never to explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from engine.result import Err, Ok
from engine.validation.combined import AllOf, ListOf, Nullable
from engine.validation.issues import MISSING, Failure, union
from engine.validation.rules import Holds
from engine.validation.validator import Described, Explained, Mapped, Parser, Secret, Validator, walk
from engine.validation.values import Boolean, Number, OneOf, Text

if TYPE_CHECKING:
    from engine.validation.records import Field


class _Names:
    """The objects that the text of a function names: bounds and keys are never part of the text."""

    def __init__(self, **known: Any) -> None:
        self.known = known

    def of(self, value: object) -> str:
        name = f"given_{len(self.known)}"
        self.known[name] = value
        return name

    def define(self, source: str) -> None:
        exec(compile(source, "<record>", "exec"), self.known)  # noqa: S102 (words of this file, and numbered names)


def record_judge(
    fields: tuple[Field, ...],
    refused: Callable[[Any], Failure],
    unknown: Callable[[Mapping[Any, Any]], Failure | None] | None,
) -> Callable[[Any], Any]:
    """What `judge` of a record does.

    Args:
        fields: in the order in which they are asked.
        refused: what is said of a value that is no mapping.
        unknown: what is said of names that no field has, if anything.
    """
    names = _Names(Failure=Failure, MISSING=MISSING, Mapping=Mapping, Ok=Ok, refused=refused)
    names.known |= {"unknown": unknown, "failed": _failed_with([each.name for each in fields])}
    names.define("\n".join(_lines(fields, names, is_closed=unknown is not None)))
    judge: Callable[[Any], Any] = names.known["judge"]
    return judge


def _lines(fields: tuple[Field, ...], names: _Names, *, is_closed: bool) -> Iterator[str]:
    yield "def judge(record):"
    yield "    if type(record) is not dict and not isinstance(record, Mapping): return refused(record)"
    yield "    get, failures = record.get, []"
    for number, each in enumerate(fields):
        yield from _field_lines(f"value_{number}", each, names)
    if is_closed:
        yield "    if unknown(record) is not None: failures.append(unknown(record))"
    values = "".join(f"value_{number}, " for number in range(len(fields)))
    yield f"    if failures: return failed(failures, ({values}))"
    yield "    made = {}"
    for number, each in enumerate(fields):
        condition = f"if value_{number} is not MISSING: " if each.optional else ""
        yield f"    {condition}made[{names.of(each.name)}] = value_{number}"
    yield "    return made"


def _field_lines(value: str, each: Field, names: _Names) -> Iterator[str]:
    name = names.of(each.name)
    accepted = _accepted(each.validator, value, names) or "False"
    absent = f"{value} is MISSING or " if each.optional and each.default is MISSING else ""
    # Asked again from the start, because the expression may have made something else of the value.
    judged = f"{names.of(each.judge)}(get({name}, MISSING))"
    if any(isinstance(part, Parser | Mapped | Holds) for part in walk(each.validator)):
        if isinstance(parser := _undescribed(each.validator), Parser):
            judged = f"{names.of(_refused_by(parser, each))}(found, get({name}, MISSING))"
        yield f"    {value}, found = get({name}, MISSING), None"
        yield f"    try: accepted = {absent}{value} is not MISSING and {accepted}"
        yield "    except Exception: accepted = False"
        yield "    if not accepted:"
    else:
        yield f"    {value} = get({name}, MISSING)"
        yield f"    if not ({absent}{accepted}):"
    yield f"        {value} = {judged}"
    yield f"        if type({value}) is Failure: failures.append({value})"


def _undescribed(validator: Validator[Any]) -> Validator[Any]:
    return _undescribed(validator.of) if isinstance(validator, Described) else validator


def _accepted(validator: Validator[Any], value: str, names: _Names) -> str | None:  # noqa: C901, PLR0911 (one for each kind)
    """An expression that is true of values which are accepted, and makes of them what they become."""
    match validator:
        case Text():
            return _accepted_text(validator, value, names)
        case Number():
            return _accepted_number(validator, value, names)
        case Boolean():
            return f"({value} is True or {value} is False)"
        case OneOf(values) if all(type(each) is str for each in values):
            return f"(type({value}) is str and {value} in {names.of(frozenset(values))})"
        case Holds():
            return f"{names.of(validator.holds)}({value})"
        case Parser():
            made = f"(found := {names.of(validator.function)}({value}))"
            return f"(type{made} is Ok and ({value} := found.value) is not MISSING)"
        case Mapped(of, function):
            inner = _accepted(of, value, names)
            return inner and f"({inner} and ({value} := {names.of(function)}({value})) is not MISSING)"
        case ListOf():
            return _accepted_list(validator, value, names)  # pyright: ignore[reportUnknownArgumentType]  # of any items
        case Nullable(of):
            inner = _accepted(of, value, names)
            return inner and f"({value} is None or {inner})"
        case AllOf(parts):
            inners = [_accepted(part, value, names) for part in parts]
            return "(" + " and ".join(filter(None, inners)) + ")" if all(inners) and inners else None
        case Described(of) | Explained(of) | Secret(of):
            return _accepted(of, value, names)
        case _:
            return None


def _accepted_text(validator: Text, value: str, names: _Names) -> str:
    tests = [f"type({value}) is str"]
    if validator.strip:
        tests.append(f"({value} := {value}.strip()) is not None")
    if validator.at_least:
        tests.append(f"len({value}) >= {names.of(validator.at_least)}")
    if validator.at_most is not None:
        tests.append(f"len({value}) <= {names.of(validator.at_most)}")
    if validator.matches is not None:
        tests.append(f"{names.of(validator.matches)}({value})")
    return f"({' and '.join(tests)})"


def _accepted_number(validator: Number[Any], value: str, names: _Names) -> str:
    tests = [f"({' or '.join(f'type({value}) is {kind.__name__}' for kind in validator.kinds)})"]
    if float in validator.kinds:
        tests.append(f"{names.of(-inf)} < {value} < {names.of(inf)}")
    if validator.at_least is not None:
        tests.append(f"{value} >= {names.of(validator.at_least)}")
    if validator.at_most is not None:
        tests.append(f"{value} <= {names.of(validator.at_most)}")
    return f"({' and '.join(tests)})"


def _accepted_list(validator: ListOf[Any], value: str, names: _Names) -> str | None:
    """The items are copied by a function of their own, which gives None as soon as one is not accepted."""
    inner = _accepted(validator.item, "item", names)
    if inner is None:
        return None
    copied = f"copied_{len(names.known)}"
    lines = [
        f"def {copied}(items):",
        "    made = []",
        "    for item in items:",
        f"        if not {inner}: return None",
        "        made.append(item)",
        "    return made",
    ]
    names.define("\n".join(lines))
    tests = [f"(type({value}) is list or type({value}) is tuple)"]
    if validator.at_least:
        tests.append(f"len({value}) >= {names.of(validator.at_least)}")
    if validator.at_most is not None:
        tests.append(f"len({value}) <= {names.of(validator.at_most)}")
    return f"({' and '.join(tests)} and ({value} := {copied}({value})) is not None)"


def _refused_by(parser: Parser[Any], field: Field) -> Callable[[Any, Any], Any]:
    """What is said of a value whose parser gave an Err: the parser need not be asked again."""

    def refused(found: object, value: Any) -> Any:
        return parser.refusal(found.error).below(field.name) if type(found) is Err else field.judge(value)

    return refused


def _failed_with(names: list[str]) -> Callable[[list[Failure], tuple[Any, ...]], Failure]:
    def failed(failures: list[Failure], values: tuple[Any, ...]) -> Failure:
        made = {
            name: value.value if type(value) is Failure else value
            for name, value in zip(names, values, strict=True)
            if value is not MISSING
        }
        return union(failures, made)

    return failed
