"""The offline verifier: promises, proofs and consistency, with nothing but a public key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from tradeloop.journal.checkpoint import Head, NotProven, PublicKeys, checked, decoded
from tradeloop.journal.leaf import commitment_of, leaf_data, once
from tradeloop.journal.tree import (
    EMPTY_ROOT,
    ProofMisshapen,
    leaf_hash,
    root_by_inclusion,
    roots_by_consistency,
)

PROMISE_FORMAT = "tradeloop.promise.v1"
PROOF_FORMAT = "tradeloop.proof.v1"
CONSISTENCY_FORMAT = "tradeloop.consistency.v1"

SHOWN: Mapping[str, type] = {"id": int, "kind": str, "at": str, "commitment": str}
OBJECT: type = object  # checked where it is used
MEMBERS: Mapping[str, Mapping[str, type]] = {
    PROMISE_FORMAT: {"entry": dict, "signature": str},
    PROOF_FORMAT: {"entry": dict, "leaf_index": int, "path": list, "checkpoint": str},
    CONSISTENCY_FORMAT: {"old": str, "new": str, "path": list},
}
HASH_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Verified:
    """What a paper proves."""

    format: str
    log: str
    says: str
    entry: Mapping[str, Any] | None = None
    size: int | None = None


def verify(text: str, keys: PublicKeys) -> Verified:
    """Check a promise, a proof or a consistency proof.

    Raises:
        NotProven: It does not prove what it says; the message tells where it fails.
    """
    paper = read(text)
    if paper["log"] != keys.log:
        raise NotProven(f"The paper is of log {paper['log']}; the key is of {keys.log}.")
    return CHECKS[paper["format"]](paper, keys)


def read(text: str) -> dict[str, Any]:
    """Read a paper's JSON and its shape; nothing is proven yet."""
    try:
        paper: dict[str, Any] = json.loads(text, object_pairs_hook=once)
        json.dumps(paper, ensure_ascii=False).encode()  # no halves of letters
    except (ValueError, RecursionError) as error:
        raise NotProven(f"The paper is not JSON: {error}.") from None
    found = paper.get("format") if isinstance(paper, dict) else None
    if not isinstance(found, str) or found not in MEMBERS:
        raise NotProven(f"The format is {found!r}; known are {', '.join(MEMBERS)}.")
    _members(paper, {"format": str, "log": str, "key_id": str, **MEMBERS[paper["format"]]})
    return paper


