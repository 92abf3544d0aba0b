"""The calls of worked examples: which terms each reads, what it runs, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from tradeloop.claims import rules as claims
from tradeloop.claims.deadlines import deadlines
from tradeloop.claims.facts import Loss, Part
from tradeloop.claims.shares import split
from tradeloop.claims.terms import ClaimTerms
from tradeloop.claims.turned import implied_loss
from tradeloop.cli.schemes.given import (
    CoverGiven,
    DeadlineGiven,
    IndemnityGiven,
    LimitGiven,
    PremiumGiven,
    RecoveryGiven,
    SplitGiven,
    Unpaid,
)
from tradeloop.cover import buyers, limits, premium
from tradeloop.cover import rules as eligibility
from tradeloop.cover.facts import History, Turnover
from tradeloop.cover.terms import CoverTerms, PremiumTerms
from tradeloop.kit.calendar import Deadline
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import Money
from tradeloop.kit.terms import Dated, in_force
from tradeloop.recovery import rules as recovery
from tradeloop.recovery.facts import Pursued
from tradeloop.recovery.terms import RecoveryTerms
from tradeloop.schemes.cases import Call, Case
from tradeloop.schemes.load import Scheme, overridden, versions
from tradeloop.schemes.read import SchemeFileInvalid, check_keys, read

T = TypeVar("T", bound=Dated)
Answer = Mapping[str, Any]

SECTIONS: Mapping[str, type[Dated]] = {
    "premium": PremiumTerms, "cover": CoverTerms, "claims": ClaimTerms, "recovery": RecoveryTerms
}  # fmt: skip
"""Every section that a scheme may have, and the step that reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The terms that one example reads: the scheme's, with its own figures put in."""

    scheme: Scheme
    case: Case
    on: date

    def terms(self, section: str, into: type[T]) -> T:
        """Return the terms of a section on the day of the example."""
        return in_force(self.versions(section, into), self.on)

    def versions(self, section: str, into: type[T]) -> tuple[T, ...]:
        """Return all versions of a section, each with the example's figures."""
        mine = {one.name for one in fields(into)}
        values = {name: one for name, one in self.case.terms.items() if name in mine}
        found = versions(self.scheme, section, into=into)
        return tuple(overridden(one, values, where=f"{self.case.where}, terms") for one in found)


def answer(scheme: Scheme, case: Case) -> Answer:
    """Run one example and return all that its call answers.

    Raises:
        SchemeFileInvalid: `given` or `terms` has an unknown, missing or ill-typed key.
        ValueError: What is given cannot be, such as amounts in two currencies.
    """
    kind, sections, run = CALLS[case.calls]
    known = {one.name: None for name in sections for one in fields(SECTIONS[name])}
    known = {name: None for name in known if name not in {"scheme", "from_date"}}
    check_keys(case.terms, known, [], f"{case.where}, terms")
    given = read(case.given, into=kind, where=f"{case.where}, given")
    return run(given, Reader(scheme=scheme, case=case, on=given.on))


def _premium(given: PremiumGiven, of: Reader) -> Answer:
    terms = of.terms("premium", PremiumTerms)
    turnover = Turnover(
        declared=given.declared, covered=given.covered, estimated=given.estimated, paid=given.paid
    )
    found = premium.premium(turnover, terms)
    said: dict[str, Any] = {
        "premium": found.due, "subsidy": found.subsidy, "merchant": found.merchant,
        "adjustment": found.adjustment, "lines": _lines(found.explained),
    }  # fmt: skip
    days = (given.ends_on, given.period_from, given.period_to)
    if any(days) and not all(days):
        raise SchemeFileInvalid(
            f"{of.case.where}, given: ends_on, period_from and period_to go together. Give all."
        )
    if given.ends_on and given.period_from and given.period_to:
        said["refund"] = premium.refund(
            paid=given.paid or found.due, ends_on=given.ends_on, period_from=given.period_from,
            period_to=given.period_to, terms=terms, estimated=given.estimated,
        )  # fmt: skip
    return said


def _limit(given: LimitGiven, of: Reader) -> Answer:
    terms = of.terms("cover", CoverTerms)
    found = limits.standing(
        given.policyholder, given.on, terms=terms, limits=given.limits, listings=given.white_list
    )
    nothing = Money(0, found.limit.currency)
    left = max(found.limit - (given.used or nothing), nothing)
    said: dict[str, Any] = {
        "limit": found.limit, "left": left, "insured_share_bp": found.insured_share_bp,
        "white_listed": found.white_listed, "because": found.because,
    }  # fmt: skip
    most = terms.maximum_liability
    if given.premium is not None:
        most = limits.maximum_liability(given.premium, terms=terms)
    said["maximum_liability"] = most or "none"
    if given.declared is not None:
        said["financeable"] = limits.financeable(
            declared=given.declared, invoice=given.invoice or given.declared, limit_left=left,
            share_bp=found.insured_share_bp, invoice_share_bp=given.bank_share_bp,
            liability_left=most, terms=terms,
        )  # fmt: skip
    return said


