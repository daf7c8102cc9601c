"""What was found of a report or a file of it: how each file stands, and that in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

State = Literal["same", "altered", "unfit", "missing", "not listed", "alone"]
_STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Verdict:
    """How one file stands: what it is, its id, and whether it is the same as it was written.

    One that is the same by itself is unfit where its words are not those of the files it speaks of.
    """

    path: str
    kind: str
    id: str
    state: State
    why: str = ""
    failed: bool = False

    def __str__(self) -> str:
        """Return it in words."""
        id = f" {self.id}" if self.id else ""
        why = f": {self.why}" if self.why else ""
        return f"{self.state:10}  {self.path} ({self.kind}{id}){why}"


@dataclass(frozen=True)
class Verification:
    """What a report or a file of it is, what made it, and how each file stands.

    `made` holds study, seed, hash of the data, versions and commit, as far as they are known;
    `faults` says what is wrong with the manifest and its signature, `notes` what else to know.
    """

    name: str
    kind: str
    made: Mapping[str, str]
    verdicts: tuple[Verdict, ...]
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def altered(self) -> bool:
        """Return whether anything is not as it was written, or not signed as was asked."""
        return bool(self.faults) or any(verdict.failed for verdict in self.verdicts)

    def __str__(self) -> str:
        """Return all of it in words, one line each."""
        counts = Counter(verdict.state for verdict in self.verdicts)
        listed = len(self.verdicts) == 1
        shown = [str(v) for v in self.verdicts if listed or v.state != "same"]
        tally = ", ".join(f"{counts[state]} {state}" for state in _STATES if counts[state])
        lines = [f"{self.name}: {self.kind}", *_made(self.made), *shown]
        lines += [] if listed else [f"Files: {tally}."]
        return "\n".join([*lines, *self.faults, *self.notes, self._answer()])

    def _answer(self) -> str:
        if self.altered:
            return "ALTERED: it is not as it was written."
        states = Counter(verdict.state for verdict in self.verdicts)
        if states["alone"]:
            return "Not checked: nothing to compare it with."
        added = states["not listed"]
        files = "a file that is" if added == 1 else f"{added} files that are"
        return f"As it was written, but for {files} not listed." if added else "As it was written."


def _made(made: Mapping[str, str]) -> list[str]:
    """Return which study, data, seed and versions made a file, a line each."""
    named = {"study": "study", "data": "data (SHA-256)", "seed": "seed", "commit": "code at commit"}
    named |= {key: key for key in sorted(made) if key.startswith("version ")}
    named |= {"python": "version python", "licence": "licence"}
    return [f"  {name}: {made[key]}" for key, name in named.items() if made.get(key)]
