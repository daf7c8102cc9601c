"""What is loaded: reading evidence needs no numerics and no plotting."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"arviz", "matplotlib", "numpy", "pandas", "pymc", "pytensor", "scipy", "xarray"}


@pytest.mark.parametrize(
    "code",
    [
        "import estimators.evidence",
        "import pkgutil, importlib, estimators.evidence as e\n"
        "for m in pkgutil.iter_modules(e.__path__, 'estimators.evidence.'):\n"
        "    importlib.import_module(m.name)",
        "from estimators.evidence.files import read_study\n"
        "from estimators.evidence.screening import screen\n"
        "assert screen(read_study('data/north_korea')).findings",
    ],
    ids=["package", "every module", "reading and screening"],
)
def test_nothing_heavy_is_loaded(code):
    end = "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code + end], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())
