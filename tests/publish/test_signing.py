"""Signatures: made with a user's key, found out where anything changed, readable by OpenSSH."""

import json
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from estimators.cli import app
from estimators.evidence.problems import EvidenceError
from estimators.publish.credit import Credit
from estimators.publish.manifest import write_manifest
from estimators.publish.signing import fingerprint_of
from estimators.publish.verify import sign, verify

runner = CliRunner()
OPENSSH, PEM = serialization.PrivateFormat.OpenSSH, serialization.PrivateFormat.PKCS8


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "port"
    made.mkdir()
    (made / "results.json").write_text("{}")
    write_manifest(made, Credit({"study": "port"}))
    return made


def key_pair(folder, name="key", form=OPENSSH, passphrase=b"", private=None):
    """Return files with a private key and its public key."""
    private = private or Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32))
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else None
    secret = private.private_bytes(
        serialization.Encoding.PEM, form, lock or serialization.NoEncryption()
    )
    encoding, public = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    if form is PEM:
        encoding, public = (
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
    paths = folder / name, folder / f"{name}.pub"
    paths[0].write_bytes(secret)
    paths[1].write_bytes(private.public_key().public_bytes(encoding, public))
    return paths


@pytest.mark.parametrize("form", [OPENSSH, PEM], ids=["openssh", "pem"])
def test_who_signed_is_told_and_held_against_a_key(folder, tmp_path, form):
    secret, public = key_pair(tmp_path, form=form)
    fingerprint = sign(folder, secret)
    assert fingerprint == fingerprint_of(public)
    found = verify(folder)
    assert not found.altered
    assert f"Signed with the key {fingerprint}. Whose key that is" in str(found)
    assert f"Signed with the key given, {fingerprint}." in str(verify(folder, signed_by=public))
    _, other = key_pair(tmp_path, "other", form)
    assert verify(folder, signed_by=other).altered
    assert "It is signed with another key" in str(verify(folder / "results.json", signed_by=other))


def test_the_same_key_signs_with_the_same_bytes(folder, tmp_path):
    secret, _ = key_pair(tmp_path)
    sign(folder, secret)
    first = (folder / "manifest.sig").read_bytes()
    sign(folder, secret)
    assert (folder / "manifest.sig").read_bytes() == first


def test_a_manifest_made_anew_does_not_fit_the_signature(folder, tmp_path):
    sign(folder, key_pair(tmp_path)[0])
    (folder / "results.json").write_text("[]")
    write_manifest(folder, Credit({"study": "port"}))
    found = verify(folder)
    assert found.altered
    assert "manifest.sig does not fit" in str(found)


def test_without_a_signature_none_can_be_asked_for(folder, tmp_path):
    _, public = key_pair(tmp_path)
    assert not verify(folder).altered
    assert verify(folder, signed_by=public).altered
    alone = shutil.copy(folder / "results.json", tmp_path)
    assert verify(alone, signed_by=public).altered


@pytest.mark.parametrize("text", ["", "-----BEGIN SSH SIGNATURE-----\nAAAA\n", "é", "A" * 400])
def test_what_is_no_signature_is_refused(folder, text):
    (folder / "manifest.sig").write_text(text, "utf-8")
    with pytest.raises(EvidenceError, match=r"manifest\.sig: it is not a signature"):
        verify(folder)


def test_an_altered_report_is_not_signed(folder, tmp_path):
    (folder / "results.json").write_text("[]")
    with pytest.raises(EvidenceError, match="so it is not signed"):
        sign(folder, key_pair(tmp_path)[0])
    assert not (folder / "manifest.sig").exists()


@pytest.mark.parametrize("form", [OPENSSH, PEM], ids=["openssh", "pem"])
def test_a_key_with_a_passphrase_asks_for_it(folder, tmp_path, form):
    secret, public = key_pair(tmp_path, form=form, passphrase=b"open")
    with pytest.raises(EvidenceError, match="no private key, or not one that this passphrase"):
        sign(folder, secret, lambda: "shut")
    with pytest.raises(EvidenceError, match="no private key"):
        sign(folder, secret)
    words = ["sign", str(folder), "--key", str(secret)]
    result = runner.invoke(app, words, input="open\n")
    assert result.exit_code == 0
    assert fingerprint_of(public) in result.stdout


def test_keys_of_another_kind_are_refused(folder, tmp_path):
    secret, public = key_pair(tmp_path, private=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(EvidenceError, match="another kind"):
        sign(folder, secret)
    with pytest.raises(EvidenceError, match="another kind"):
        fingerprint_of(public)
    with pytest.raises(EvidenceError, match="holds no public key"):
        fingerprint_of(secret)
    result = runner.invoke(app, ["sign", str(folder), "--key", str(tmp_path / "none")])
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH is not installed")
def test_openssh_checks_the_signature_and_prints_the_same_fingerprint(folder, tmp_path):
    secret, public = key_pair(tmp_path)
    sign(folder, secret)
    words = ["ssh-keygen", "-Y", "check-novalidate", "-n", "undercount", "-s"]
    done = subprocess.run(
        [*words, str(folder / "manifest.sig")],
        input=(folder / "manifest.json").read_bytes(),
        capture_output=True,
        check=True,
    )
    assert fingerprint_of(public) in done.stdout.decode()


def test_a_report_written_anew_loses_its_signature(estimate, prior, study, make_checks, tmp_path):
    from estimators.publish.report import write_report

    def write():
        write_report(estimate, to=tmp_path / "r", checks=make_checks(study), prior=prior)

    write()
    sign(tmp_path / "r", key_pair(tmp_path)[0])
    assert json.loads((tmp_path / "r" / "manifest.json").read_text())["files"]
    write()
    assert not (tmp_path / "r" / "manifest.sig").exists()
