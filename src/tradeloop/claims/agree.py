"""The compensation agreement: offered as one exact file, and signed for that file alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias
from uuid import UUID

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.accounts import Account, PayoutRefused, keep
from tradeloop.claims.calculation import Calculated
from tradeloop.claims.case import Case
from tradeloop.claims.decide import ApprovedBySelf, Stands, anew, changed, locked, refreshed, stands
from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.moves import move
from tradeloop.claims.pay import shared
from tradeloop.claims.people import CodeWrong, check_code, check_signer
from tradeloop.claims.rows import do, one, put
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI

COPY = "agreement-copy"


class AgreementRefused(ValueError):
    """The agreement is not signed; nothing was written."""


class OtherFile(AgreementRefused):
    """What would be signed is not the file that was offered."""


class NumberReused(AgreementRefused):
    """The number stands on another agreement."""


class CopyUnfit(AgreementRefused):
    """The copy that was signed with ink is not among the papers of the claim, or illegible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an agreement is made of."""

    number: str
    case: Case
    calculated: Calculated
    offered_at: datetime


Render: TypeAlias = Callable[[Draft], bytes]
"""Makes the file that is signed, a PDF, from what was worked out."""


@transaction.atomic
def offer(
    *, claim: str, number: str, render: Render, by: str, at: datetime,
    payee: Account | None = None,
) -> Stands:  # fmt: skip
    """Offer the agreement on an approved figure; where facts changed, the claim is made anew.

    Args:
        claim: Approved.
        number: Of the agreement.
        render: Makes the file that is signed.
        by: Who offers it.
        at: The caller's clock.
        payee: The account that the file names: the insured's, or that of the only one who is paid.
            The payout goes there and nowhere else; None if the file names none.

    Raises:
        PayoutRefused: The account lacks name or number, or it is not clear whose it is.
        NumberReused: The number stands on another claim's agreement.
        MoveNotAllowed: The claim is not approved.
    """
    case, state = locked(claim)
    known = one("select claim_id, state from claims_agreement where number = %s", number)
    if known is not None:
        if (known["claim_id"], known["state"]) != (claim, "offered"):
            raise NumberReused(
                f"Agreement {number} is of claim {known['claim_id']}, {known['state']}. "
                "Give this one a number of its own."
            )
        return stands(case, state)
    CLAIM.after(state, Event.OFFER)
    _, made = refreshed(case, at)
    if changed(case, made):
        return anew(case, made, at=at, by=by)
    body = render(Draft(number=number, case=case, calculated=made, offered_at=at))
    digest = sha256(body).hexdigest()
    entry = record(
        kind="claims.offered", at=at,
        fact={"agreement": number, "by": by, "claim": claim, "digest": digest},
    ).entry_id  # fmt: skip
    do(
        "insert into claims_content (digest, body) values (%s, %s) on conflict do nothing",
        digest, body,
    )  # fmt: skip
    put(
        "claims_agreement",
        "number, claim_id, decision_id, content_id, state, offered_at, made_by",
        [(number, claim, case.decision, digest, "offered", at, entry)],
    )
    if payee is not None:
        keep(claim=claim, agreement=number, payee=_named(case, made), account=payee, by=by, at=at)
    after = move(claim, Event.OFFER, at=at, by=by, made_by=entry)
    return stands(queries.case(claim), after)


def _named(case: Case, made: Calculated) -> str:
    """Return whose account an agreement names."""
    paid = [one.payee for one in shared(case, made)]
    if case.policyholder in paid:
        return case.policyholder
    if len(paid) == 1:
        return paid[0]
    raise PayoutRefused(
        f"Claim {case.id} pays {', '.join(paid)}, and the agreement names one account. Offer it "
        "without, and let somebody state each: tradeloop claims account."
    )


def sign(*, claim: str, person: str, code: str, digest: str, key: bytes, at: datetime) -> State:
    """Sign the file that was offered, with a second factor.

    Args:
        claim: Offered.
        person: Who signs; enrolled before.
        code: Of this minute; used up by this.
        digest: SHA-256 of the file that the person read: only that one is signed.
        key: Opens the person's secret.
        at: The caller's clock.

    Raises:
        OtherFile: The digest is not that of the offered file.
        CodeWrong: The code is not the person's, or was used before; wrong ones are counted.
        PersonLocked: There were too many wrong ones.
        PersonUnknown: The person has no second factor.
        SignsForAnother: The person signs for another policyholder.
        SignsForItself: The person took away, or handed out, a second factor of this one.
        MoveNotAllowed: Nothing is offered.
    """
    with transaction.atomic():
        state = _offered(claim, digest, signed_by=person)
        if state is State.SIGNED:
            return state
        party = queries.case(claim).policyholder
        check_signer(person, party)
        step = check_code(person=person, party=party, code=code, key=key, at=at)
        if not isinstance(step, CodeWrong):
            return _sign(claim, person, digest, at=at, step=step)
    raise step  # outside of the transaction: the count of wrong codes stays


@transaction.atomic
def sign_in_ink(
    *, claim: str, person: str, copy: UUID, digest: str, checked_by: str, at: datetime
) -> State:
    """Take a copy that was signed with ink, as a handler compared it with the file offered.

    Args:
        claim: Offered.
        person: Who signed it.
        copy: The scan, brought as evidence of kind `agreement-copy`.
        digest: SHA-256 of the file that was offered, as the handler has it before them.
        checked_by: The handler; neither who signed nor who told or filed the claim.
        at: The caller's clock.

    Raises:
        OtherFile: The digest is not that of the offered file.
        CopyUnfit: The scan is not a legible paper of this claim.
        ApprovedBySelf: The handler signed, told or filed.
        SignsForItself: The person took away, or handed out, a second factor of the policyholder.
        MoveNotAllowed: Nothing is offered.
    """
    state = _offered(claim, digest, signed_by=person)
    if state is State.SIGNED:
        return state
    case = queries.case(claim)
    check_signer(person, case.policyholder)
    if checked_by in {person, *case.claimants}:
        raise ApprovedBySelf(
            f"{checked_by} signed, told or filed claim {claim}. Let a handler check it."
        )
    scan = next((paper for paper in case.papers if paper.id == copy and paper.kind == COPY), None)
    if scan is None or not scan.is_read:
        seen = scan.because if scan else "there is no such paper"
        raise CopyUnfit(f"{copy} of claim {claim}: {seen}. Bring a legible scan as {COPY}.")
    return _sign(claim, person, digest, at=at, copy=copy, checked_by=checked_by)


def _offered(claim: str, digest: str, *, signed_by: str) -> State:
    _, state = locked(claim)
    found = queries.agreement(claim)
    if found is None or state not in {State.OFFERED, State.SIGNED}:
        CLAIM.after(state, Event.SIGN)
        raise AgreementRefused(f"Nothing is offered on claim {claim}. Offer it first.")
    if found["content_id"] != digest.lower():
        raise OtherFile(
            f"The file has digest {digest[:16]}…; agreement {found['number']} has "
            f"{found['content_id'][:16]}…. Sign the file that was offered: `claims paper {claim} "
            "--kind agreement --out FILE` writes it."
        )
    if state is State.SIGNED and found["signed_by"] != signed_by:
        raise AgreementRefused(f"{found['signed_by']} has signed {found['number']} already.")
    return state


def _sign(
    claim: str, person: str, digest: str, *, at: datetime, step: int | None = None,
    copy: UUID | None = None, checked_by: str | None = None,
) -> State:  # fmt: skip
    how = "second-factor" if copy is None else "ink"
    entry = record(
        kind="claims.signed", at=at,
        fact={"by": person, "claim": claim, "digest": digest.lower(), "how": how},
    ).entry_id  # fmt: skip
    do(
        "update claims_agreement set state = 'signed', signed_by = %s, signed_at = %s, "
        "factor_step = %s, copy_id = %s, checked_by = %s where claim_id = %s and state = 'offered'",
        person, at, step, copy, checked_by, claim,
    )  # fmt: skip
    do(
        "update claims_claim set agreed_on = %s where id = %s",
        at.astimezone(SHANGHAI).date(), claim,
    )  # fmt: skip
    return move(claim, Event.SIGN, at=at, by=person, made_by=entry)
