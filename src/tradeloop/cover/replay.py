"""Every answer is worked out again from what was given, and laid beside what was said then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from tradeloop.cover.facts import Grade, Offer, Outcome
from tradeloop.cover.queries import Decided, decisions
from tradeloop.cover.rules import judge, last_day_missed
from tradeloop.cover.terms import CoverTerms
from tradeloop.kit.money import Money
from tradeloop.kit.terms import digest, in_force, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A decision that today's rules answer otherwise: both texts, for a person to compare."""

    id: int
    trade: str
    said: str
    now: str


def replay(scheme: str, terms: Sequence[CoverTerms]) -> Iterator[Differs | None]:
    """Replay all decisions of a scheme; None for each that comes to the same bytes."""
    by_digest = {digest(one): one for one in terms}
    for one in decisions(scheme):
        yield _again(one, by_digest)


def _again(one: Decided, terms: Mapping[str, CoverTerms]) -> Differs | None:
    given = json.loads(one.given)
    if given["offer"] is None:
        return None  # it was no offer yet: its papers lacked something, and no rule was asked
    if one.terms not in terms:
        return Differs(
            id=one.id, trade=one.trade, said=one.said,
            now=f"the terms of digest {one.terms} are not in the scheme any more",
        )  # fmt: skip
    found = [plain(finding) for finding in judge(offer_of(given["offer"]), terms[one.terms])]
    codes = {finding["code"] for finding in found}
    # What the scheme's own rules said; registers and registry answered beside them.
    said = [
        finding
        for finding in one.findings
        if finding["source"] == terms[one.terms].source or finding["code"] in codes
    ]
    if said == found:
        return None
    return Differs(
        id=one.id, trade=one.trade, said=json.dumps(said, ensure_ascii=False),
        now=json.dumps(found, ensure_ascii=False),
    )  # fmt: skip


def late_accepted(
    said: Sequence[Decided], terms: Sequence[CoverTerms]
) -> Mapping[int, tuple[date, date]]:
    """Return the answers that certified what was declared late: the day of it, and the last one."""
    found = {}
    for one in said:
        given = json.loads(one.given)["offer"]
        if one.outcome != Outcome.CERTIFIED or given is None:
            continue
        offer = offer_of(given)
        last = last_day_missed(offer, in_force(terms, max(offer.shipped_on, terms[0].from_date)))
        if last is not None and offer.declared_on is not None:
            found[one.id] = offer.declared_on, last
    return found


def offer_of(given: Mapping[str, Any]) -> Offer:
    """Return the offer that was written as JSON; what was not asked then is absent."""
    values = {one.name: _value(one.type, given.get(one.name)) for one in fields(Offer)}
    return Offer(**values)


def _value(kind: object, value: Any) -> Any:  # noqa: ANN401 - a field of an offer
    if value is None:
        return None
    said = str(kind)
    if said.startswith("Money"):
        return Money(int(value["minor"]), value["currency"])
    if said.startswith("date"):
        return date.fromisoformat(value)
    return Grade(value) if said == "Grade" else value
