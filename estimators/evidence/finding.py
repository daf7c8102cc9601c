"""What the screening of a study finds: things to look at, each with a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Finding:
    """One thing to look at: what kind, on which claims, why, and what is proposed.

    `settled` says that the study already deals with it (the row is not used, with its reason).
    """

    kind: str
    claims: tuple[str, ...]
    why: str
    proposal: str
    settled: bool


@dataclass(frozen=True)
class Screening:
    """All findings of a study, the open ones first."""

    findings: tuple[Finding, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """Return the findings that the study does not yet deal with."""
        return tuple(finding for finding in self.findings if not finding.settled)

    def __str__(self) -> str:
        """Return a line for each open finding and a count of the settled ones."""
        lines = [f"{f.kind}: {f.why} {f.proposal}" for f in self.open]
        settled = len(self.findings) - len(self.open)
        return "\n".join([*lines, f"{len(self.open)} to look at, {settled} already settled."])

    def _repr_html_(self) -> str:
        head = "<tr><th>kind</th><th>why</th><th>proposal</th><th>settled</th></tr>"
        rows = "".join(
            f"<tr><td>{escape(f.kind)}</td><td>{escape(f.why)}</td>"
            f"<td>{escape(f.proposal)}</td><td>{'yes' if f.settled else 'no'}</td></tr>"
            for f in self.findings
        )
        return f"<table>{head}{rows}</table>"
