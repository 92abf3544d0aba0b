"""Papers of a claim as PDF: its file, its calculation, and the agreement that is signed."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tradeloop.cli.named import parties_of
from tradeloop.cli.screen import broken, fail
from tradeloop.forms import papers
from tradeloop.forms.facts import (
    AgreementPaper,
    Basis,
    CalculationPaper,
    ClaimFile,
    Due,
    Event,
    Evidence,
    Language,
    Named,
    Needed,
    Payee,
    Ruling,
    Signal,
)
from tradeloop.forms.fonts import FontMissing
from tradeloop.forms.papers import FormMissing, WordsUnfit
from tradeloop.forms.qr import QrTooLong
from tradeloop.forms.render import TemplateUnfit
from tradeloop.kit.calendar import SHANGHAI, Deadline
from tradeloop.kit.explained import Explained, Line
from tradeloop.kit.money import Money
from tradeloop.schemes.load import find

if TYPE_CHECKING:
    from tradeloop.claims.agree import Draft
    from tradeloop.claims.case import Case

MOVED = {
    "approved": "approved-on", "refused": "refused-on", "ordered": "payout-ordered",
    "paid": "paid-out",
}  # fmt: skip
"""What a claim file calls the day on which a claim came to a state."""


def payee_of(words: str) -> Payee:
    """Return who is paid and where, from NAME/ACCOUNT/BANK as the merchant gave it."""
    name, _, rest = words.partition("/")
    account, _, bank = rest.partition("/")
    if not name.strip() or not account.strip():
        raise fail(f"{words!r} is no payee. Write NAME/ACCOUNT/BANK.")
    return Payee(name=name, account=account, bank=bank)


def agreement(draft: Draft, payee: Payee, *, language: str) -> bytes:
    """Return the agreement of a draft as PDF; it shows the last letters of the payee's account."""
    from tradeloop.claims.agreed_terms import terms_of  # noqa: PLC0415 - Django is set up now
    from tradeloop.recovery.terms import RecoveryTerms  # noqa: PLC0415 - the same
    from tradeloop.schemes.load import load  # noqa: PLC0415 - the same

    case = draft.case
    scheme = find(case.scheme)
    recovery = load(case.scheme, "recovery", into=RecoveryTerms, on=case.terms_on)
    insured, buyer = parties_of(case.policyholder, case.buyer, on=case.terms_on)
    paper = AgreementPaper(
        number=draft.number, claim=case.id,
        insurer=Named(name=scheme.name, key=f"insurer:{case.scheme}"), insured=insured,
        buyer=buyer, certificates=_certificates(case),
        calculation=draft.calculated.indemnity.explained,
        payee=payee,
        pay_days=terms_of(case.scheme, case.terms_on).claims.pay_days,
        payover_days=recovery.payover_days,
        basis=_basis(draft.offered_at, draft.calculated.terms, case),
    )  # fmt: skip
    return _made(lambda: papers.agreement(
        paper, language=Language(language), folder=scheme.folder
    ))  # fmt: skip


def write(claim: str, *, kind: str, language: str, out: Path, as_json: bool, now: datetime) -> None:
    """Write the file of a claim, its calculation, or the agreement as it was offered.

    An existing file is never written over.
    """
    from tradeloop.claims import queries  # noqa: PLC0415 - Django is set up now

    case = queries.case(claim)
    folder = find(case.scheme).folder
    if kind == "calculation":
        paper = _calculation(case, now)
        body = _made(lambda: papers.calculation(paper, language=Language(language), folder=folder))
    elif kind == "agreement":
        body = _offered(claim)
    else:
        file = _claim_file(case, now)
        body = _made(lambda: papers.claim_file(file, language=Language(language), folder=folder))
    try:
        with out.open("xb") as stream:
            stream.write(body)
    except FileExistsError:
        raise fail(f"{out} is there already. Name a new file.") from None
    except OSError as error:
        raise broken(error) from None
    typer.echo(json.dumps({"file": str(out)}) if as_json else f"The {kind} of {claim} is in {out}.")


def _offered(claim: str) -> bytes:
    from tradeloop.claims import queries  # noqa: PLC0415 - Django is set up now

    found = queries.agreement(claim)
    body = None if found is None else queries.content(found["content_id"])
    if body is None:
        raise fail(f"No agreement of claim {claim} stands. Offer one: `claims offer`.")
    return body


def _made(render: Any) -> bytes:  # noqa: ANN401 - a call without arguments
    try:
        body: bytes = render()
    except (FontMissing, FormMissing, TemplateUnfit, WordsUnfit, QrTooLong) as error:
        raise fail(str(error)) from None
    return body


def _calculation(case: Case, now: datetime) -> CalculationPaper:
    explained, terms = _kept(case)
    if explained is None:
        raise fail(f"Nothing was worked out for {case.id} yet. Say tradeloop claims assess.")
    insured, buyer = parties_of(case.policyholder, case.buyer, on=case.terms_on)
    return CalculationPaper(
        claim=case.id, insured=insured, buyer=buyer, calculation=explained,
        basis=_basis(now, terms, case),
    )  # fmt: skip


