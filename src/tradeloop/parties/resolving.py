"""Whom a paper means: a known buyer, one that came before it in the call, or a new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tradeloop.kit import codes
from tradeloop.parties.candidates import Filed, NameKeys, near
from tradeloop.parties.facts import Buyer, IdentityNumber, Likeness, Told, Verdict
from tradeloop.parties.likeness import compare
from tradeloop.parties.names import name_of
from tradeloop.parties.terms import LikenessTerms
from tradeloop.parties.tokens import (
    cleaned,
    key_of,
    kind_of,
    masked,
    number_token,
    told_token,
)
from tradeloop.store.database import cursor

ALIASES = """
select b.id, b.key, coalesce(c.key, b.key), l.name, l.country, l.number_kind, l.number_token
from parties_buyer as b
left join parties_buyer as c on c.id = b.canonical_id
join parties_alias as l on l.buyer_id = b.id
where b.id = any(%s)
order by l.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was told, made ready: cleaned, its number a token."""

    told: Told
    token: bytes
    number: bytes | None
    kind: str
    masked: str | None
    refused: str = ""

    @property
    def buyer(self) -> Buyer:
        """What was told, as a buyer to compare."""
        return Buyer(
            key="told", names=(self.told.name,), country=self.told.country,
            numbers=self.numbers(self.told.country),
        )  # fmt: skip

    def numbers(self, country: str | None) -> tuple[IdentityNumber, ...]:
        """Return its number by its token, or nothing."""
        if self.number is None:
            return ()
        return (IdentityNumber(kind=self.kind, text=self.number.hex(), country=country),)


@dataclass(slots=True)
class Candidate:
    """A buyer with what is known of it, in the database or from earlier in the call."""

    key: str
    canonical: str
    id: int | None = None
    place: int = 0  # in the call, from 1; 0 where it was not yet told of
    names: dict[object, str] = field(default_factory=dict)
    countries: list[str] = field(default_factory=list)
    numbers: list[IdentityNumber] = field(default_factory=list)

    def add(self, name: str, country: str | None, numbers: Iterable[IdentityNumber]) -> None:
        """Learn one more way in which papers tell of it."""
        read = name_of(name)
        self.names.setdefault((read.tokens, read.native, read.forms), name)
        if country and country not in self.countries:
            self.countries.append(country)
        self.numbers += [number for number in numbers if number not in self.numbers]

    def seen_from(self, country: str | None) -> Buyer:
        """Return it as a buyer; of several countries the one asked for, else the first known."""
        own = country if country in self.countries else next(iter(self.countries), None)
        return Buyer(
            key=self.key, names=tuple(self.names.values()), country=own,
            numbers=tuple(self.numbers),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Where one reading ended, and whom else it may mean."""

    reading: Reading
    keys: NameKeys
    buyer: Candidate
    is_new: bool
    possibly: tuple[tuple[Candidate, Likeness], ...]


def read(told: Told, secret: bytes) -> Reading:
    """Return what was told, cleaned; what can name nobody is refused, with the reason."""
    name = cleaned(told.name)
    found = codes.country((told.country or "").strip().upper())
    clean = Told(
        name=name, country=found.iso3 if found else None, number=told.number,
        number_kind=told.number_kind,
    )  # fmt: skip
    number = number_token(secret, told.number_kind, told.number)
    refused = ""
    if not name_of(name).tokens and number is None:
        refused = (
            f"The name {name!r} has no letter, and no identity number stands beside it. "
            "Record the buyer's name, country and passport or company number."
        )
    return Reading(
        told=clean, token=told_token(secret, clean), number=number, kind=kind_of(told),
        masked=masked(told.number) if number else None, refused=refused,
    )  # fmt: skip


