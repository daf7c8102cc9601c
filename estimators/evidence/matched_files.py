"""Files of matched lists in the folder of a study: read into its anchors, and written back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from estimators.evidence.capture_files import captures_text, read_captures
from estimators.evidence.choices import Anchor
from estimators.evidence.matched import Matched, lists_name
from estimators.evidence.problems import EvidenceError, Problem
from estimators.evidence.study import Study


def with_captures(
    anchors: Sequence[Anchor], folder: Path
) -> tuple[tuple[Anchor, ...], list[Problem]]:
    """Return the anchors with the lists that their files hold, and what is wrong with the files.

    An anchor whose file cannot be read is left out: its problem says why.
    """
    made: list[Anchor] = []
    found: list[Problem] = []
    for anchor in anchors:
        if anchor.matched is None:
            made.append(anchor)
            continue
        try:
            made.append(replace(anchor, matched=_read(anchor.id, anchor.matched, folder)))
        except EvidenceError as error:
            found += error.problems
    return tuple(made), found


def list_texts(study: Study) -> dict[str, str]:
    """Return the files of a study's matched lists: their path in its folder, and their text."""
    held = ((anchor.id, anchor.matched) for anchor in study.anchors)
    return {
        matched.file or lists_name(id): captures_text(
            matched.table, matched.columns.replicate or "replicate"
        )
        for id, matched in held
        if matched is not None
    }


def _read(id: str, matched: Matched, folder: Path) -> Matched:
    subject, path = f"study.toml, [anchors.{id}]", PurePosixPath(matched.file)
    if path.is_absolute() or ".." in path.parts or not path.name:
        remedy = f'Put the file into the study\'s folder and write lists = "{lists_name(id)}".'
        problem = Problem(subject, "it is no file in the folder.", remedy, "lists", matched.file)
        raise EvidenceError([problem])
    columns = matched.columns
    captures = read_captures(
        folder / path,
        lists=columns.lists or None,
        strata=columns.strata,
        replicate=columns.replicate,
        censored=columns.censored,
    )
    return replace(matched, captures=captures)
