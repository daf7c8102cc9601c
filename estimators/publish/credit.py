"""What all files of a report say of where they come from: what made them, sources and licence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estimators.evidence.files import references_name
from estimators.evidence.problems import refuse
from estimators.evidence.report_words import LICENCE
from estimators.evidence.study import Study
from estimators.publish.escaping import plain
from estimators.publish.identity import digest

if TYPE_CHECKING:  # a report is checked without what makes estimates
    from estimators.inference.estimate import Estimate

_KEY = re.compile(r"@\w+\s*[{(]\s*([^,\s]+)\s*,")
_INPUT = re.compile(r"sha256 .+\.(toml|csv|bib|json)")


@dataclass(frozen=True)
class Credit:
    """Where figures and tables come from: what made them, who said it, under what licence."""

    provenance: Mapping[str, str] = field(default_factory=dict)
    publishers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    licence: str = LICENCE

    @property
    def sources(self) -> dict[str, list[str]]:
        """Return who published what was used, and the keys of what the study refers to."""
        return {"publishers": list(self.publishers), "references": list(self.references)}


def credit_of(estimate: Estimate) -> Credit:
    """Return where the figures and tables of an estimate come from.

    Parameters
    ----------
    estimate
        The estimate; the provenance returned names its study and seed beside its own.
    """
    study, made = estimate.study, estimate.provenance
    named = {"study": study.name, "seed": str(estimate.recipe.seed), "data": data_hash(made)}
    return Credit(
        named | made, publishers_of(study), keys_of(study.references), study.report.licence
    )


def data_hash(provenance: Mapping[str, str]) -> str:
    """Return one SHA-256 for all files of a study: that of their names and hashes, line by line.

    Parameters
    ----------
    provenance
        As an estimate carries it, with the hash of each file.
    """
    lines = [f"{name} {value}\n" for name, value in provenance.items() if _INPUT.fullmatch(name)]
    return digest("".join(sorted(lines)).encode())


def publishers_of(study: Study) -> tuple[str, ...]:
    """Return who published the claims that are used; the source where no publisher is known.

    Parameters
    ----------
    study
        The study.
    """
    names = {c.publisher or study.source_by_id[c.origin].name for c in study.claims if c.used}
    return tuple(sorted(map(plain, names)))


def keys_of(references: str) -> tuple[str, ...]:
    """Return the keys of the entries of BibTeX or CSL-JSON, in their order.

    Parameters
    ----------
    references
        The text of the file.

    Raises
    ------
    EvidenceError
        If it looks like CSL-JSON and is none.
    """
    if not references_name(references).endswith("json"):
        return tuple(plain(key) for key in _KEY.findall(references))
    try:
        return tuple(str(entry["id"]) for entry in json.loads(references))
    except (ValueError, TypeError, KeyError) as error:
        wrong = f"it is no list of CSL-JSON entries with an id each ({plain(error)})."
        raise refuse("references.json", wrong, "Mend it, or export it anew.") from None
