"""The audit: a copy of the log is recomputed line by line, and each damage told by its name."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradeloop.journal.checkpoint import Head, NotProven, PublicKeys, checked
from tradeloop.journal.leaf import commitment_of, leaf_data
from tradeloop.journal.tree import EMPTY_ROOT, Edge, leaf_hash

LOG_FORMAT = "tradeloop.log.v1"
ERASED = "journal.erased"
ENTRY: Mapping[str, tuple[type, ...]] = {
    "index": (int,), "id": (int,), "kind": (str,), "at": (str,), "commitment": (str,),
    "salt": (str, type(None)), "body": (str, type(None)), "leaf": (str,),
}  # fmt: skip
CHECKPOINT: Mapping[str, tuple[type, ...]] = {"size": (int,), "root": (str,), "note": (str,)}
SHOWN_MAX = 120


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it must be."""

    where: str
    field: str
    seen: str
    expected: str

    def __str__(self) -> str:
        """Return the damage as a sentence."""
        return f"{self.where}, {self.field}: {self.seen}; expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit came to, besides the damages that it told."""

    log: str
    size: int
    root: bytes
    checkpoints: int
    erased: int


class Audit:
    """Goes through a log once; holds the tree's right edge and the erasures, nothing else."""

    def __init__(
        self, keys: PublicKeys, *, held: Sequence[str] = (), erased: Iterable[int] = ()
    ) -> None:
        """Begin at the empty log.

        Args:
            keys: The log's public keys, from somewhere else than the copy itself.
            held: Checkpoints that somebody kept: what a changed and newly signed log cannot match.
            erased: Facts that were erased, as told by facts that have no place in the log yet.
        """
        self._keys = keys
        self._held = sorted((checked(note, keys) for note in held), key=lambda head: head.size)
        # One tree over what the facts say, one over the hashes kept beside them: the same tree
        # until they differ. That damage is told by name, and either may be what was signed.
        self._by_facts = self._by_hashes = Edge()
        self._agreed = 0  # the size of the last checkpoint whose root was found
        self._lost = False  # a root was not found: neither will be any later one
        self._next = 0
        self._checkpoints, self._last_size = 0, -1
        self._is_erased: set[int] = set()
        self._told_erased = set(erased)

    def line(self, line: Mapping[str, Any]) -> Iterator[Damage]:
        """Take the next line of the copy."""
        match line:
            case {"entry": Mapping() as entry} if len(line) == 1:
                yield from self._entry(entry)
            case {"checkpoint": Mapping() as checkpoint} if len(line) == 1:
                yield from self._checkpoint(checkpoint)
            case _:
                where = f"after {self._next} facts"
                yield Damage(where, "line", _short(line), "an entry or a checkpoint")

    def end(self) -> Iterator[Damage]:
        """Say what only the whole log can tell."""
        size = self._next
        for head in self._held:
            if head.size > size:
                yield Damage("log", "size", str(size), f"{head.size}, as in a checkpoint you hold")
        if self._last_size != size and size:
            yield Damage(
                "log",
                "last checkpoint",
                str(max(self._last_size, 0)),
                f"{size}, as there are facts",
            )
        for entry_id in sorted(self._is_erased - self._told_erased):
            yield Damage(f"entry {entry_id}", "body", "none", f"a body, or a fact {ERASED}")
        for entry_id in sorted(self._told_erased - self._is_erased):
            yield Damage(f"entry {entry_id}", "body", "there", f"none: a fact {ERASED} names it")

    def result(self) -> Audited:
        """Return what the audit came to."""
        return Audited(
            self._keys.log, self._by_facts.size, self._by_facts.root(), self._checkpoints,
            len(self._is_erased),
        )  # fmt: skip

    def _entry(self, entry: Mapping[str, Any]) -> Iterator[Damage]:
        damages = tuple(entry_damages(entry))
        yield from damages
        index = entry.get("index")
        if _is(index, (int,)) and index != self._next:
            yield Damage(_name(entry), "index", str(index), f"{self._next}, behind the one before")
            self._next = int(str(index))
            self._lost = True  # without the missing leaf no root can be found
        self._next += 1
        kept = _hashed(entry.get("leaf"))
        own = _leaf_of(entry) if damages else kept  # without damage they are equal
        self._grow(own or kept or EMPTY_ROOT, kept or own or EMPTY_ROOT)
        yield from self._against_held()
        if not damages:
            yield from self._erasures(entry)

    def _grow(self, own: bytes, kept: bytes) -> None:
        if own != kept and self._by_hashes is self._by_facts:
            self._by_hashes = copy.deepcopy(self._by_facts)
        self._by_facts.add(own)
        if self._by_hashes is not self._by_facts:
            self._by_hashes.add(kept)

    def _erasures(self, entry: Mapping[str, Any]) -> Iterator[Damage]:
        if entry["body"] is None:
            self._is_erased.add(entry["id"])
        elif entry["kind"] == ERASED:
            try:
                self._told_erased.add(int(json.loads(entry["body"])["entry"]))
            except (ValueError, TypeError, KeyError):
                yield Damage(_name(entry), "body", _short(entry["body"]), "the entry erased")

    def _checkpoint(self, said: Mapping[str, Any]) -> Iterator[Damage]:
        self._checkpoints += 1
        if odd := tuple(_misshapen(said, CHECKPOINT, f"checkpoint of {said.get('size')}")):
            yield from odd
            return
        where = f"checkpoint of {said['size']}"
        try:
            head = checked(said["note"], self._keys)
        except NotProven as error:
            yield Damage(where, "note", str(error), "a note that the log's key signed")
            return
        if head.size != said["size"]:
            yield Damage(where, "size", str(said["size"]), f"{head.size}, as its note says")
        if head.root.hex() != said["root"]:
            yield Damage(where, "root", said["root"], f"{head.root.hex()}, as its note says")
        if head.size <= self._last_size:
            yield Damage(where, "order", f"after that of {self._last_size}", "growing sizes")
        self._last_size = max(self._last_size, head.size)
        if head.size != self._next:
            yield Damage(where, "place", f"after {self._next} facts", f"after {head.size}")
            return
        yield from self._root(head, where)

    def _root(self, head: Head, where: str) -> Iterator[Damage]:
        found = {self._by_facts.root(), self._by_hashes.root()}
        if head.root in found:
            self._agreed = head.size
        elif not self._lost:
            self._lost = True
            yield Damage(
                where,
                f"root over leaves {self._agreed} to {head.size - 1}",
                self._by_facts.root().hex(),
                f"{head.root.hex()}, which was signed; later roots cannot be right either",
            )

    def _against_held(self) -> Iterator[Damage]:
        size = self._next
        while self._held and self._held[0].size <= size:
            head = self._held.pop(0)
            if head.size == size and head.root not in {
                self._by_facts.root(), self._by_hashes.root(),
            }:  # fmt: skip
                yield Damage(
                    f"log at {size}", "root", self._by_facts.root().hex(),
                    f"{head.root.hex()}, as in a checkpoint you hold",
                )  # fmt: skip


