"""Where an estimate comes from: the hash of every input, versions and the state of the code."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from estimators.evidence.files import write_study
from estimators.evidence.study import Study

_PACKAGES = ("undercount", "pymc", "pytensor", "nutpie", "numba", "numpy", "scipy", "arviz")


def provenance_of(study: Study, recipe: dict[str, Any]) -> dict[str, str]:
    """Return hashes of the inputs, versions of the packages and the commit of the code.

    Parameters
    ----------
    study
        The study that was estimated.
    recipe
        The recipe as plain values.
    """
    found = {f"sha256 {name}": digest for name, digest in study_hashes(study).items()}
    text = json.dumps(recipe, sort_keys=True)
    found["sha256 recipe"] = hashlib.sha256(text.encode()).hexdigest()
    found |= versions()
    found["commit"] = code_commit()
    return found


def versions() -> dict[str, str]:
    """Return the versions of what draws and computes, and the kind of machine."""
    found = {f"version {package}": _version(package) for package in _PACKAGES}
    found["python"] = platform.python_version()
    found["machine"] = f"{platform.system()} {platform.machine()}"
    return found


def study_hashes(study: Study) -> dict[str, str]:
    """Return the SHA-256 of each file of a study, as `write_study` writes it.

    Parameters
    ----------
    study
        The study.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_study(study, folder)
        files = sorted(file for file in Path(folder).rglob("*") if file.is_file())
        return {
            file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
        }


def code_commit() -> str:
    """Return the commit of the code, with '+changes' where it was changed; else 'unknown'."""
    folder = Path(__file__).parent.parent
    try:
        commit = _git(folder, "rev-parse", "--short=12", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--", str(folder))
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}+changes" if changed else commit


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, timeout=10
    )
    return done.stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
