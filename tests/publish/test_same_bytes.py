"""Figures as PNG, SVG and PDF: the same bytes from two processes."""

import subprocess
import sys
from hashlib import sha256

MAKE = """
import sys
from hashlib import sha256
from io import BytesIO
import matplotlib as mpl
mpl.use("Agg")
from estimators.publish.figure_density import plot_density
from estimators.publish.figure_provenance import plot_provenance
from estimators.publish.style import figure_of, style
from tests.publish.test_layout import before, estimated
DATED = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
estimate = estimated(12)
axes = plot_provenance(estimate.study, "taken"), plot_density(estimate, "taken", before(estimate))
for ax in axes:
    for kind, metadata in DATED.items():
        file = BytesIO()
        with style():
            figure_of(ax).savefig(file, format=kind, dpi=200, metadata=metadata)
        print(kind, len(file.getvalue()), sha256(file.getvalue()).hexdigest())
"""


def made(seed):
    """What another process makes, whose sets and dictionaries are hashed otherwise."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MAKE],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": ":".join(sys.path),
            "HOME": "/nonexistent",
            "MPLCONFIGDIR": "",
            "PATH": "",
        },
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_two_processes_write_the_same_bytes():
    one, two = made("1"), made("2")
    assert one == two
    assert [line.split()[0] for line in one] == ["png", "svg", "pdf"] * 2
    assert len({line.split()[2] for line in one}) == 6
    assert sha256(b"").hexdigest() not in " ".join(one)