def _cover(given: CoverGiven, of: Reader) -> Answer:
    said: dict[str, Any] = {}
    if given.trade is not None:
        found = eligibility.judge(given.trade, of.terms("cover", CoverTerms))
        said = {"eligible": not found, "findings": [one.code for one in found]}
    history = History(
        shipments=given.shipments, payments=given.payments, limits=given.limits,
        listings=given.white_list, loss_on=given.loss_on, insured_from=given.insured_from,
    )  # fmt: skip
    made = buyers.certify(history, terms=of.versions("cover", CoverTerms))
    if not made:
        return said
    names = (
        "covered",
        "covered_unpaid",
        "uncovered_unpaid",
        "insured_share_bp",
        "limit",
        "because",
    )
    said |= {name: {one.shipment: getattr(one, name) for one in made} for name in names}
    nothing = Money(0, made[0].amount.currency)
    said["cleared"] = {
        one.shipment: sum((part.amount for part in one.clearings), nothing) for one in made
    }
    for name in ("covered", "covered_unpaid", "uncovered_unpaid"):
        said[f"total_{name}"] = sum((getattr(one, name) for one in made), nothing)
    return said


def _indemnity(given: IndemnityGiven, of: Reader) -> Answer:
    cover, terms = of.terms("cover", CoverTerms), of.terms("claims", ClaimTerms)
    limit, share = limits.of_terms(cover, white_listed=given.white_listed)
    if given.paid is not None:
        return {"implied_loss": implied_loss(given.paid, insured_share_bp=share, terms=terms)}
    unpaid = getattr(given.worth, terms.rate_date) if given.worth else given.unpaid
    owed = [] if unpaid is None else [Unpaid(unpaid=unpaid, white_listed=given.white_listed)]
    parts = tuple(
        Part(
            unpaid=one.unpaid,
            insured_share_bp=limits.of_terms(cover, white_listed=one.white_listed)[1],
        )
        for one in (*owed, *given.shipments)
    )
    if not parts:
        raise SchemeFileInvalid(f"{of.case.where}, given: missing unpaid. Say how much is owed.")
    loss = Loss(
        parts=parts, limit=given.limit or limit, credits=given.credits,
        resold=given.resold, saved=given.saved, used=given.used, unshipped=given.unshipped,
        first_loss_left=given.first_loss_left, liability_left=given.liability_left,
        notice_late_days=given.notice_late_days,
    )  # fmt: skip
    found = claims.indemnity(loss, cover=cover, terms=terms)
    return {
        "pay": found.pay, "used": found.used, "first_loss_left": found.first_loss_left or "none",
        "lines": _lines(found.explained),
    }  # fmt: skip


def _split(given: SplitGiven, of: Reader) -> Answer:
    weights = {one.insurer: one.share_bp for one in given.insurers}
    unknown = [name for name in (given.lead, *given.failed) if name not in weights]
    if unknown or len(weights) < len(given.insurers):
        raise SchemeFileInvalid(
            f"{of.case.where}, given: each insurer stands once, lead and failed ones among them; "
            f"seen {', '.join(one.insurer for one in given.insurers)}, not {unknown or 'once'}."
        )
    terms = of.terms("claims", ClaimTerms)
    found = split(given.amount, weights, lead=given.lead, terms=terms)
    nothing = Money(0, given.amount.currency)
    short = sum((one.amount for one in found if one.insurer in given.failed), nothing)
    shares = {one.insurer: one.amount for one in found}
    return {"shares": shares, "paid": given.amount - short, "short": short}


def _recovery(given: RecoveryGiven, of: Reader) -> Answer:
    cover, terms = of.terms("cover", CoverTerms), of.terms("recovery", RecoveryTerms)
    _, share_bp = limits.of_terms(cover, white_listed=given.white_listed)
    covered = given.covered or given.debt
    by_share = covered.part(share_bp, rounding=terms.rounding.by)
    pursued = Pursued(
        debt=given.debt, covered=covered, paid=given.paid or by_share, insured_share_bp=share_bp
    )
    made = recovery.share(pursued, given.receipts, terms=terms)
    nothing = Money(0, given.debt.currency)
    said: dict[str, Any] = {
        "by_receipt": {one.receipt: one.to_insurer for one in made},
        "payover_by": {one.receipt: one.payover_by.on for one in made},
        "lines": {one.receipt: _lines(one.explained) for one in made},
    }
    for name in ("costs_repaid", "to_insurer", "to_insured", "insurer_bears", "insured_bears"):
        said[name] = sum((getattr(one, name) for one in made), nothing)
    if given.costs is not None:
        borne = recovery.costs_of_insurer(given.costs, pursued=pursued, terms=terms)
        said |= {"insurer_bears": borne, "insured_bears": given.costs - borne}
    return said


def _deadline(given: DeadlineGiven, of: Reader) -> Answer:
    found = deadlines(given, terms=of.terms("claims", ClaimTerms))
    said = {one.name: getattr(found, one.name) for one in fields(found)}
    return {
        name: one.on if isinstance(one, Deadline) else "none" if one is None else one
        for name, one in said.items()
    }


def _lines(explained: Explained) -> Mapping[str, Money]:
    return {one.code: one.change for one in explained.lines}


CALLS: Mapping[Call, tuple[type[Any], tuple[str, ...], Callable[[Any, Reader], Answer]]] = {
    Call.PREMIUM: (PremiumGiven, ("premium",), _premium),
    Call.LIMIT: (LimitGiven, ("cover",), _limit),
    Call.COVER: (CoverGiven, ("cover",), _cover),
    Call.INDEMNITY: (IndemnityGiven, ("cover", "claims"), _indemnity),
    Call.SPLIT: (SplitGiven, ("claims",), _split),
    Call.RECOVERY: (RecoveryGiven, ("cover", "recovery"), _recovery),
    Call.DEADLINE: (DeadlineGiven, ("claims",), _deadline),
}
"""What each call is given, the sections whose terms an example may change, and what runs it."""
