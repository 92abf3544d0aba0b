"""Cover begins by itself: trades are offered, judged, held once, certified, a set at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from tradeloop.cover import holding
from tradeloop.cover.answered import NEVER, answered_before, not_certified
from tradeloop.cover.certifying import Wanted, certify_buyers, lock_buyers
from tradeloop.cover.debts import open_debts, unpaid_when_declared
from tradeloop.cover.facts import Answered, Certificate, Offer, Outcome
from tradeloop.cover.offering import Known, declared_on, offer_of, policy_for
from tradeloop.cover.policies import begin_by_themselves
from tradeloop.cover.registers import known_of
from tradeloop.cover.rules import judge
from tradeloop.cover.terms import CoverTerms
from tradeloop.journal.actions import record
from tradeloop.kit.cycles import without_cycles
from tradeloop.kit.findings import Finding, Weight
from tradeloop.kit.money import Money
from tradeloop.kit.terms import digest, in_force, written
from tradeloop.ledger.rates import NoRate, convert
from tradeloop.parties.tokens import person_key
from tradeloop.store.database import cursor, plan_for_few
from tradeloop.trades.offers import OfferedTrade

FEW = 100
"""Up to so many trades the questions of a set take longer to plan than to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """What cover trades are offered for, and how.

    `rates` is whose exchange rates count for debts in another currency than the limit's, no older
    than `rate_age_days_max`; without it such trades wait. `secret` is the key under which identity
    numbers are kept. Only trades of the names in `chosen` are offered; none means all.
    """

    scheme: str
    terms: Sequence[CoverTerms]
    on: date
    now: Callable[[], datetime]
    secret: bytes
    source: str
    policies_begin: bool = True  # a merchant on file needs no visit to get a policy
    rates: str | None = None
    rate_age_days_max: int = 7
    chosen: frozenset[str] = frozenset()