def audit(
    lines: Iterable[Mapping[str, Any]], keys: PublicKeys, *, held: Sequence[str] = (),
    erased: Iterable[int] = (),
) -> Iterator[Damage | Audited]:  # fmt: skip
    """Tell each damage of a copy of the log as it is found, and at last what there is."""
    going = Audit(keys, held=held, erased=erased)
    for line in lines:
        yield from going.line(line)
    yield from going.end()
    yield going.result()


def entry_damages(entry: Mapping[str, Any]) -> Iterator[Damage]:
    """Tell what is wrong with one entry by itself: its shape, its body, its hash."""
    where = _name(entry)
    if odd := tuple(_misshapen(entry, ENTRY, where)):
        yield from odd
        return
    commitment, kept = _hashed(entry["commitment"]), _hashed(entry["leaf"])
    for field, value in (("commitment", commitment), ("leaf", kept)):
        if value is None:
            yield Damage(where, field, _short(entry[field]), "64 small hexadecimal digits")
    if commitment is None or kept is None:
        return
    own, made = _leaf_of(entry), _made(entry)
    if (entry["salt"] is None) != (entry["body"] is None):
        field = "salt" if entry["salt"] is None else "body"
        yield Damage(where, field, "none", "salt and body both, or neither")
    elif made != commitment and made is not None:
        if own != kept and _leaf_of({**entry, "commitment": made.hex()}) == kept:
            yield Damage(where, "commitment", commitment.hex(), made.hex())
            return
        seen = f"a commitment of {made.hex()}"
        yield Damage(where, "salt or body", seen, commitment.hex())
    if own != kept:
        seen = own.hex() if own else "what no leaf can hold"
        yield Damage(where, "id, kind, at, commitment or leaf", f"a hash of {seen}", kept.hex())


def _made(entry: Mapping[str, Any]) -> bytes | None:
    """Return the commitment that salt and body make; None if they are erased."""
    if entry["salt"] is None or entry["body"] is None:
        return None
    try:
        salt = bytes.fromhex(entry["salt"])
        made = commitment_of(salt, entry["body"])
    except (ValueError, UnicodeEncodeError):
        return b""  # no commitment at all
    return made if salt.hex() == entry["salt"] else b""  # one spelling only


def _leaf_of(entry: Mapping[str, Any]) -> bytes | None:
    try:
        return leaf_hash(
            leaf_data(
                entry_id=entry["id"], kind=entry["kind"], at=entry["at"],
                commitment=bytes.fromhex(entry["commitment"]),
            )
        )  # fmt: skip
    except (ValueError, TypeError, KeyError):  # what RFC 8785 cannot write is a ValueError too
        return None


def _misshapen(
    said: Mapping[str, Any], expected: Mapping[str, tuple[type, ...]], where: str
) -> Iterator[Damage]:
    for name in sorted(set(said) - set(expected)):
        yield Damage(where, str(name), "there", "no such field")
    for name, kinds in expected.items():
        if not _is(said.get(name), kinds):
            kind = "text" if str in kinds else "a whole number"
            yield Damage(where, name, _short(said.get(name, "nothing")), kind)


def _is(value: object, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _hashed(text: object) -> bytes | None:
    try:
        raw = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return None
    return raw if len(raw) == len(EMPTY_ROOT) and raw.hex() == text else None


def _name(entry: Mapping[str, Any]) -> str:
    return f"leaf {_short(entry.get('index'))}, entry {_short(entry.get('id'))}"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
