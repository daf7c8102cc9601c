"""Fits kept in a folder: opened again while study, recipe, packages and model are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import joblib

from estimators.evidence.study import Study
from estimators.inference.compute import Draws
from estimators.inference.estimate import Estimate, open_estimate
from estimators.inference.provenance import study_hashes, versions
from estimators.models.choosing import assumptions_of

# A change of any of these files may change a fit.
_CODE = (
    "models/*.py",
    "models/lists/*.py",
    "inference/compute.py",
    "inference/lists/*.py",
    "inference/native.py",
    "inference/sensitivity.py",
    "inference/conflict.py",
)
# What no fit depends on: words around it, what is printed of it.
_WORDS = frozenset(
    {"title", "question", "headline", "waivers", "references", "notes", "obtain", "report", "name"}
)


@dataclass(frozen=True)
class Kept:
    """Fits of one study in a folder; without a folder nothing is kept.

    The names of its files end in a digest of the study, the seed, the draws, the versions of the
    packages and the code of the model, so that a fit of anything else is not found.
    """

    folder: Path | None
    study: Study
    digest: str

    @classmethod
    def of(cls, folder: str | Path | None, study: Study, seed: int, draws: Draws) -> Kept:
        """Return what is kept in a folder of fits of a study under its own assumptions.

        Parameters
        ----------
        folder
            The folder, which need not be there yet; None to keep nothing.
        study
            The study.
        seed, draws
            Of the estimate.
        """
        if folder is None:
            return cls(None, study, "")
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        said = [(f.name, getattr(study, f.name)) for f in fields(study) if f.name not in _WORDS]
        made_of = (said, assumptions_of(study), seed, draws, versions(), _code())
        return cls(place, study, _digest(made_of))

    def estimate(self, make: Callable[[], Estimate]) -> Estimate:
        """Return the estimate that is kept, or the one that `make` gives, which is kept then.

        Parameters
        ----------
        make
            Fits the study.

        Notes
        -----
        A kept estimate gets the words of the study as they are now; its provenance goes on saying
        which commit fitted it.
        """
        if self.folder is None:
            return make()
        path = self.folder / f"estimate-{self.digest}.nc"
        if not path.is_file():
            make().save(path)
        found = open_estimate(path)
        hashes = {f"sha256 {name}": digest for name, digest in study_hashes(self.study).items()}
        recipe = replace(found.recipe, study=self.study)
        return Estimate(recipe, found.tree, found.provenance | hashes)

    def other[T](self, name: str, depends: object, make: Callable[[], T]) -> T:
        """Return what else is kept under a name, or what `make` gives, which is kept then.

        Parameters
        ----------
        name
            What it is.
        depends
            What it depends on beside the estimate, told apart by its `repr`.
        make
            Fits it.

        Notes
        -----
        It is kept as a pickle, which can run code when it is opened: keep fits in a folder that
        nobody else writes to.
        """
        if self.folder is None:
            return make()
        path = self.folder / f"{name}-{_digest((self.digest, depends))}.joblib"
        if path.is_file():
            found: T = joblib.load(path)
            return found
        made = make()
        joblib.dump(made, path)
        return made


def _code() -> str:
    package = Path(__file__).parent.parent
    files = sorted(path for part in _CODE for path in package.glob(part))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _digest(made_of: object) -> str:
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]
