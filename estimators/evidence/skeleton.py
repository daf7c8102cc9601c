"""A commented study to fill in: what `undercount new` writes."""

from __future__ import annotations

import textwrap
from pathlib import Path

from estimators.evidence.claim import Claim
from estimators.evidence.problems import EvidenceError, Problem, refuse
from estimators.evidence.rows import OPTIONAL
from estimators.evidence.tables import claims_text
from estimators.evidence.when import When
from estimators.evidence.wording import WORDS, About, AtLeast

_OUTLINE = Path(__file__).with_name("skeleton.toml")
_REFERENCES = """\
% What the report cites. This entry is made up: replace it.
@misc{example_made_up,
  author = {Nobody, Anna},
  title  = {A made-up report on the island of Nowhere},
  year   = {2020}
}
"""
_CLAIMS = (
    Claim(
        "example_watch_200",
        "taken_2020_05_14",
        About(200),
        "harbour_watch",
        When.parse("2020-05-15"),
        network="harbour",
        publisher="Harbour Watch (made up)",
        as_of=When.parse("2020-05-14"),
        url="https://example.org/made-up/1",
        phrase="about 200 people",
        language="en",
        notes="MADE UP, as are all rows here: replace them.",
    ),
    Claim(
        "example_times_150",
        "taken_2020_05_14",
        AtLeast(150),
        "nowhere_times",
        When.parse("2020-05-17"),
        publisher="The Nowhere Times (made up)",
        as_of=When.parse("2020-05-14"),
        url="https://example.org/made-up/2",
        phrase="at least 150",
        language="en",
        method="enumeration",
        notes="MADE UP: names were counted.",
    ),
    Claim(
        "example_herald_200",
        "taken_2020_05_14",
        AtLeast(200),
        "harbour_watch",
        When.parse("2020-05-16"),
        network="harbour",
        publisher="The Elsewhere Herald (made up)",
        as_of=When.parse("2020-05-14"),
        url="https://example.org/made-up/3",
        phrase="at least 200",
        language="en",
        repeats="example_watch_200",
        used=False,
        why_not="A printing of example_watch_200; its hedge drifted from 'about' to 'at least'.",
        notes="MADE UP.",
    ),
)


def write_skeleton(folder: str | Path) -> Path:
    """Return the folder into which a commented study to fill in was written.

    Parameters
    ----------
    folder
        Where to; made if it is not there. Other files in it stay as they are.

    Returns
    -------
    Path
        The folder, with study.toml, claims.csv and references.bib.

    Raises
    ------
    EvidenceError
        If one of these files is there already, or the folder cannot be written; then nothing is
        written.
    """
    folder = Path(folder)
    texts = {
        "study.toml": _outline(),
        "claims.csv": claims_text(_CLAIMS),
        "references.bib": _REFERENCES,
    }
    remedy = "Give a new folder, or move this file away."
    there = [name for name in texts if (folder / name).exists()]
    if there:
        wrong = "it is there already and is not overwritten."
        raise EvidenceError(Problem(str(folder / name), wrong, remedy) for name in there)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with (folder / name).open("xb") as file:
                file.write(text.encode())
    except OSError as error:
        wrong = f"it cannot be written ({error.strerror})."
        raise refuse(str(error.filename), wrong, "Give a folder that can be written.") from None
    return folder


def _outline() -> str:
    words = textwrap.wrap(" | ".join(WORDS), 78)
    lines = f"\n#{' ' * 17}".join(words)
    text = _OUTLINE.read_text(encoding="utf-8")
    return text.replace("{words}", lines).replace("{optional}", ", ".join(OPTIONAL))
