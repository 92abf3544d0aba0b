"""Papers of one case, to be set and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tradeloop.claims.facts import Loss, Part
from tradeloop.claims.rules import indemnity
from tradeloop.claims.terms import ClaimTerms
from tradeloop.cover.terms import CoverTerms
from tradeloop.forms.facts import (
    AgreementPaper,
    Basis,
    CalculationPaper,
    CertificatePaper,
    ClaimFile,
    Due,
    Event,
    Evidence,
    Named,
    Needed,
    Payee,
    Ruling,
    Signal,
)
from tradeloop.kit.calendar import within_days
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import Money
from tradeloop.schemes.load import find, load

SCHEME = "yiwu-market-procurement"
FOLDER = find(SCHEME).folder
MADE_AT = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
CLAIM = f"{SCHEME}/claim/2026/000042"
AGREEMENT = f"{SCHEME}/agreement/2026/000042"
NUMBER = f"{SCHEME}/2026/00000317"
TERMS = "4f0e" * 16

MERCHANT = Named(name="义乌市模拟饰品商行", key="91330782DEMM00490R", country="CHN")
BUYER = Named(name="SYNTHETIC BUYER YIRQ004 TRADING", key="buyer:5f2c09aa17", country="IRQ")
INSURER = Named(name="模拟财产保险股份有限公司义乌支公司", key="insurer:yiwu-market-procurement")
BASIS = Basis(
    made_at=MADE_AT, terms=TERMS, synthetic=True,
    proof="https://tradeloop.example/proofs/entry/184467",
)  # fmt: skip


def usd(major: int) -> Money:
    """Return whole dollars."""
    return Money(major * 100, "USD")


def certificate(*, buyer: Named = BUYER, **changed: object) -> CertificatePaper:
    """Return a certificate of 123,456.78 dollars, most of them covered."""
    paper = CertificatePaper(
        number=NUMBER, policy=f"{SCHEME}/{MERCHANT.key}/2026-05-10", policyholder=MERCHANT,
        buyer=buyer, trade=f"{MERCHANT.key}/YW-2026-0510-17", amount=Money(12_345_678, "USD"),
        covered=usd(100_000), insured_share_bp=4_500, limit=usd(150_000),
        shipped_on=date(2026, 5, 10), due_on=date(2026, 7, 9),
        certified_at=datetime(2026, 5, 12, 1, 7, tzinfo=UTC), basis=BASIS,
    )  # fmt: skip
    return replace(paper, **changed)  # type: ignore[arg-type]


def explained(unpaid: int = 200_000) -> Explained:
    """Return what the scheme pays for an unpaid debt, as its rules work it out."""
    on = date(2026, 7, 1)
    cover = load(SCHEME, "cover", into=CoverTerms, on=on)
    terms = load(SCHEME, "claims", into=ClaimTerms, on=on)
    loss = Loss(
        parts=(Part(unpaid=usd(unpaid), insured_share_bp=4_500),
               Part(unpaid=usd(1_500), insured_share_bp=8_000)),
        limit=usd(150_000), credits=usd(1_000), used=usd(20_000),
    )  # fmt: skip
    return indemnity(loss, cover=cover, terms=terms).explained


def calculation(lines: Explained | None = None) -> CalculationPaper:
    """Return a calculation."""
    return CalculationPaper(
        claim=CLAIM, insured=MERCHANT, buyer=BUYER, calculation=lines or explained(), basis=BASIS
    )


def agreement(*, buyer: Named = BUYER) -> AgreementPaper:
    """Return an agreement."""
    return AgreementPaper(
        number=AGREEMENT, claim=CLAIM, insurer=INSURER, insured=MERCHANT, buyer=buyer,
        certificates=(NUMBER, f"{SCHEME}/2026/00000329"), calculation=explained(),
        payee=Payee(name=MERCHANT.name, account="6222 0212 0800 0112 345", bank="模拟银行义乌分行"),
        pay_days=10, payover_days=30, basis=BASIS,
    )  # fmt: skip


def claim_file(*, papers: int = 6) -> ClaimFile:
    """Return a claim with as many pieces of evidence as asked for."""
    source = "Current version: USD 150,000 a buyer at 45 %. Timers are assumed."
    notice = within_days(date(2026, 7, 9), 30, rule="notice", source=source)
    decide = within_days(date(2026, 11, 20), 15, rule="fast-decision", source=source)
    return ClaimFile(
        claim=CLAIM, state="agreement-offered", insured=MERCHANT, buyer=BUYER,
        certificates=(NUMBER,), claimed=usd(80_000),
        events=(Event(what="due", on=date(2026, 7, 9)), Event(what="noticed", on=date(2026, 8, 1)),
                Event(what="papers-complete", on=date(2026, 11, 20))),
        deadlines=(Due(what="notice", by=notice, done_on=date(2026, 8, 1)),
                   Due(what="fast-decision", by=replace(decide, provisional=True))),
        checklist=(
            Needed(what="declaration", status="found", says="2923 2026 0000 0016 66"),
            Needed(what="communication", status="kept", says="40 messages"),
            Needed(what="proof-of-debt", status="missing", by=date(2026, 12, 20),
                   says="Bring an IOU, a statement or a chat in which the buyer confirms the sum."),
        ),
        evidence=tuple(
            Evidence(name=f"chat-with-buyer-{place:03}.pdf", digest=f"{place:064x}",
                     received_on=MADE_AT.date())
            for place in range(1, papers + 1)
        ),
        signals=(
            Signal(what="twin-papers", raised_on=date(2026, 8, 3), cleared_on=date(2026, 8, 4),
                   because="1 other value may be the goods of this trade.",
                   cleared_why="Other container, other weight."),
            Signal(what="cash", because="The chat speaks of payment in cash.",
                   raised_on=date(2026, 8, 3)),
        ),
        decision=Ruling(outcome="approved", because="All papers agree with the declaration.",
                        by="reviewer 7", at=MADE_AT),
        calculation=explained(), basis=BASIS,
    )  # fmt: skip
