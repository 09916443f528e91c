"""Every cell of the notebooks runs, and what is stored with them tells nothing of a machine."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def execute():
    spec = spec_from_file_location("execute", FOLDER / "execute.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.execute


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["01_engine_tour", "02_columns", "03_benchmarks"]


@every_notebook
def test_every_cell_runs(execute, path):
    assert all(cell.execution_count for cell in code_cells(execute(path)))


@every_notebook
def test_what_is_stored_is_of_a_whole_run_from_the_top(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@every_notebook
def test_what_is_stored_is_small_and_names_no_path_of_a_machine(path):
    stored = path.read_text()
    assert len(stored) < 150_000
    assert re.findall(r"(?:/home/|/tmp/|/usr/|/root/|/work/|[A-Z]:\\\\)[^\"]{0,40}", stored) == []
