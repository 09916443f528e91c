"""Records: fields that must, may or need not be there, each with its rules."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any, NamedTuple

from engine.errors import PlanError
from engine.kernels.objects.place import brief
from engine.validation.combined import all_of
from engine.validation.compiled import record_judge
from engine.validation.issues import MISSING, Failure, Issue, deepen, name_of_type
from engine.validation.schema import Schema, bounded
from engine.validation.validator import Check, Validator, as_validator

# Of a name that nobody declared: it is the caller's, and may be anything.
_NAME_LENGTH = 100


class Field(NamedTuple):
    """What a record has under a name. `default` is what an absent one becomes; `optional`: it may be."""

    name: str
    validator: Validator[Any]
    optional: bool
    default: Any = MISSING

    def judge(self, value: Any) -> Any:
        """What the value becomes, MISSING for one that is absent and stays so, or a Failure with paths."""
        if value is MISSING:
            if self.default is not MISSING:
                return _own(self.default)
            missing = Failure((Issue(self.name, "required", "is required"),))
            return MISSING if self.optional else missing
        try:
            found = self.validator.judge(value)
        except Exception as error:
            deepen(error, self.name)
            raise
        return found.below(self.name) if type(found) is Failure else found

    def describe(self) -> Schema:
        default = None if self.default is MISSING else self.default
        return self.validator.describe() | bounded(default=default)


@dataclass(frozen=True, slots=True, eq=False)
class Record(Validator[dict[str, Any]]):
    """A mapping with these fields; what comes out is a dict of them alone."""

    fields: tuple[Field, ...]
    is_closed: bool = False
    compiled: Callable[[Any], Any] | None = attribute(default=None, init=False, repr=False)

    def judge(self, value: Any) -> Any:
        return (self.compiled or self.ready())(value)

    def ready(self) -> Callable[[Any], Any]:
        compiled = self.compiled
        if compiled is None:
            # Two threads may both compile: they get functions that do the same.
            unknown = self._unknown if self.is_closed else None
            compiled = record_judge(self.fields, self._refused, unknown)
            object.__setattr__(self, "compiled", compiled)
        return compiled

    def closed(self) -> Record:
        """The same rules, and an issue for each name that no field has.

        >>> from engine.validation import integer
        >>> record(age=integer()).closed().check({"age": 3, "agee": 4}).error[0].text
        'is not known'
        """
        return replace(self, is_closed=True)

    def describe(self) -> Schema:
        required = [each.name for each in self.fields if not each.optional]
        schema: Schema = {
            "type": "object",
            "properties": {each.name: each.describe() for each in self.fields},
        }
        if required:
            schema["required"] = required
        return schema | ({"additionalProperties": False} if self.is_closed else {})

    def __str__(self) -> str:
        return f"record({', '.join(f'{each.name}={each.validator}' for each in self.fields)})"

    @staticmethod
    def _refused(value: object) -> Failure:
        return Failure((Issue("", "type", "must be an object", name_of_type(value)),))

    def _unknown(self, value: Mapping[Any, Any]) -> Failure | None:
        known = {each.name for each in self.fields}
        names = [str(name)[:_NAME_LENGTH] for name in value if name not in known]
        return (
            Failure(tuple(Issue(name, "unknown", "is not known") for name in names), value)
            if names
            else None
        )


def field(name: str, *validators: Check[Any], optional: bool = False, default: Any = MISSING) -> Field:
    """A field of a record: the value under a name.

    Args:
        name: the key.
        validators: what the value goes through, in turn.
        optional: it may be absent, and then what comes out has no such key.
        default: what an absent one becomes, by no rule; a list, dict or set is copied each time.

    Raises:
        PlanError: the name is no text.

    >>> from engine.validation import text
    >>> record(field("name", text()), field("city", text(), optional=True)).check({"name": "Ada"})
    Ok(value={'name': 'Ada'})
    """
    return Field(_require_name(name), all_of(*validators), optional or default is not MISSING, default)


def record(*fields: Field, **named: Check[Any]) -> Record:
    """A mapping with these fields, all their issues gathered; what comes out is a dict of them.

    Names that no field has are passed over. Fields of keyword arguments are required.

    Raises:
        PlanError: a name is there twice.

    Cost: about that of the same checks written out by hand; compiled when it is first asked.

    >>> from engine.validation import boolean, integer, text
    >>> person = record(field("name", text(1)), age=integer(0), active=boolean())
    >>> [issue.path for issue in person.check({"name": "", "age": -1}).error]
    ['name', 'age', 'active']
    """
    whole = (*fields, *(Field(name, as_validator(each), optional=False) for name, each in named.items()))
    names = [each.name for each in whole]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise PlanError(f"the fields of a record must have different names, got {twice[0]!r:.100} twice")
    return Record(whole)


def _own(default: Any) -> Any:
    return copy.copy(default) if type(default) in {list, dict, set} else default


def _require_name(name: object) -> str:
    if not isinstance(name, str):
        raise PlanError(f"a field's name must be a text, got {brief(name)}")
    return name
