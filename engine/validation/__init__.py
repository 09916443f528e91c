"""Validators: rules about values, as values that combine, describe themselves, and tell every issue.

>>> from engine import it
>>> from engine.validation import all_of, at, each, field, integer, record, rule, text
>>> person = record(
...     field("name", text(1, 200, strip=True)),
...     field("age", integer(0, 150), optional=True),
...     field("labels", each(text(1)), default=()),
... )
>>> person.check({"name": " Ada ", "labels": ["math"]})
Ok(value={'name': 'Ada', 'labels': ['math']})
>>> [f"{issue.path} {issue.text}" for issue in person.check({"age": -1, "labels": ["math", ""]}).error]
['name is required', 'age must be from 0 to 150, got -1', 'labels[1] must have at least 1 character, got 0']
"""

from engine.validation.combined import all_of, any_of, each, list_of, nullable
from engine.validation.issues import Issue, Rejected, name_of_type
from engine.validation.records import Field, Record, field, record
from engine.validation.rules import Rule, at, not_, rule, when
from engine.validation.validator import Check, Validator, as_validator, parser
from engine.validation.values import attempt, boolean, integer, number, one_of, text

__all__ = [
    "Check",
    "Field",
    "Issue",
    "Record",
    "Rejected",
    "Rule",
    "Validator",
    "all_of",
    "any_of",
    "as_validator",
    "at",
    "attempt",
    "boolean",
    "each",
    "field",
    "integer",
    "list_of",
    "name_of_type",
    "not_",
    "nullable",
    "number",
    "one_of",
    "parser",
    "record",
    "rule",
    "text",
    "when",
]
