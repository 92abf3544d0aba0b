"""The log's size and root as a signed note (C2SP tlog-checkpoint), made and checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEYS_FORMAT = "tradeloop.keys.v1"
ED25519 = b"\x01"  # the algorithm byte of C2SP signed notes
KEY_ID_BYTES = 4
SIGNATURE_LINE = re.compile(r"— (\S+) (\S+)\Z")
SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
ROOT_BYTES = 32


class NotProven(Exception):
    """What was handed in does not prove what it says."""


class KeysUnreadable(Exception):
    """A file of public keys is not one."""


@dataclass(frozen=True, slots=True)
class Head:
    """The log at one size."""

    log: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key of a log; it signs checkpoints from `from_size` on, until the next one."""

    log: str
    raw: bytes
    from_size: int

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ algorithm ‖ key)."""
        named = self.log.encode() + b"\n" + ED25519 + self.raw
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def written(self) -> str:
        """Return the key as C2SP writes it: name+id+base64."""
        encoded = base64.b64encode(ED25519 + self.raw).decode()
        return f"{self.log}+{self.key_id.hex()}+{encoded}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Say whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """All keys that a log ever had, oldest first: what anybody needs to check its papers."""

    log: str
    keys: tuple[PublicKey, ...]

    @classmethod
    def read(cls, text: str) -> PublicKeys:
        """Read the public file of a log.

        Raises:
            KeysUnreadable: It is not one; the message says where it departs.
        """
        try:
            said = json.loads(text)
            if said["format"] != KEYS_FORMAT:
                raise KeysUnreadable(f"The format is {said['format']!r}; {KEYS_FORMAT} is read.")
            keys = tuple(_key(one["key"], one["from_size"]) for one in said["keys"])
            found = cls(str(said["log"]), keys)
        except (
            ValueError, KeyError, TypeError, AttributeError, RecursionError, NotProven,
        ) as error:  # fmt: skip
            raise KeysUnreadable(f"This is no file of {KEYS_FORMAT}: {error!r}.") from None
        sizes = [one.from_size for one in keys]
        if not keys or any(one.log != found.log for one in keys) or sizes != sorted(set(sizes)):
            raise KeysUnreadable(
                "The keys must be of one log, each from a larger size than the one before. "
                "Ask the log's keeper for the file anew."
            )
        return found

    def written(self) -> str:
        """Return the public file's text."""
        keys = [{"key": one.written(), "from_size": one.from_size} for one in self.keys]
        return json.dumps({"format": KEYS_FORMAT, "log": self.log, "keys": keys}, indent=2) + "\n"

    def at(self, size: int) -> PublicKey:
        """Return the key that signs the checkpoint of this size."""
        in_force = [one for one in self.keys if one.from_size <= size]
        if not in_force:
            raise NotProven(f"No key of {self.log} signs size {size}. Ask for its key file anew.")
        return in_force[-1]

    def by_id(self, key_id: bytes) -> PublicKey:
        """Return the key with this id."""
        for one in self.keys:
            if one.key_id == key_id:
                return one
        raise NotProven(
            f"Key {key_id.hex()} is none of {self.log}. Ask the log's keeper for its key file anew."
        )


def signed(head: Head, *, key: PublicKey, sign: Callable[[bytes], bytes]) -> str:
    """Return the checkpoint of `head`, signed."""
    text = f"{head.log}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    signature = base64.b64encode(key.key_id + sign(text.encode())).decode()
    return f"{text}\n— {key.log} {signature}\n"


def read(note: str) -> Head:
    """Read a checkpoint without trusting it.

    Raises:
        NotProven: It is not a checkpoint; the message says why.
    """
    text, _ = _halves(note)
    log, size, root, *_ = [*text.split("\n"), "", ""]
    if not log or not SIZE.match(size):
        raise NotProven(f"The checkpoint says log {log!r}, size {size!r}: not what C2SP writes.")
    raw = decoded(root)
    if len(raw) != ROOT_BYTES:
        raise NotProven(f"The root of the checkpoint of size {size} has {len(raw)} bytes, not 32.")
    return Head(log, int(size), raw)


def checked(note: str, keys: PublicKeys) -> Head:
    """Return what a checkpoint says, if the log's key in force at its size signed it.

    Other signatures (witnesses', later keys') may stand beside it and are passed over.

    Raises:
        NotProven: It is of another log, or nobody who may has signed it.
    """
    head = read(note)
    if head.log != keys.log:
        raise NotProven(f"The checkpoint is of log {head.log}; the key is of {keys.log}.")
    key = keys.at(head.size)
    text, lines = _halves(note)
    for line in lines:
        name, raw = _signature(line)
        if name == key.log and raw[:KEY_ID_BYTES] == key.key_id:
            if key.verifies(raw[KEY_ID_BYTES:], text.encode()):
                return head
            raise NotProven(f"The signature on the checkpoint of size {head.size} is not right.")
    raise NotProven(
        f"Key {key.key_id.hex()} of {key.log} has not signed the checkpoint of size {head.size}."
    )


def _halves(note: str) -> tuple[str, list[str]]:
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NotProven("A checkpoint is three lines, an empty one, and signatures.")
    return text + "\n", signatures[:-1].split("\n")


def _signature(line: str) -> tuple[str, bytes]:
    found = SIGNATURE_LINE.match(line)
    if not found:
        raise NotProven(f"The signature line {line[:80]!r} is not what C2SP writes.")
    return found[1], decoded(found[2])


def _key(text: str, from_size: object) -> PublicKey:
    log, key_id, encoded = text.split("+", 2)
    raw = decoded(encoded)
    if raw[:1] != ED25519 or len(raw) != 1 + ROOT_BYTES:
        raise KeysUnreadable(f"{text}: not an Ed25519 key.")
    if type(from_size) is not int or from_size < 0:
        raise KeysUnreadable(f"{text}: from_size is {from_size!r}; a whole number is needed.")
    key = PublicKey(log, raw[1:], from_size)
    if key.key_id.hex() != key_id:
        raise KeysUnreadable(f"{text}: the id of this key is {key.key_id.hex()}.")
    return key


def decoded(text: str) -> bytes:
    """Return what base64 stands for; one spelling only, so that no paper has two.

    Raises:
        NotProven: It is not base64, or not as it is written.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotProven(f"{text[:80]!r} is not base64.") from None
    if base64.b64encode(raw).decode() != text:
        raise NotProven(f"{text[:80]!r} is not base64 as it is written.")
    return raw
