"""Rules as data: JSON Schemas, and how those of several rules become one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]


# Words that say nothing of values of a type.
_OF_OTHER_TYPES = {"string": ("minItems", "maxItems"), "array": ("minLength", "maxLength")}


def rules_told(code: str, message: str, facts: Iterable[tuple[str, Any]]) -> Schema:
    """A rule that JSON Schema has no word for."""
    return {"x-rules": [{"code": code, "message": message, **dict(facts)}]}


def merged(schemas: Iterable[Schema]) -> Schema:
    """One schema that says what all of them say.

    >>> merged([{"type": "string"}, {"x-rules": [{"code": "a"}]}, {"x-rules": [{"code": "b"}]}])
    {'type': 'string', 'x-rules': [{'code': 'a'}, {'code': 'b'}]}
    >>> merged([{"minimum": 1}, {"minimum": 2}])
    {'allOf': [{'minimum': 1}, {'minimum': 2}]}
    """
    whole: Schema = {}
    rules: list[Schema] = []
    for schema in schemas:
        words = {name: said for name, said in schema.items() if name != "x-rules"}
        rules += schema.get("x-rules", [])
        clash = any(name in whole and whole[name] != said for name, said in words.items())
        whole = {"allOf": [whole, words]} if clash else whole | words
    for name in _OF_OTHER_TYPES.get(str(whole.get("type")), ()):
        whole.pop(name, None)
    return whole | {"x-rules": rules} if rules else whole


def bounded(**keywords: Any) -> Schema:
    """The words whose bound is there."""
    return {name: bound for name, bound in keywords.items() if bound is not None}
