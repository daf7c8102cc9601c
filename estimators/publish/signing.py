"""Signatures of a report: its manifest signed with an Ed25519 key, in the form of OpenSSH.

`ssh-keygen -Y check-novalidate -n undercount -s manifest.sig < manifest.json` checks one too.
"""

from __future__ import annotations

import binascii
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path
from textwrap import wrap

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from estimators.evidence.problems import refuse
from estimators.publish.manifest import MANIFEST, SIGNATURE

_KIND, _NAMESPACE, _HASH = b"ssh-ed25519", b"undercount", b"sha512"
_MAGIC, _VERSION = b"SSHSIG", 1
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_REMEDY = "Give an Ed25519 key, as 'ssh-keygen -t ed25519' makes it."


@dataclass(frozen=True)
class Signed:
    """Who signed a manifest: the key, and whether the signature is one of these very bytes."""

    key: str
    is_valid: bool


def write_signature(
    folder: Path, key: Path, passphrase: Callable[[], str] | None = None
) -> tuple[Path, str]:
    """Return manifest.sig, written beside the manifest of a report, and the key's fingerprint.

    Parameters
    ----------
    folder
        The report.
    key
        A file with a private Ed25519 key of the user's own, as OpenSSH or PEM has it.
    passphrase
        Asks for the passphrase where the key has one.

    Raises
    ------
    EvidenceError
        If the key cannot be read or is of another kind.
    """
    private = _private_key(key, passphrase)
    public = _blob(private.public_key())
    sealed = _string(_KIND) + _string(private.sign(_message(_manifest(folder))))
    head = _MAGIC + struct.pack(">I", _VERSION) + _string(public) + _string(_NAMESPACE)
    body = b64encode(head + _string(b"") + _string(_HASH) + _string(sealed)).decode()
    path = folder / SIGNATURE
    text = "\n".join([_BEGIN, *wrap(body, 70), _END])
    path.write_text(text + "\n", encoding="ascii", newline="\n")
    return path, fingerprint(public)


def read_signature(folder: Path) -> Signed | None:
    """Return who signed the manifest of a report; None where nobody did.

    Parameters
    ----------
    folder
        The report.

    Raises
    ------
    EvidenceError
        If manifest.sig is no signature with an Ed25519 key.
    """
    path = folder / SIGNATURE
    if not path.is_file():
        return None
    try:
        public, signature = _parsed(path.read_text(encoding="ascii"))
        key = Ed25519PublicKey.from_public_bytes(_strings(public, 2)[1])
    except (ValueError, OSError):
        wrong = "it is not a signature of a report with an Ed25519 key."
        raise refuse(SIGNATURE, wrong, "Sign the folder again, or delete the file.") from None
    try:
        key.verify(signature, _message(_manifest(folder)))
    except InvalidSignature:
        return Signed(fingerprint(_blob(key)), is_valid=False)
    return Signed(fingerprint(_blob(key)), is_valid=True)


def fingerprint_of(path: Path) -> str:
    """Return the fingerprint of a public key, as `ssh-keygen -l` prints it.

    Parameters
    ----------
    path
        A file with an Ed25519 public key, as OpenSSH or PEM has it.

    Raises
    ------
    EvidenceError
        If the key cannot be read or is of another kind.
    """
    content = _bytes_of(path)
    is_pem = content.lstrip().startswith(b"-----BEGIN")
    load = serialization.load_pem_public_key if is_pem else serialization.load_ssh_public_key
    try:
        key = load(content)
    except (ValueError, UnsupportedAlgorithm):
        raise refuse(str(path), "it holds no public key.", _REMEDY) from None
    if not isinstance(key, Ed25519PublicKey):
        raise refuse(str(path), "it is a key of another kind.", _REMEDY)
    return fingerprint(_blob(key))


def fingerprint(public: bytes) -> str:
    """Return the fingerprint of a public key in the form in which OpenSSH keeps it."""
    return "SHA256:" + b64encode(sha256(public).digest()).decode().rstrip("=")


def _private_key(path: Path, passphrase: Callable[[], str] | None) -> Ed25519PrivateKey:
    content = _bytes_of(path)
    is_ssh = b"OPENSSH PRIVATE KEY" in content
    load = serialization.load_ssh_private_key if is_ssh else serialization.load_pem_private_key
    try:
        try:
            key = load(content, None)
        except (TypeError, ValueError) as error:
            if passphrase is None or not _is_locked(error):
                raise
            key = load(content, passphrase().encode())
    except (TypeError, ValueError, UnsupportedAlgorithm):
        wrong = "it holds no private key, or not one that this passphrase opens."
        raise refuse(str(path), wrong, _REMEDY) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise refuse(str(path), "it is a key of another kind.", _REMEDY)
    return key


def _is_locked(error: Exception) -> bool:
    return isinstance(error, TypeError) or "password" in str(error).lower()


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refuse(str(path), f"it cannot be read ({error.strerror}).", _REMEDY) from None


def _manifest(folder: Path) -> bytes:
    return (folder / MANIFEST).read_bytes()


def _blob(key: Ed25519PublicKey) -> bytes:
    """Return a public key in the form in which OpenSSH keeps it."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return _string(_KIND) + _string(raw)


def _message(content: bytes) -> bytes:
    """Return what is signed: what the signature is for, and the hash of the content."""
    told = _string(_NAMESPACE) + _string(b"") + _string(_HASH)
    return _MAGIC + told + _string(sha512(content).digest())


def _parsed(text: str) -> tuple[bytes, bytes]:
    """Return the public key and the signature of an OpenSSH signature for us."""
    body = text.strip().removeprefix(_BEGIN).removesuffix(_END)
    try:
        content = b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        raise ValueError from None
    head = _MAGIC + struct.pack(">I", _VERSION)
    public, namespace, _, hashed, sealed = _strings(content.removeprefix(head), 5)
    kind, signature = _strings(sealed, 2)
    if (namespace, hashed, kind) != (_NAMESPACE, _HASH, _KIND) or not content.startswith(head):
        raise ValueError
    return public, signature


def _string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def _strings(content: bytes, number: int) -> list[bytes]:
    """Return so many strings, each written after its length."""
    found = []
    for _ in range(number):
        if len(content) < 4:
            raise ValueError
        (length,) = struct.unpack(">I", content[:4])
        found.append(content[4 : 4 + length])
        content = content[4 + length :]
    return found
