"""Execute the notebooks and write each beside its source, the same bytes in every run.

    python notebooks/run.py                      all notebooks, written as .ipynb beside the .py
    python notebooks/run.py notebooks/first.py   this one
    python notebooks/run.py --draws 50 --to DIR  a quick look, written elsewhere

The sources are py:percent scripts. What would change from run to run is switched off: cell
identifiers come from the cells, and times, hash seeds and progress bars are left out. A notebook
runs in the folder of its source, as it does in JupyterLab. One that fails is not written.
"""

import argparse
import asyncio
import hashlib
import os
import re
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

HERE = Path(__file__).parent
STEADY = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "UNDERCOUNT_PROGRESS": "0"}
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")


def read(path: Path) -> NotebookNode:
    """Return the notebook that a script describes, each cell named by its place and source."""
    notebook = jupytext.read(path, fmt="py:percent")
    for place, cell in enumerate(notebook.cells):
        cell.metadata.pop("lines_to_next_cell", None)
        cell.id = f"{place:03d}-{hashlib.sha256(cell.source.encode()).hexdigest()[:10]}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = NotebookNode(kernelspec=kernel)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def first_line(cell: NotebookNode) -> str:
    """Return the first line of a cell that says something, to find it by."""
    return next((line for line in cell.source.splitlines() if line.strip()), "")


def failure(notebook: NotebookNode, problem: Exception) -> str:
    """Return which cell stopped the notebook, and on what."""
    for place, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return f"cell {place} ({first_line(cell)}): {output.ename}: {output.evalue}"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    at = [cell for cell in code if cell.execution_count] or code[:1]
    where = f"cell {notebook.cells.index(at[-1]) + 1} ({first_line(at[-1])})" if at else "start"
    return f"{where}: {type(problem).__name__}: {problem}"


def addresses(notebook: NotebookNode) -> list[str]:
    """Return the cells whose output names a place in memory, which differs in every run."""
    return [
        f"cell {place} ({first_line(cell)})"
        for place, cell in enumerate(notebook.cells, start=1)
        for output in cell.get("outputs", [])
        if ADDRESS.search(
            str(output.get("text", "")) + str(output.get("data", {}).get("text/plain"))
        )
    ]


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook in one move, so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    draft.replace(path)


async def run(path: Path, to: Path, turn: asyncio.Semaphore) -> bool:
    """Execute one script and write its notebook; return whether every cell ran."""
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    async with turn:
        try:
            await client.async_execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            print(f"{path}: failed in {failure(notebook, problem)}", file=sys.stderr)
            return False
    for where in addresses(notebook):
        print(f"{path}: {where} prints an address in memory; it never repeats", file=sys.stderr)
    notebook.metadata.language_info.pop("version", None)
    write(notebook, to / f"{path.stem}.ipynb")
    print(to / f"{path.stem}.ipynb", flush=True)
    return True


async def run_all(paths: list[Path], to: Path | None, jobs: int) -> bool:
    """Execute the scripts, a few at a time; return whether all of them ran."""
    turn = asyncio.Semaphore(jobs)
    return all(await asyncio.gather(*(run(path, to or path.parent, turn) for path in paths)))


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every notebook ran, 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="*", type=Path, help="py:percent scripts; default: all")
    parser.add_argument("--draws", type=int, help="draws a chain, for a quick run")
    parser.add_argument("--to", type=Path, metavar="DIR", help="write the notebooks here")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time (default 2)")
    chosen = parser.parse_args(arguments)
    sources = chosen.sources or sorted(set(HERE.glob("*.py")) - {HERE / Path(__file__).name})
    missing = [str(path) for path in sources if not path.is_file()]
    if missing:
        parser.error(f"no such script: {', '.join(missing)}")
    os.environ.update(STEADY)
    if chosen.draws is not None:
        os.environ["UNDERCOUNT_DRAWS"] = str(chosen.draws)
    with tempfile.TemporaryDirectory() as profile:  # not the reader's own IPython settings
        os.environ["IPYTHONDIR"] = profile
        return 0 if asyncio.run(run_all(sources, chosen.to, max(chosen.jobs, 1))) else 1


if __name__ == "__main__":
    sys.exit(main())
