"""Are two buyers one: numbers decide, names suggest, and people settle what is in between."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from tradeloop.parties.alike import compare_names
from tradeloop.parties.facts import (
    Buyer,
    Decision,
    IdentityNumber,
    Likeness,
    NamesCompared,
    Verdict,
)
from tradeloop.parties.names import name_of
from tradeloop.parties.terms import LikenessTerms

NUMBER_LENGTH_MIN = 5
DIFFERENT_LETTERS_MIN = 2


def compare(
    first: Buyer, second: Buyer, *, terms: LikenessTerms, decisions: Iterable[Decision] = ()
) -> Likeness:
    """Say whether two buyers are one, with all that speaks for and against it.

    A decision of a person on this pair counts first, the latest of several. Then an equal number
    of one register. Names alone never decide: the same name in the same country does. The caller
    keeps decisions; what they say stands however numbers and names change, and is told beside.
    """
    names = _best_names(first, second, terms)
    agree, differ = ["name"] if names.score_bp >= terms.possible_at_bp else [], []
    reasons = list(names.reasons)
    if not agree:
        differ.append("name")
    score = names.score_bp

    equal, conflicting = _numbers(first, second)
    if equal:
        agree.append("number")
        reasons.append(f"both bear {equal}")
    if conflicting:
        differ.append("number")
        reasons.append(f"each bears another number: {conflicting}")
        score -= terms.number_conflict_bp
    if first.country and second.country:
        (agree if first.country == second.country else differ).append("country")
        if first.country != second.country:
            reasons.append(f"countries differ: {' and '.join(_two(first, second))}")
            score -= terms.country_conflict_bp
    if first.addresses and second.addresses:
        alike = _addresses_agree(first, second)
        (agree if alike else differ).append("address")

    score = max(0, score)
    verdict = _verdict(score, agree, differ, terms=terms)
    if verdict is Verdict.POSSIBLY and "country" not in agree and "number" not in differ:
        reasons.append("a name without the same country does not decide")
    verdict, decided = _decided(verdict, first, second, decisions)
    return Likeness(
        verdict=verdict, score_bp=score, agree=tuple(agree), differ=tuple(differ),
        reasons=(*decided, *reasons),
    )  # fmt: skip


def same_number(first: IdentityNumber, second: IdentityNumber) -> bool:
    """Whether two numbers are one: of one kind, and not of registers of two countries.

    Signs between letters and digits do not count. What is too short or one letter repeated, as in
    000000, is no number of anybody.
    """
    a, b = plain_number(first.text), plain_number(second.text)
    return (
        _one_register(first, second)
        and a == b
        and len(a) >= NUMBER_LENGTH_MIN
        and len(set(a)) >= DIFFERENT_LETTERS_MIN
    )


def plain_number(text: str) -> str:
    """Return a number by its letters and digits alone."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()


def _verdict(score: int, agree: list[str], differ: list[str], *, terms: LikenessTerms) -> Verdict:
    if "number" in agree:
        # Two numbers that say two things are for a person, whatever the names.
        return Verdict.POSSIBLY if "number" in differ else Verdict.SAME
    if score >= terms.same_at_bp and "country" in agree and "number" not in differ:
        return Verdict.SAME
    return Verdict.POSSIBLY if score >= terms.possible_at_bp else Verdict.DIFFERENT


def _best_names(first: Buyer, second: Buyer, terms: LikenessTerms) -> NamesCompared:
    found = [
        compare_names(name_of(a), name_of(b), terms=terms)
        for a, b in product((*first.names, *first.aliases), (*second.names, *second.aliases))
    ]
    nothing = NamesCompared(score_bp=0, reasons=("one buyer has no name",))
    # The reasons make the choice the same from either side.
    return max(found, key=lambda one: (one.score_bp, one.reasons), default=nothing)


def _numbers(first: Buyer, second: Buyer) -> tuple[str, str]:
    equal, conflicting = "", ""
    for a, b in product(first.numbers, second.numbers):
        if same_number(a, b):
            equal = f"{a.kind} {plain_number(a.text)}"
        elif (
            a.country == b.country
            and _one_register(a, b)
            and plain_number(a.text) != plain_number(b.text)
        ):
            conflicting = a.kind
    return equal, conflicting


def _one_register(first: IdentityNumber, second: IdentityNumber) -> bool:
    countries = {first.country, second.country} - {None}
    return first.kind == second.kind and len(countries) <= 1


def _addresses_agree(first: Buyer, second: Buyer) -> bool:
    return any(
        set(name_of(a).tokens) == set(name_of(b).tokens)
        for a, b in product(first.addresses, second.addresses)
    )


def _decided(
    verdict: Verdict, first: Buyer, second: Buyer, decisions: Iterable[Decision]
) -> tuple[Verdict, tuple[str, ...]]:
    pair = frozenset({first.key, second.key})
    last = max((d for d in decisions if d.pair == pair), key=lambda d: d.at, default=None)
    if last is None:
        return verdict, ()
    decided = Verdict.SAME if last.same else Verdict.DIFFERENT
    told = f"{last.by} decided on {last.at:%Y-%m-%d}: {decided}"
    if verdict not in {decided, Verdict.POSSIBLY}:
        told += f"; what is known now says {verdict}, look again"
    return decided, (told,)


def _two(first: Buyer, second: Buyer) -> list[str]:
    return sorted((first.country or "", second.country or ""))