@dataclass(slots=True)
class Covered:
    """What offering did: trades by outcome, reasons by code, and the answers as they came.

    `as-before` is a trade that was answered before and whose papers say nothing new.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    covered_minor: Counter[str] = field(default_factory=Counter)
    uncovered_minor: Counter[str] = field(default_factory=Counter)
    answers: list[Answered] = field(default_factory=list)


@dataclass(slots=True)
class _Case:
    """One trade on its way through a set."""

    trade: OfferedTrade
    given: str
    terms: str  # the digest of its own day's
    offer: Offer | None
    findings: list[Finding]
    hold: UUID
    policy: str | None = None
    rate: str | None = None

    @property
    def codes(self) -> str:
        """Every reason by its code."""
        return " ".join(one.code for one in self.findings)

    @property
    def outcome(self) -> Outcome:
        """What the reasons come to."""
        weights = {one.weight for one in self.findings}
        if Weight.REFUSE in weights:
            return Outcome.REFUSED
        return Outcome.WAITING if Weight.REVIEW in weights else Outcome.CERTIFIED


def cover(trades: Iterable[Sequence[OfferedTrade]], given: Covering) -> Covered:
    """Answer every offer, in the order given; again changes nothing.

    Each set of trades is one transaction: what was certified when the work was cut off stays, and
    the next run goes on with the rest. A trade that was refused is offered again when its papers,
    or what the registers know, say something else.
    """
    done = Covered()
    for some in trades:
        wanted = [one for one in some if not given.chosen or one.name in given.chosen]
        if wanted:
            with without_cycles(), transaction.atomic():
                if len(wanted) <= FEW:
                    plan_for_few()
                _cover_set(wanted, given, done)
    return done


def _cover_set(trades: Sequence[OfferedTrade], given: Covering, done: Covered) -> None:
    now = given.now()
    trades = [_with_key(one, given.secret) for one in trades]
    fresh = not_certified(trades, answered_before(trades, given.scheme))
    if given.policies_begin:
        begin_by_themselves(fresh, scheme=given.scheme, terms=given.terms, at=now)
    known = known_of(fresh, scheme=given.scheme, on=given.on, now=now, secret=given.secret)
    lock_buyers(given.scheme, set(known.buyers.values()))
    # Others may have answered while this call waited for the buyers.
    before = answered_before(fresh, given.scheme)
    known = replace(known, unpaid=unpaid_when_declared(fresh, known, on=given.on, now=now))
    cases = [
        case
        for one in not_certified(fresh, before)
        if before.get(one.name, NEVER).may_change((case := _case(one, known, given, now)).given)
    ]
    open_debts(cases, known, now)
    holding.hold_values(
        [one for one in cases if one.outcome is Outcome.CERTIFIED], scheme=given.scheme, now=now
    )
    cases = [
        one for one in cases if not before.get(one.trade.name, NEVER).says(one.given, one.codes)
    ]
    done.outcomes["as-before"] += len(trades) - len(cases)
    certified = _write(cases, known, given, now)
    for one in cases:
        answer = _answer(one, certified)
        done.answers.append(answer)
        done.outcomes[answer.outcome] += 1
        done.codes.update(finding.code for finding in answer.findings)
        if answer.covered is not None and answer.uncovered is not None:
            done.covered_minor[answer.covered.currency] += answer.covered.minor
            done.uncovered_minor[answer.uncovered.currency] += answer.uncovered.minor


def _with_key(trade: OfferedTrade, secret: bytes) -> OfferedTrade:
    """Return the trade of a person under its key: its name shows the identity number masked."""
    if trade.name.partition("/")[0] == trade.seller:
        return trade
    return replace(trade, seller=person_key(secret, trade.seller))


def _case(trade: OfferedTrade, known: Known, given: Covering, now: datetime) -> _Case:
    rates: list[str] = []
    terms = in_force(given.terms, max(trade.shipped_on or given.on, given.terms[0].from_date))
    into = partial(_in_cover, to=terms.buyer_limit.currency, given=given, rates=rates)
    offer, findings = offer_of(trade, known, on=given.on, terms=terms, convert=into)
    beside = [one.code for one in findings]  # what stands in the way beside the scheme's rules
    if offer is not None:
        findings = (*findings, *judge(offer, terms))
    policy = policy_for(trade, known)
    case = _Case(
        trade=trade, terms=digest(terms), offer=offer, findings=list(findings), given="",
        hold=uuid5(NAMESPACE_OID, f"{given.scheme} {trade.name} {now.isoformat()}"),
        policy=policy.id if policy else None, rate="+".join(dict.fromkeys(rates)) or None,
    )  # fmt: skip
    case.given = written({
        "buyer": known.buyers.get(trade.name), "offer": offer, "policy": case.policy,
        "open": beside, "rate": case.rate, "terms": case.terms, "trade": trade.name,
    })  # fmt: skip
    return case


def _in_cover(money: Money, on: date, *, to: str, given: Covering, rates: list[str]) -> Money:
    if money.currency == to:
        return money
    if given.rates is None:
        raise NoRate(
            f"{money} is not in {to}, the currency of cover, and no source of rates was named."
        )
    found = convert(
        money, to=to, on=on, source=given.rates, age_days_max=given.rate_age_days_max,
        rounding=in_force(given.terms, max(on, given.terms[0].from_date)).rounding.by,
    )  # fmt: skip
    rates.append(found.rate_id)
    return found.money


def _write(
    cases: Sequence[_Case], known: Known, given: Covering, now: datetime
) -> Mapping[str, tuple[str | None, Certificate]]:
    if not cases:
        return {}
    said = [_said(one) for one in cases]
    made = record(kind="cover.decided", at=now, fact={
        "scheme": given.scheme, "source": given.source,
        # of one answer anybody can be shown that it is there, and of the others nothing
        "lines": [
            sha256(f"{one.trade.name}\n{one.given}\n{text}".encode()).hexdigest()
            for one, text in zip(cases, said, strict=True)
        ],
    }).entry_id  # fmt: skip
    _keep_decisions(cases, said, known, given, made, now)
    wanted = {
        one.trade.name: Wanted(
            policy=one.policy, hold=one.hold, amount_minor=one.offer.value.minor, rate=one.rate
        )
        for one in cases
        if one.outcome is Outcome.CERTIFIED and one.offer and one.policy
    }
    if not wanted:
        return {}
    return certify_buyers(
        {known.buyers[trade] for trade in wanted}, wanted, scheme=given.scheme, terms=given.terms,
        made_by=made, at=now,
    )  # fmt: skip


def _keep_decisions(  # noqa: PLR0913, PLR0917 - a row of the table
    cases: Sequence[_Case], said: Sequence[str], known: Known, given: Covering, made: int,
    now: datetime,
) -> None:  # fmt: skip
    with (
        cursor() as cur,
        cur.copy(
            "copy cover_decision (trade, scheme, at, declared_on, outcome, codes, given, said, "
            "terms, made_by) from stdin"
        ) as rows,
    ):
        for one, text in zip(cases, said, strict=True):
            rows.write_row((
                one.trade.name, given.scheme, now,
                declared_on(one.trade, known, on=given.on), one.outcome.value,
                one.codes, one.given, text,
                one.terms, made,
            ))  # fmt: skip


def _said(case: _Case) -> str:
    return written({
        "findings": case.findings, "outcome": case.outcome.value,
    })  # fmt: skip


def _answer(case: _Case, certified: Mapping[str, tuple[str | None, Certificate]]) -> Answered:
    found = certified.get(case.trade.name)
    if case.outcome is not Outcome.CERTIFIED or found is None or found[0] is None:
        return Answered(trade=case.trade.name, outcome=case.outcome, findings=tuple(case.findings))
    number, one = found
    return Answered(
        trade=case.trade.name, outcome=case.outcome, findings=tuple(case.findings), number=number,
        covered=one.covered, uncovered=one.amount - one.covered,
    )  # fmt: skip