def admit(readings: Sequence[Reading], *, terms: LikenessTerms) -> list[Admitted]:
    """Find for each reading whom it means, in their order; nothing is written.

    The caller holds the lock of resolving. A number decides first; then the same name in the same
    country, if only one buyer has it. Of several, no name can choose: it is a new buyer, possibly
    each of them.
    """
    keys = [NameKeys.of(name_of(one.told.name)) for one in readings]
    by_name = near([(k, one.told.country) for k, one in zip(keys, readings, strict=True)])
    by_number = _bearers([one.number for one in readings if one.number])
    known = _candidates(
        {one for found in (*by_name.values(), *by_number.values()) for one in found}
    )
    filed, came, bearers = Filed(), dict[str, Candidate](), defaultdict[bytes, list[str]](list)
    done = []
    for at, (reading, its_keys) in enumerate(zip(readings, keys, strict=True)):
        ids = {*by_name.get(at, ()), *by_number.get(reading.number or b"", ())}
        met = {known[one].key: known[one] for one in ids}
        for key in (*filed.near(its_keys), *bearers.get(reading.number or b"", ())):
            met.setdefault(key, came[key])
        one = _decided(reading, its_keys, sorted(met.values(), key=_age), terms=terms)
        one.buyer.place = one.buyer.place or at + 1
        done.append(one)
        came[one.buyer.key] = one.buyer
        one.buyer.add(
            reading.told.name, reading.told.country, reading.numbers(reading.told.country)
        )
        filed.add(one.buyer.key, its_keys)
        if reading.number:
            bearers[reading.number].append(one.buyer.key)
    return done


def _age(one: Candidate) -> tuple[bool, int]:
    """Return what sorts the eldest first: those of the database, then as the call told of them."""
    return one.id is None, one.place if one.id is None else one.id


def _decided(
    reading: Reading, keys: NameKeys, met: Sequence[Candidate], *, terms: LikenessTerms
) -> Admitted:
    asked = reading.buyer
    found = [(one, _compared(asked, one, reading, terms)) for one in met]
    found = [(one, likeness) for one, likeness in found if likeness.verdict != Verdict.DIFFERENT]
    bearing = [pair for pair in found if "number" in pair[1].agree]
    same = [pair for pair in found if pair[1].verdict is Verdict.SAME]
    chosen: Candidate | None = None
    if bearing:
        chosen = max(bearing, key=lambda pair: pair[1].score_bp)[0]
    elif len({one.canonical for one, _ in same}) == 1:
        chosen = max(same, key=lambda pair: pair[1].score_bp)[0]
    key = key_of(reading.token)
    buyer = chosen or Candidate(key=key, canonical=key)
    others = [pair for pair in found if pair[0].canonical != buyer.canonical]
    return Admitted(
        reading=reading, keys=keys, buyer=buyer, is_new=chosen is None, possibly=tuple(others)
    )


def _compared(asked: Buyer, one: Candidate, reading: Reading, terms: LikenessTerms) -> Likeness:
    likeness = compare(asked, one.seen_from(asked.country), terms=terms)
    reasons = likeness.reasons
    verdict = likeness.verdict
    if reading.number:
        text = reading.number.hex().upper()
        reasons = tuple(reason.replace(text, reading.masked or "") for reason in reasons)
        shared = any(number.text == reading.number.hex() for number in one.numbers)
        if shared and "number" not in likeness.agree:
            reasons = (f"both bear {reading.kind} {reading.masked}, of two countries", *reasons)
            verdict = Verdict.POSSIBLY
    return Likeness(
        verdict=verdict, score_bp=likeness.score_bp, agree=likeness.agree, differ=likeness.differ,
        reasons=reasons,
    )  # fmt: skip


def _bearers(numbers: Sequence[bytes]) -> Mapping[bytes, list[int]]:
    found = defaultdict[bytes, list[int]](list)
    if numbers:
        with cursor() as cur:
            cur.execute(
                "select distinct number_token, buyer_id from parties_alias "
                "where number_token = any(%s) order by buyer_id",
                (list(set(numbers)),),
            )
            for number, buyer in cur.fetchall():
                found[bytes(number)].append(buyer)
    return found


def _candidates(ids: Iterable[int]) -> Mapping[int, Candidate]:
    found: dict[int, Candidate] = {}
    with cursor() as cur:
        cur.execute(ALIASES, (sorted(ids),))
        for id_, key, canonical, name, country, kind, number in cur.fetchall():
            one = found.setdefault(id_, Candidate(key=key, canonical=canonical, id=id_))
            numbers = (
                [IdentityNumber(kind=kind, text=bytes(number).hex(), country=country)]
                if number
                else []
            )
            one.add(name, country, numbers)
    return found