def _claim_file(case: Case, now: datetime) -> ClaimFile:
    explained, terms = _kept(case)
    insured, buyer = parties_of(case.policyholder, case.buyer, on=case.terms_on)
    return ClaimFile(
        claim=case.id, state=case.state, insured=insured, buyer=buyer,
        certificates=_certificates(case), claimed=case.claimed, events=_events(case),
        deadlines=_deadlines(case, now.date()), checklist=_checklist(case),
        evidence=tuple(
            Evidence(name=one.name, digest=one.digest, received_on=one.brought_on)
            for one in case.papers
        ),
        signals=tuple(
            Signal(
                what=one.code, because=one.because, raised_on=one.raised_on,
                cleared_on=one.cleared_on, cleared_why=one.cleared_why or "",
            )
            for one in case.signals
        ),
        decision=_ruling(case), calculation=explained, basis=_basis(now, terms, case),
    )  # fmt: skip


def _events(case: Case) -> tuple[Event, ...]:
    told = {
        "known": case.known_on, "noticed": case.noticed_on,
        "notice-complete": case.notice_complete_on, "insolvent": case.insolvent_on,
        "claim": case.claimed_on, "supplement-asked": case.supplement_asked_on,
        "papers-complete": case.papers_complete_on, "agreed": case.agreed_on,
        **{MOVED[state]: on for state, on in _reached(case).items() if state in MOVED},
    }  # fmt: skip
    due = [Event(what="due", on=one.due_on) for one in case.lines]
    found = [*due, *(Event(what=what, on=on) for what, on in told.items() if on is not None)]
    return tuple(sorted(found, key=lambda one: one.on))


def _reached(case: Case) -> dict[str, date]:
    """Return the last day on which the claim came to each state."""
    from tradeloop.claims.moves import history  # noqa: PLC0415 - Django is set up now

    return {
        str(move["to_state"]): move["at"].astimezone(SHANGHAI).date()
        for move in history(case.id)
        if isinstance(move["at"], datetime)
    }


def _deadlines(case: Case, on: date) -> tuple[Due, ...]:
    from tradeloop.claims.agreed_terms import terms_of  # noqa: PLC0415 - Django is set up now
    from tradeloop.claims.clock import deadlines_of  # noqa: PLC0415 - the same

    terms = terms_of(case.scheme, case.terms_on).claims
    found = deadlines_of(case, terms=terms, on=on).deadlines
    reached = _reached(case)
    done = {
        "notice_by": case.noticed_on, "claim_by": case.claimed_on,
        "supplement_by": case.papers_complete_on,
        "decide_by": reached.get("refused") or reached.get("approved"),
        "pay_by": reached.get("paid"),
    }  # fmt: skip
    return tuple(
        Due(what=by.rule, by=by, done_on=done.get(one.name))
        for one in fields(found)
        if isinstance(by := getattr(found, one.name), Deadline)
    )


def _checklist(case: Case) -> tuple[Needed, ...]:
    from tradeloop.claims.checklist import checklist  # noqa: PLC0415 - Django is set up now

    return tuple(
        Needed(
            what=one.kind, status=one.status,
            says=one.expected if one.is_missing else one.seen,
        )
        for one in checklist(case)
    )  # fmt: skip


def _ruling(case: Case) -> Ruling | None:
    from tradeloop.claims import queries  # noqa: PLC0415 - Django is set up now
    from tradeloop.claims.moves import history  # noqa: PLC0415 - the same

    refusal = queries.last_refusal(case.id)
    for move in reversed(history(case.id)):
        state, by, at = move["to_state"], str(move["by"]), move["at"]
        if not isinstance(at, datetime):
            continue
        if state == "refused" and refusal is not None:
            because = f"{refusal['because']} {refusal['clause']} {refusal['remedy']}"
            return Ruling(outcome="refused", because=because, by=refusal["refused_by"], at=at)
        if state == "approved":
            return Ruling(outcome="approved", because="", by=by, at=at)
    return None


def _kept(case: Case) -> tuple[Explained | None, str]:
    """Return the calculation that counts, as it was kept, and the digest of its terms."""
    from tradeloop.claims import queries  # noqa: PLC0415 - Django is set up now

    if case.decision is None:
        return None, ""
    row = queries.decision(case.decision)
    lines = json.loads(row["said"])["indemnity"]["explained"]["lines"]
    return Explained(tuple(_line(one) for one in lines)), row["terms"]


def _line(told: dict[str, Any]) -> Line:
    def money(name: str) -> Money:
        return Money(int(told[name]["minor"]), told[name]["currency"])

    return Line(
        code=told["code"], says=told["says"], change=money("change"), figure=money("figure"),
        clause=told["clause"], terms=tuple((name, value) for name, value in told["terms"]),
    )  # fmt: skip


def _certificates(case: Case) -> tuple[str, ...]:
    return tuple(one.certificate for one in case.lines if one.certificate is not None)


def _basis(made_at: datetime, terms: str, case: Case) -> Basis:
    return Basis(made_at=made_at, terms=terms, proof=f"tradeloop-claim:{case.id}")