def promised_bytes(promise: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed: the promise as RFC 8785 JSON without its signature."""
    return rfc8785.dumps({key: value for key, value in promise.items() if key != "signature"})


def keeps(promise: str, proof: str, keys: PublicKeys) -> Verified:
    """Check that a proof keeps a promise: both hold, and tell of the same fact.

    Raises:
        NotProven: One does not hold, or they tell of different facts.
    """
    given, kept = verify(promise, keys), verify(proof, keys)
    for field in SHOWN:
        if (given.entry or {}).get(field) != (kept.entry or {}).get(field):
            raise NotProven(f"The promise and the proof differ in {field!r}: not the same fact.")
    return kept


def _promise(paper: dict[str, Any], keys: PublicKeys) -> Verified:
    entry = paper["entry"]
    _members(entry, SHOWN)
    key = keys.by_id(_hex(paper["key_id"], digits=8))
    signature = decoded(paper["signature"])
    try:
        signed = promised_bytes(paper)
    except rfc8785.CanonicalizationError as error:
        raise NotProven(f"The promise is not written as promises are: {error}.") from None
    if not key.verifies(signature, signed):
        raise NotProven(f"The signature under the promise of entry {entry['id']} is not right.")
    says = f"{keys.log} promised that entry {entry['id']} is recorded and will be in the log."
    return Verified(PROMISE_FORMAT, keys.log, says, entry)


def _proof(paper: dict[str, Any], keys: PublicKeys) -> Verified:
    entry = paper["entry"]
    _members(entry, {**SHOWN, "salt": OBJECT, "body": OBJECT})
    head = _signed_by(paper, paper["checkpoint"], keys)
    commitment = _hex(entry["commitment"])
    seen = _body(entry, commitment)
    try:
        data = leaf_data(
            entry_id=entry["id"], kind=entry["kind"], at=entry["at"], commitment=commitment
        )
        root = root_by_inclusion(
            leaf=leaf_hash(data),
            index=paper["leaf_index"],
            size=head.size,
            path=[_hex(one) for one in paper["path"]],
        )
    except (ProofMisshapen, rfc8785.CanonicalizationError) as error:
        raise NotProven(str(error)) from None
    if root != head.root:
        raise NotProven(
            f"The path of entry {entry['id']} does not lead to the root that was signed: "
            f"{root.hex()} instead of {head.root.hex()}. Something of the fact was changed."
        )
    says = (
        f"Entry {entry['id']} ({entry['kind']}, {entry['at']}) is leaf {paper['leaf_index']} of "
        f"{keys.log} at size {head.size}; {seen}"
    )
    return Verified(PROOF_FORMAT, keys.log, says, entry, head.size)


def _consistency(paper: dict[str, Any], keys: PublicKeys) -> Verified:
    old, new = checked(paper["old"], keys), _signed_by(paper, paper["new"], keys)
    path = [_hex(one) for one in paper["path"]]
    if old.size in {0, new.size}:
        roots = (EMPTY_ROOT, new.root) if old.size == 0 else (new.root, new.root)
        if path:
            raise NotProven(f"A path of {len(path)} steps is none from {old.size} to {new.size}.")
    else:
        try:
            roots = roots_by_consistency(old=old.size, new=new.size, old_root=old.root, path=path)
        except ProofMisshapen as error:
            raise NotProven(str(error)) from None
    if roots != (old.root, new.root):
        raise NotProven(
            f"The log of {new.size} facts does not add to the one of {old.size}: it was changed. "
            "Keep both checkpoints: its own key has signed them."
        )
    says = f"{keys.log} at size {new.size} only adds to what it was at size {old.size}."
    return Verified(CONSISTENCY_FORMAT, keys.log, says, None, new.size)


CHECKS = {PROMISE_FORMAT: _promise, PROOF_FORMAT: _proof, CONSISTENCY_FORMAT: _consistency}


def _signed_by(paper: Mapping[str, Any], note: str, keys: PublicKeys) -> Head:
    """Return what a note says; its key must be the one that the paper names."""
    head = checked(note, keys)
    key_id = keys.at(head.size).key_id.hex()
    if paper["key_id"] != key_id:
        raise NotProven(f"The paper names key {paper['key_id']}; its checkpoint has {key_id}.")
    return head


def _body(entry: Mapping[str, Any], commitment: bytes) -> str:
    salt, body = entry["salt"], entry["body"]
    if salt is None and body is None:
        return "what it said was erased, or is not shown."
    if not isinstance(salt, str) or not isinstance(body, str):
        raise NotProven("Salt and body are both there or both null; here they are not.")
    try:
        made = commitment_of(_hex(salt, digits=len(salt)), body)
    except UnicodeEncodeError:
        raise NotProven("The body is not text that can be written.") from None
    if made != commitment:
        raise NotProven(f"The body of entry {entry['id']} is not the one that was recorded.")
    return "its body is the one that was recorded."


def _members(said: Mapping[str, Any], expected: Mapping[str, type]) -> None:
    if odd := set(expected).symmetric_difference(said):
        raise NotProven(
            f"Check {', '.join(sorted(odd))}: there must be exactly {', '.join(sorted(expected))}."
        )
    for name, kind in expected.items():
        # To Python true and false are whole numbers; in a paper they are not.
        if not isinstance(said[name], kind) or isinstance(said[name], bool):
            raise NotProven(f"{name!r} is {said[name]!r}; it must be of type {kind.__name__}.")


def _hex(text: object, *, digits: int = HASH_DIGITS) -> bytes:
    try:
        raw = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        raw = b""
    if raw.hex() != text or len(raw) * 2 != digits:
        raise NotProven(f"{str(text)[:80]!r} is not {digits} small hexadecimal digits.")
    return raw
