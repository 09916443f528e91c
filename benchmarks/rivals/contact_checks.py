"""Contacts without validators: the service's parsers, called field by field."""

from __future__ import annotations

from typing import Any

from engine.result import Ok
from service.domain.contacts import ContactDraft
from service.domain.emails import parse_email
from service.domain.texts import parse_line, parse_lines


def parsed(rows: list[dict[str, Any]]) -> list[ContactDraft]:
    return [_parsed(row) for row in rows]


def _parsed(row: dict[str, Any]) -> ContactDraft:
    """Nothing in these rows is wrong, but it is looked for."""
    results = {
        "first_name": parse_line(row["first_name"], 200),
        "last_name": parse_line(row["last_name"], 200),
        "email": parse_email(row["email"]),
        "address": parse_lines(row["address"], 1000),
    }
    labels = [parse_line(label, 100) for label in row["labels"]]
    wrong = [result for result in (*results.values(), *labels) if not isinstance(result, Ok)]
    if wrong or not results["last_name"].value:
        raise ValueError(f"contact must be right, got {wrong}")
    fields = {name: result.value for name, result in results.items()}
    return ContactDraft(**fields, labels=tuple(dict.fromkeys(label.value for label in labels)))
