"""A claim moves: by the table, once, and its history keeps the move."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.rows import do, named, one, put
from tradeloop.parties.queries import canonical


class ClaimUnknown(LookupError):
    """No claim has that id."""


class ClaimMoved(RuntimeError):
    """Somebody else moved the claim meanwhile; nothing was written."""


def lock(claim: str) -> State:
    """Let nobody else act on a claim until the transaction ends; return its state.

    Raises:
        ClaimUnknown: There is none.
    """
    row = one("select state from claims_claim where id = %s for update", claim)
    if row is None:
        raise _unknown(claim)
    return State(row["state"])


def check_known(claims: Collection[str]) -> None:
    """Do nothing if all these claims are there.

    Raises:
        ClaimUnknown: One is not; the message names it.
    """
    known = {
        row["id"] for row in named("select id from claims_claim where id = any(%s)", list(claims))
    }
    for claim in claims:
        if claim not in known:
            raise _unknown(claim)


def lock_buyer(scheme: str, buyer: str) -> None:
    """Let nobody else fix a figure on this buyer, by any of its keys, until the end."""
    buyer = canonical([buyer])[buyer]
    do(
        "insert into claims_bound (scheme, buyer) values (%s, %s) on conflict do nothing",
        scheme, buyer,
    )  # fmt: skip
    do("select from claims_bound where scheme = %s and buyer = %s for update", scheme, buyer)


def lock_first_losses(policyholders: Collection[tuple[str, str, date]]) -> None:
    """Let nobody else take of the first losses of policyholders; the caller has locked the buyers.

    Args:
        policyholders: Each with its scheme and the day of its terms; those without a first loss
            are left alone.
    """
    bearing = [
        f"{scheme} {who}"
        for scheme, who, on in policyholders
        if terms_of(scheme, on).claims.first_loss is not None
    ]
    do(
        "select pg_advisory_xact_lock(hashtext('claims first loss'), bucket) from (select distinct "
        "abs(hashtext(b) %% 1024) as bucket from unnest(%s::text[]) as b order by 1) as buckets",
        bearing,
    )  # fmt: skip


def move(claim: str, event: Event, *, at: datetime, by: str, made_by: int) -> State:
    """Move one claim, whose row the caller has locked; return its new state.

    Raises:
        MoveNotAllowed: The table has no such move.
    """
    row = one("select state from claims_claim where id = %s", claim)
    before = State(row["state"]) if row else CLAIM.start
    after = CLAIM.after(before, event)
    move_many([claim], event, before=before, at=at, by=by, made_by=made_by)
    return after


def move_many(
    claims: Sequence[str], event: Event, *, before: State, at: datetime, by: str, made_by: int
) -> None:
    """Move many claims that stand alike, in one statement.

    Raises:
        MoveNotAllowed: The table has no such move.
        ClaimMoved: One of them stands elsewhere by now.
    """
    after = CLAIM.after(before, event)
    moved = do(
        "update claims_claim set state = %s where id = any(%s) and state = %s",
        after.value, list(claims), before.value,
    )  # fmt: skip
    if moved != len(claims):
        raise ClaimMoved(
            f"Of {len(claims)} claims that were {before} only {moved} still are. "
            "Somebody else acted on them: look again, and repeat."
        )
    put(
        "claims_move", "claim_id, event, from_state, to_state, at, by, made_by",
        [(one, event.value, before.value, after.value, at, by, made_by) for one in claims],
    )  # fmt: skip


def history(claim: str) -> list[dict[str, object]]:
    """Return what happened to a claim, in order."""
    return named(
        "select event, from_state, to_state, at, by, made_by from claims_move "
        "where claim_id = %s order by id",
        claim,
    )


def _unknown(claim: str) -> ClaimUnknown:
    return ClaimUnknown(f"There is no claim {claim!r}. Look its id up with `claims list`.")
