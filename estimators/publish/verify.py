"""Whether a report or one of its files is as it was written: what made it, and what was altered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from estimators.evidence.problems import refuse
from estimators.publish.identity import content_id, digest
from estimators.publish.manifest import (
    MANIFEST,
    SIGNATURE,
    Entry,
    Manifest,
    files_of,
    read_manifest,
)
from estimators.publish.page_check import unfit_page, unfit_sidecar
from estimators.publish.signing import fingerprint_of, read_signature, write_signature
from estimators.publish.stamps import kind_of, stamp_of
from estimators.publish.verdicts import Verdict, Verification

_ALONE = (
    "It lies in no folder of a report. So this is only what it says of itself, which anybody can "
    "write: compare it with the folder that it was published in (--against FOLDER)."
)
_MUTE = "It says nothing of itself."
_UNSIGNED = (
    "Nobody signed it. Whoever can change its files can write a manifest that fits them: get the "
    "folder from where you trust."
)


def verify(
    path: str | Path, *, against: str | Path | None = None, signed_by: str | Path | None = None
) -> Verification:
    """Return what a report, or one file of it, is, what made it, and whether it was altered.

    Parameters
    ----------
    path
        The folder of a report, or a file: a figure, a table, a page, results or a sidecar.
    against
        The folder of the report that the file is said to be from; by default that it lies in.
    signed_by
        A file with the Ed25519 public key that the report has to be signed with.

    Raises
    ------
    EvidenceError
        If there is no such file, no manifest in the folder, or none that can be read.
    """
    path = Path(path)
    if not path.exists():
        raise refuse(str(path), "there is no such file or folder.", "Give one that there is.")
    if path.name in (MANIFEST, SIGNATURE) and path.is_file():
        path = path.resolve().parent
    wanted = fingerprint_of(Path(signed_by)) if signed_by else ""
    home = Path(against) if against else path if path.is_dir() else _home_of(path)
    if home is None:
        return _alone(path, wanted)
    manifest = read_manifest(home)
    faults, notes = _of_whole(home, manifest, wanted)
    if path.is_dir():
        made = manifest.made, tuple(_verdicts(home, manifest))
        return Verification(path.resolve().name, "report", *made, faults, notes)
    verdict = _of_file(path, home, manifest)
    known = manifest.made if verdict.state != "not listed" else stamp_of(path)
    return Verification(path.name, verdict.kind, known, (verdict,), faults, notes)


def sign(folder: str | Path, key: str | Path, passphrase: Callable[[], str] | None = None) -> str:
    """Return the fingerprint of the key with which the report in a folder was signed.

    Parameters
    ----------
    folder
        The report; manifest.sig is written into it.
    key
        A file with a private Ed25519 key of one's own.
    passphrase
        Asks for the passphrase where the key has one.

    Raises
    ------
    EvidenceError
        If a file of the report was altered, or the key cannot be used; then nothing is written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if not manifest.is_whole or any(verdict.failed for verdict in _verdicts(folder, manifest)):
        remedy = "See 'undercount verify', and write the report again."
        raise refuse(str(folder), "it is not as it was written, so it is not signed.", remedy)
    return write_signature(folder, Path(key), passphrase)[1]


def _home_of(path: Path) -> Path | None:
    """Return the folder of the report that a file lies in, None where it lies in none."""
    parents = list(path.resolve().parents)[:2]
    return next((folder for folder in parents if (folder / MANIFEST).is_file()), None)


def _alone(path: Path, wanted: str) -> Verification:
    stamp = stamp_of(path)
    kind = kind_of(path, stamp)
    id = stamp.get("id") or content_id(path.stem, path.read_bytes())
    verdict = Verdict(path.name, kind, id, "alone")
    faults = ("It is not signed: there is no manifest beside it.",) if wanted else ()
    notes = (_ALONE,) if "study" in stamp else (_MUTE, _ALONE)
    return Verification(path.name, kind, stamp, (verdict,), faults, notes)


def _of_whole(
    folder: Path, manifest: Manifest, wanted: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is wrong with the manifest and its signature, and what is to be known of them."""
    altered = "manifest.json was altered: its digest is not that of what it says."
    faults = () if manifest.is_whole else (altered,)
    signed = read_signature(folder)
    if signed is None:
        return (*faults, *(("It is not signed.",) if wanted else ())), (_UNSIGNED,)
    if not signed.is_valid:
        wrong = "manifest.sig does not fit manifest.json: one of them was altered after signing."
        return (*faults, wrong), ()
    if wanted and wanted != signed.key:
        return (*faults, f"It is signed with another key, {signed.key}, not with {wanted}."), ()
    if wanted:
        return faults, (f"Signed with the key given, {signed.key}.",)
    told = f"Signed with the key {signed.key}."
    return faults, (f"{told} Whose key that is, is for you to find out (--signed-by KEY).",)


def _verdicts(folder: Path, manifest: Manifest) -> Iterator[Verdict]:
    """Yield how each file of a report stands: those of the manifest, then those beside them."""
    for entry in manifest.entries.values():
        yield _verdict(folder / entry.path, entry)
    for name in files_of(folder):
        if name not in manifest.entries:
            yield Verdict(name, kind_of(folder / name, {}), "", "not listed")


def _of_file(path: Path, home: Path, manifest: Manifest) -> Verdict:
    entry = _entry_of(path, home, manifest)
    if entry is None:
        why = "the manifest of the report has no such file"
        return Verdict(path.name, kind_of(path, stamp_of(path)), "", "not listed", why, failed=True)
    return _verdict(path, entry)


def _entry_of(path: Path, home: Path, manifest: Manifest) -> Entry | None:
    """Return the entry of a file; of one from elsewhere that of the same bytes, or else name."""
    if path.resolve().is_relative_to(home.resolve()):
        return manifest.entries.get(path.resolve().relative_to(home.resolve()).as_posix())
    found = digest(path.read_bytes())
    alike = [e for e in manifest.entries.values() if e.sha256 == found]
    alike += [e for e in manifest.entries.values() if Path(e.path).name == path.name]
    return alike[0] if alike else None


def _verdict(path: Path, entry: Entry) -> Verdict:
    told = entry.path, kind_of(Path(entry.path), {}), entry.id
    if not path.is_file():
        return Verdict(*told, "missing", failed=True)
    found = digest(path.read_bytes())
    if found != entry.sha256:
        why = f"its SHA-256 begins with {found[:10]}, that in the manifest with {entry.sha256[:10]}"
        return Verdict(*told, "altered", why, failed=True)
    unfit = _unfit(path, entry)
    return Verdict(*told, "unfit", unfit, failed=True) if unfit else Verdict(*told, "same")


def _unfit(path: Path, entry: Entry) -> str:
    """Return what a file says that does not fit the files which it speaks of; '' where all does."""
    if not path.resolve().as_posix().endswith(f"/{entry.path}"):
        return ""  # a copy from elsewhere: what it speaks of does not lie beside it
    if entry.path.startswith(("figures/", "tables/")) and path.suffix == ".json":
        return unfit_sidecar(path)
    return "; ".join(unfit_page(path)) if entry.path == "report.html" else ""
