"""Papers come to a claim: kept by their digest, and the request for them is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.case import Item
from tradeloop.claims.checklist import checklist, missing
from tradeloop.claims.kinds import kind as kind_of
from tradeloop.claims.legible import EvidenceRefused, check, illegible
from tradeloop.claims.lifecycle import Event, State
from tradeloop.claims.moves import lock, move
from tradeloop.claims.rows import do, one, put
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.terms import canonical

OVER = (State.PAID, State.SUBROGATED, State.CLOSED, State.WITHDRAWN)
NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


class EvidenceOfAnotherTrade(EvidenceRefused):
    """The paper is of a trade that is not part of the claim."""


class EvidenceTooLate(EvidenceRefused):
    """The claim is over."""


@transaction.atomic
def add_evidence(
    *, id: UUID, claim: str, kind: str, name: str, body: bytes, by: str, at: datetime,
    trade: str | None = None, dated: date | None = None, says: Mapping[str, str] = NOTHING_SAID,
) -> tuple[Item, ...]:  # fmt: skip
    """Keep a paper of a claim; return what is still missing.

    A file that nobody can read is kept and does not count; the answer says so. Where the request
    for papers is answered in full by it, the claim can be looked at again.

    Args:
        id: The caller's, kept for retries.
        claim: Any but one that is over.
        kind: A code of `evidence.csv`.
        name: Of the file.
        body: Its bytes.
        by: Who brings it.
        at: The caller's clock.
        trade: The one it is of, where each trade needs its own.
        dated: The day that the paper bears.
        says: Its key fields as whoever brings it states them: buyer, currency, amount, trade.

    Raises:
        EvidenceRefused: Empty, too large, a program, or the id stands for another paper.
        EvidenceOfAnotherTrade: The trade is not part of the claim, or not the one that it says.
        EvidenceTooLate: The claim is over.
        EvidenceKindUnknown: There is no such kind.
    """
    kind_of(kind)
    check(body, name)
    state = lock(claim)
    case = queries.case(claim)
    digest = sha256(body).hexdigest()
    known = one("select claim_id, kind, content_id from claims_evidence where id = %s", id)
    if known is not None:
        if (known["claim_id"], known["kind"], known["content_id"]) != (claim, kind, digest):
            raise EvidenceRefused(f"Id {id} stands for another paper. Give this one its own id.")
        return missing(checklist(case))
    if state in OVER:
        raise EvidenceTooLate(f"Claim {claim} is {state}; {name} would change nothing any more.")
    for named in (trade, says.get("trade")):
        if named is not None and named not in case.trades:
            raise EvidenceOfAnotherTrade(
                f"{name} is of trade {named}; claim {claim} is on {', '.join(case.trades)}. "
                "Bring it to the claim that it belongs to."
            )
    if trade is not None and says.get("trade", trade) != trade:
        raise EvidenceOfAnotherTrade(
            f"{name} is brought for trade {trade}, and says trade {says['trade']}. "
            "Bring it for the trade that it is of."
        )
    today = at.astimezone(SHANGHAI).date()
    if dated is not None and dated > today:
        raise EvidenceRefused(f"{name} is dated {dated}, after today. Look at the date again.")
    entry = record(
        kind="claims.evidence", at=at,
        fact={"by": by, "claim": claim, "digest": digest, "evidence": str(id), "kind": kind},
    ).entry_id  # fmt: skip
    because = illegible(body)
    do(
        "insert into claims_content (digest, body) values (%s, %s) on conflict do nothing",
        digest, body,
    )  # fmt: skip
    put(
        "claims_evidence",
        "id, claim_id, kind, trade, content_id, name, size, dated, reading, because, says, "
        "brought_by, brought_on, made_by",
        [(
            id, claim, kind, trade, digest, name, len(body), dated,
            "kept" if because else "read", because or "", canonical(dict(says)).decode(), by,
            today, entry,
        )],
    )  # fmt: skip
    left = missing(checklist(queries.case(claim)))
    if state is State.SUPPLEMENT_ASKED and not left:
        _answer(claim, by=by, at=at, made_by=entry)
    return left


@transaction.atomic
def answer(*, claim: str, by: str, at: datetime) -> State:
    """Say that there is no more to bring: the claim is looked at with what there is."""
    lock(claim)
    entry = record(kind="claims.answered", at=at, fact={"by": by, "claim": claim}).entry_id
    return _answer(claim, by=by, at=at, made_by=entry)


def _answer(claim: str, *, by: str, at: datetime, made_by: int) -> State:
    after = move(claim, Event.ANSWER, at=at, by=by, made_by=made_by)
    do(
        "update claims_supplement set answered_on = %s where claim_id = %s and answered_on is null",
        at.astimezone(SHANGHAI).date(), claim,
    )  # fmt: skip
    return after
