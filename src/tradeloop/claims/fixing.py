"""A figure is fixed: it takes its part of limit, policy's maximum and scheme's pool, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from tradeloop.claims.calculation import Calculated
from tradeloop.claims.case import Case
from tradeloop.claims.figures import Figures, maximum_of, pool_of, taken_by
from tradeloop.claims.rows import do, named, one, put
from tradeloop.cover.policies import LIABILITY
from tradeloop.kit.money import Money
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Ask, MoveAsk

NOT_ALONE = "another-line-refused"
MAXIMUM, POOL = "policy's maximum", "scheme's pool"


class MaximumUsedUp(RuntimeError):
    """The policy's maximum or the scheme's pool was taken meanwhile; nothing was written."""


def keep_decisions(
    made: Sequence[tuple[Case, Calculated, bool]], *, at: datetime, made_by: int
) -> list[int]:
    """Keep calculations, and let them count for their claims; return their numbers, in order."""
    numbers = [
        row["id"]
        for row in named(
            "select nextval(pg_get_serial_sequence('claims_decision', 'id')) as id "
            "from generate_series(1, %s)",
            len(made),
        )
    ]
    put(
        "claims_decision",
        "id, claim_id, at, given, said, terms, currency, pay_minor, takes_minor, is_fast, made_by",
        [
            (
                number, case.id, at, figure.given_text, figure.said_text, figure.terms,
                figure.pay.currency, figure.pay.minor, figure.takes.minor, is_fast, made_by,
            )
            for number, (case, figure, is_fast) in zip(numbers, made, strict=True)
        ],
    )  # fmt: skip
    do(
        "update claims_claim as c set decision_id = d.id "
        "from unnest(%s::text[], %s::bigint[]) as d (claim, id) where c.id = d.claim",
        [case.id for case, *_ in made], numbers,
    )  # fmt: skip
    return numbers


def fix(
    made: Sequence[tuple[Case, Calculated]], read: Figures, *, decisions: Sequence[int],
    at: datetime,
) -> None:  # fmt: skip
    """Take what the figures take; the caller has locked the buyers.

    Raises:
        MaximumUsedUp: A policy's maximum, or a pool, has less left than it had.
    """
    numbers = {case.id: number for (case, _), number in zip(made, decisions, strict=True)}
    # Pools are taken of in one order by everybody; limits in that of the claims.
    held = {
        case.id: _hold(case, figure, read, numbers[case.id], at)
        for case, figure in sorted(made, key=lambda one: pool_of(one[0]))
    }
    rows = []
    for case, figure in made:
        taken, holds = taken_by(case, figure), held[case.id]
        rows.append((
            case.id, case.scheme, case.buyer, case.policyholder, taken.loss_on,
            taken.amount.currency, taken.amount.minor, taken.first_loss.minor,
            taken.is_white_listed,
            holds.get(MAXIMUM), holds.get(POOL),
        ))  # fmt: skip
    put(
        "claims_used",
        "claim_id, scheme, buyer, policyholder, loss_on, currency, amount_minor, first_loss_minor, "
        "is_white_listed, liability_hold, pool_hold",
        rows,
    )


def unfix(claim: str, *, at: datetime) -> None:
    """Give back what a figure took, and let its agreement stand no more."""
    row = one(
        "delete from claims_used where claim_id = %s returning liability_hold, pool_hold", claim
    )
    move_parts((row or {}).values(), "release", at)
    do("update claims_agreement set state = 'void' where claim_id = %s and state <> 'void'", claim)
    do("update claims_claim set agreed_on = null where id = %s", claim)


def spend(claim: str, *, at: datetime) -> None:
    """Use up the policy's maximum and the pool, as far as the claim was paid."""
    row = one("select liability_hold, pool_hold from claims_used where claim_id = %s", claim)
    move_parts((row or {}).values(), "spend", at)


def _hold(
    case: Case, figure: Calculated, read: Figures, decision: int, at: datetime
) -> Mapping[str, UUID]:
    """Take of the policy's maximum and of the pool together, all or nothing."""
    papers = {}
    if case.id in read.liability:
        papers[MAXIMUM] = maximum_of(read.policies[case.id])
    if pool_of(case) in read.pools:
        papers[POOL] = pool_of(case)
    if not figure.pay.minor or not papers:
        return {}
    parts = {
        what: part_of(paper, what, claim=case.id, decision=decision, pay=figure.pay)
        for what, paper in papers.items()
    }
    answers = registry.hold(lines=list(parts.values()), now=at, whole=True)
    for answer, (what, paper) in zip(answers, papers.items(), strict=True):
        if answer.refusal and answer.refusal != NOT_ALONE:
            raise MaximumUsedUp(
                f"{figure.pay} of the {what} {paper} is not free any more ({answer.refusal}, "
                f"{answer.free_minor} minor units are). Calculate claim {case.id} anew."
            )
    return {what: part.id for what, part in parts.items()}


def part_of(paper: str, what: str, *, claim: str, decision: int, pay: Money) -> Ask:
    """Return the request for what a figure takes of a policy's maximum, or of a pool, at once."""
    return Ask(
        id=uuid5(NAMESPACE_URL, f"claims/{claim}/{decision}/{what}"), paper=paper,
        purpose=LIABILITY, holder=f"claim:{claim}", unit=pay.currency, amount_minor=pay.minor,
        expires_at=None,
    )  # fmt: skip


def move_parts(holds: Iterable[UUID | None], event: str, at: datetime) -> None:
    """Move holds that are ours in one call, which locks in one order for all callers."""
    lines = [
        MoveAsk(id=uuid5(hold, event), hold=hold, event=event) for hold in holds if hold is not None
    ]
    for answer in registry.move(lines=lines, now=at):
        assert answer.refusal is None, answer.refusal  # noqa: S101 - it is ours, and stands so
