"""A study as texts inside a saved estimate, and back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from estimators.evidence.files import read_study, write_study
from estimators.evidence.study import Study


def pack_study(study: Study) -> dict[str, str]:
    """Return the files of a study as texts, by name.

    Parameters
    ----------
    study
        The study.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_study(study, folder)
        files = sorted(file for file in Path(folder).rglob("*") if file.is_file())
        texts = {f.relative_to(folder).as_posix(): f.read_bytes().decode() for f in files}
    return {"name": study.name, **texts}


def unpack_study(texts: dict[str, str]) -> Study:
    """Return the study whose files these texts are.

    Parameters
    ----------
    texts
        From `pack_study`.
    """
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / texts["name"]
        folder.mkdir()
        for name, text in texts.items():
            if name != "name":
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8", newline="")
        return read_study(folder)
