"""Each notebook runs from top to bottom, with few draws."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
SOURCES = sorted(path for path in FOLDER.glob("*.py") if path.name != "run.py")


def test_there_are_notebooks():
    assert SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_notebook_runs_and_shows_its_figures(source, tmp_path):
    words = [sys.executable, FOLDER / "run.py", source, "--draws", "60", "--to", tmp_path]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    notebook = nbformat.read(tmp_path / f"{source.stem}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    plots = sum("es.plot_" in cell.source or "plt.subplots" in cell.source for cell in cells)
    images = sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)
    assert images == plots


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_committed_notebook_is_of_this_source(source):
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    text = source.read_text(encoding="utf-8")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.source in text
            assert cell.execution_count
