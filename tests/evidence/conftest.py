"""A small sound study as files, and a way to change a piece of it."""

from pathlib import Path

import pytest

from estimators.evidence import registry, wording
from estimators.evidence.files import read_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.rows import COLUMNS

NORTH_KOREA = Path(__file__).parents[2] / "data" / "north_korea"

OUTLINE = """\
title = "A study"
headline = ["a"]

[quantities.a]
label = "Taken"
measure = "flow"
range = [1, 1000]
reason = "one ship"

[quantities.p]
label = "Share"
measure = "share"
range = [10, 90]
reason = "most of them"

[quantities.m]
label = "Women taken"
measure = "flow"
part_of = "a"
share = "p"

[sources]
s = { name = "S", class = "media" }
"""
SOUND = {
    "id": "c1",
    "quantity": "a",
    "wording": "about",
    "value": "600",
    "origin": "s",
    "published": "2023-10",
    "used": "yes",
}


class Folder:
    """A study folder that tests write and read."""

    outline = OUTLINE

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write(self.outline, self.table(self.row()))

    @staticmethod
    def row(**cells: str) -> str:
        """Return a line of claims.csv: the sound row with some cells changed."""
        given = SOUND | cells
        quoted = ('"' + given.get(name, "").replace('"', '""') + '"' for name in COLUMNS)
        return ",".join(quoted) + "\n"

    @staticmethod
    def table(*rows: str) -> str:
        """Return a claims.csv of these rows."""
        return ",".join(COLUMNS) + "\n" + "".join(rows)

    def write(self, outline: str | bytes | None = None, claims: str | bytes | None = None) -> None:
        for name, content in (("study.toml", outline), ("claims.csv", claims)):
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (self.path / name).write_bytes(data)

    def problems(
        self, outline: str | bytes | None = None, claims: str | bytes | None = None
    ) -> list[str]:
        """Return the messages on reading; every one must be one line that ends in a remedy."""
        self.write(outline, claims)
        with pytest.raises(EvidenceError) as caught:
            read_study(self.path)
        for problem in caught.value.problems:
            assert str(problem).isprintable()
            assert problem.remedy.strip().endswith(".")
            assert str(problem).endswith(problem.remedy)
            assert str(problem).startswith(("study.toml", "claims.csv", "references.bib"))
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture(scope="session")
def north_korea():
    return read_study(NORTH_KOREA)


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch):
    """Let no test see what another registered."""
    monkeypatch.setattr(wording, "REGISTERED", {})
    monkeypatch.setattr(registry, "_CLASSES", {})
