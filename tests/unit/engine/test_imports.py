"""What `import engine` loads, and that all of its names are there."""

import subprocess
import sys

import pytest

import engine


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_there(name):
    assert getattr(engine, name) is not None


def test_names_that_are_not_loaded_yet_are_listed():
    assert set(engine.__all__) <= set(dir(engine))


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = engine.missing


def test_what_few_programs_use_is_loaded_when_asked_for():
    source = "import sys, engine; print([name for name in sys.argv[1:] if name in sys.modules])"
    rare = [
        "option",
        "blame",
        "explain",
        "probe",
        "columns",
        "validation",
        "composed",
        "registry",
        "purity",
        "state",
    ]
    command = [sys.executable, "-c", source, "numpy", "immutables", *(f"engine.{name}" for name in rare)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    assert done.stdout.strip() == "[]"
