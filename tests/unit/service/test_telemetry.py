"""Logs are one JSON object a line."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from service.adapters.telemetry import configure_logging


@pytest.fixture(autouse=True)
def _restored():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_json_object_with_its_facts(capsys):
    configure_logging("info", is_terminal=False)
    structlog.get_logger("chainbook.test").info("it happened", count=3)
    (line,) = lines(capsys)
    assert (line["event"], line["count"], line["level"], line["logger"]) == (
        "it happened",
        3,
        "info",
        "chainbook.test",
    )
    assert line["timestamp"].endswith("Z")


def test_logs_of_libraries_look_the_same(capsys):
    configure_logging("info", is_terminal=False)
    logging.getLogger("some.library").warning("look at %s", "this")
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("look at this", "warning", "some.library")


def test_events_below_the_level_are_left_out(capsys):
    configure_logging("warning", is_terminal=False)
    structlog.get_logger("chainbook.test").info("not said")
    logging.getLogger("some.library").info("not said")
    assert lines(capsys) == []


def test_a_traceback_stays_on_its_line(capsys):
    configure_logging("info", is_terminal=False)
    try:
        raise ValueError("odd")
    except ValueError:
        structlog.get_logger("chainbook.test").exception("failed")
    (line,) = lines(capsys)
    assert line["exception"][0]["exc_value"] == "odd"


def test_a_person_at_a_terminal_reads_text(capsys):
    configure_logging("info", is_terminal=True)
    structlog.get_logger("chainbook.test").info("it happened")
    assert "it happened" in capsys.readouterr().err
