"""Short words for histories of one buyer, and the terms of the shipped scheme with changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tradeloop.cover.facts import Certificate, History, LimitDecision, Listing, Payment, Shipment
from tradeloop.cover.terms import CapBasis, CapPer, CoverTerms
from tradeloop.kit.money import WHOLE, Money
from tradeloop.schemes.load import load

SCHEME = "yiwu-market-procurement"
DAY = date(2024, 1, 1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def terms(**changed: object) -> CoverTerms:
    found = load(SCHEME, "cover", into=CoverTerms, on=date(2024, 6, 1))
    return replace(found, **changed)


def day(n: int) -> date:
    return DAY + timedelta(days=n)


def shipment(id: str, minor: int, on: int, **more: object) -> Shipment:
    given: dict[str, object] = {"policyholder": "chen", "due_on": day(on + 60), **more}
    return Shipment(id=id, amount=usd(minor), shipped_on=day(on), **given)


def payment(id: str, minor: int, on: int, **more: object) -> Payment:
    given: dict[str, object] = {"policyholder": "chen", **more}
    return Payment(id=id, amount=usd(minor), paid_on=day(on), **given)


def covered_on(certificate: Certificate, on: date) -> int:
    """What of a shipment is covered and owed on a day, from the certificate alone."""
    granted = sum(one.amount.minor for one in certificate.grants if one.on <= on)
    cleared = sum(one.amount.minor for one in certificate.clearings if one.on <= on)
    return min(granted, certificate.amount.minor - cleared)


def exposure_on(certificates: tuple[Certificate, ...], on: date, given: CoverTerms) -> int:
    """What weighs on the limit on a day, in minor units times basis points."""
    by_payout = given.cap_basis is CapBasis.PAYOUT
    return sum(
        covered_on(one, on) * (one.insured_share_bp if by_payout else WHOLE) for one in certificates
    )


AMOUNTS = st.integers(1, 120)
DAYS = st.integers(0, 40)
NAMES = st.sampled_from(["chen", "wang"])


@st.composite
def histories(draw: st.DrawFn, *, limits: bool = True, one_firm: bool = False) -> History:
    """A buyer's history with amounts around a limit of 100 minor units, in any order of arrival."""
    who = st.just("chen") if one_firm else NAMES
    events = draw(st.lists(st.tuples(st.booleans(), AMOUNTS, DAYS, who), min_size=1, max_size=9))
    arrivals = draw(st.permutations(range(len(events))))
    shipments, payments = [], []
    for n, ((is_payment, minor, on, name), arrival) in enumerate(
        zip(events, arrivals, strict=True)
    ):
        if is_payment:
            payments.append(payment(f"p{n}", minor, on, policyholder=name, arrival=arrival))
        else:
            shipments.append(shipment(f"s{n}", minor, on, policyholder=name, arrival=arrival))
    cuts = st.builds(
        LimitDecision, id=st.uuids().map(str), amount=st.integers(0, 150).map(usd),
        told_on=DAYS.map(day), at_once=st.booleans(),
    )  # fmt: skip
    listings = st.builds(
        Listing, policyholder=who, from_date=DAYS.map(day), to_date=st.none() | DAYS.map(day)
    )
    return History(
        shipments=tuple(shipments),
        payments=tuple(payments),
        limits=tuple(draw(st.lists(cuts, max_size=3))) if limits else (),
        listings=tuple(draw(st.lists(listings, max_size=2))),
        loss_on=draw(st.none() | DAYS.map(day)),
        insured_from=DAY,
    )


SWITCHES = st.builds(
    terms,
    buyer_limit=st.just(usd(100)),
    limit_notice_days=st.sampled_from([0, 10]),
    cap_basis=st.sampled_from(CapBasis),
    cap_per=st.sampled_from(CapPer),
)
