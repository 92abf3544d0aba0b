"""The log's keys: made at first use, the secret ones for the owner's eyes only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tradeloop.journal.checkpoint import Head, PublicKey, PublicKeys, signed
from tradeloop.store.secret_file import give_to_owner, kept, own_folder
from tradeloop.store.synced import sync_folder

PUBLIC_FILE = "journal.json"
ALL_READ = 0o644


class SecretKeyMissing(Exception):
    """The public file names a key whose secret is not beside it."""


class OtherLog(Exception):
    """The keys at hand are those of another log than the database holds, or there are none."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one log, with its newest key, or the one in force at a size."""

    public: PublicKeys
    secrets: dict[bytes, Ed25519PrivateKey]

    @property
    def log(self) -> str:
        """The id of the log: the origin of its checkpoints."""
        return self.public.log

    @property
    def key(self) -> PublicKey:
        """The newest key."""
        return self.public.keys[-1]

    def checkpoint(self, *, size: int, root: bytes) -> str:
        """Return the signed checkpoint of the log at `size`."""
        key = self.public.at(size)
        secret = self._secret(key)
        return signed(Head(self.log, size, root), key=key, sign=secret.sign)

    def sign(self, message: bytes) -> bytes:
        """Sign with the newest key."""
        return self._secret(self.key).sign(message)

    def _secret(self, key: PublicKey) -> Ed25519PrivateKey:
        try:
            return self.secrets[key.key_id]
        except KeyError:
            raise SecretKeyMissing(
                f"Key {key.key_id.hex()} of {self.log} has no secret file. "
                "Bring it back from the backup of the keys folder."
            ) from None


def public_keys(folder: Path) -> PublicKeys:
    """Read the public file in the folder of keys.

    Raises:
        FileNotFoundError: No key was made yet.
    """
    return PublicKeys.read((folder / PUBLIC_FILE).read_text(encoding="utf-8"))


def signer(folder: Path, *, log: str | None = None) -> Signer:
    """Return what signs for the log whose keys are in `folder`; the first time, make a key.

    The log's id is made from its first key, so no two logs share one. Two processes that come
    first at once end with the same key.

    Args:
        folder: Of the keys.
        log: The id of the log that the database holds already, if it holds one.

    Raises:
        OtherLog: There are no keys here, and a new one could not sign for `log`.
    """
    own_folder(folder)
    if not (folder / PUBLIC_FILE).exists():
        if log is not None:
            raise OtherLog(
                f"The database holds log {log}; there are no keys in {folder}. "
                "Bring the keys folder back from the home that the database belongs to."
            )
        secret = Ed25519PrivateKey.generate()
        raw = secret.public_key().public_bytes_raw()
        log = f"tradeloop.local/{hashlib.sha256(raw).hexdigest()[:16]}"
        key = PublicKey(log, raw, 0)
        path = _keep_secret(folder, key, secret)
        if not _publish(folder, PublicKeys(log, (key,)), replace=False):
            path.unlink()  # another process was first
    return _read(folder)


def rotate(folder: Path, *, from_size: int) -> Signer:
    """Make a new key that signs checkpoints from `from_size` on; older papers stay checkable.

    The sequencer must not run meanwhile, and `from_size` must be above the size of its last
    checkpoint: that one was signed by the old key, whose secret may be destroyed afterwards.
    """
    known = public_keys(folder)
    if from_size <= known.keys[-1].from_size:
        raise ValueError(
            f"The newest key signs from size {known.keys[-1].from_size} on; {from_size} is not "
            "above it. Give one more than the size of the last checkpoint."
        )
    secret = Ed25519PrivateKey.generate()
    key = PublicKey(known.log, secret.public_key().public_bytes_raw(), from_size)
    _keep_secret(folder, key, secret)
    _publish(folder, PublicKeys(known.log, (*known.keys, key)), replace=True)
    return _read(folder)


def _read(folder: Path) -> Signer:
    public = public_keys(folder)
    secrets: dict[bytes, Ed25519PrivateKey] = {}
    for key in public.keys:
        path = _secret_file(folder, key)
        if path.exists():
            found = load_pem_private_key(path.read_bytes(), password=None)
            if isinstance(found, Ed25519PrivateKey):
                secrets[key.key_id] = found
    return Signer(public, secrets)


def _secret_file(folder: Path, key: PublicKey) -> Path:
    return folder / f"journal-{key.key_id.hex()}.pem"


def _keep_secret(folder: Path, key: PublicKey, secret: Ed25519PrivateKey) -> Path:
    path = _secret_file(folder, key)
    kept(path, lambda: secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _publish(folder: Path, public: PublicKeys, *, replace: bool) -> bool:
    """Put the public file in place, whole; say whether it is ours."""
    handle, name = tempfile.mkstemp(dir=folder)
    written = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(public.written())
        file.flush()
        os.fsync(file.fileno())
    written.chmod(ALL_READ)
    give_to_owner(written)
    try:
        if replace:
            written.replace(folder / PUBLIC_FILE)
        else:
            os.link(written, folder / PUBLIC_FILE)
    except FileExistsError:
        return False
    finally:
        written.unlink(missing_ok=True)
    sync_folder(folder)
    return True
