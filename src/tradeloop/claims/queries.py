"""The reads: claims with all that is known of them, many at once, and what was decided."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tradeloop.claims.case import Case, CaseLine, Item, Paper, Signal, Stop
from tradeloop.claims.lifecycle import State
from tradeloop.claims.moves import ClaimUnknown
from tradeloop.claims.rows import named, one
from tradeloop.kit.money import Money
from tradeloop.settlement.queries import names_of_buyers

CLAIMS = """
select c.*, s.asked_on as supplement_asked_on
from claims_claim as c
left join claims_supplement as s on s.claim_id = c.id and s.answered_on is null
where c.id = any(%s)
"""
LINES = """
select
    l.claim_id, l.trade, l.certificate, l.due_on, l.extended_to, l.claimed_minor,
    r.currency, r.amount_minor, r.assignee, v.grade, v.currency as verified_currency,
    v.verified_minor, h.capacity_id,
    coalesce(b.over_used_since is not null, false) as is_over_used
from claims_line as l
join receivables_receivable as r on r.trade = l.trade
left join trades_verdict as v on v.trade_id = l.trade and v.purpose = 'insurance'
left join cover_certificate as c on c.number = l.certificate
left join registry_hold as h on h.id = c.hold
left join registry_book as b on b.capacity_id = h.capacity_id and b.purpose = h.purpose
where l.claim_id = any(%s)
order by l.claim_id, r.shipped_on, r.arrival
"""
NAMES = """
select capacity_id, array_agg(distinct split_part(key, ':', 1)) as names
from registry_paper where capacity_id = any(%s) group by 1
"""
TWINS = """
select capacity_id, count(*) as twins
from (
    select one_id as capacity_id from registry_twin where one_id = any(%s)
    union all select other_id from registry_twin where other_id = any(%s)
) as both_sides group by 1
"""


def cases(ids: Sequence[str]) -> tuple[Case, ...]:
    """Return claims, in the order asked for, in a handful of questions.

    Raises:
        ClaimUnknown: One of them does not exist.
    """
    found = {row["id"]: row for row in named(CLAIMS, list(ids))}
    if missing := [id for id in ids if id not in found]:
        raise ClaimUnknown(f"There is no claim {missing[0]!r}. Look its id up with `claims list`.")
    lines = _lines(ids, {id: row["currency"] for id, row in found.items()})
    papers = _grouped(
        "select * from claims_evidence where claim_id = any(%s) order by brought_on, id", ids
    )
    signals = _grouped("select * from claims_signal where claim_id = any(%s) order by id", ids)
    stops = _grouped("select * from claims_stop where claim_id = any(%s) order by id", ids)
    names = names_of_buyers({row["buyer"] for row in found.values()})
    return tuple(
        _case(
            {**found[id], "buyer_names": tuple(names.get(found[id]["buyer"], ()))}, lines[id],
            tuple(_paper(row) for row in papers[id]),
            tuple(_signal(row) for row in signals[id]),
            tuple(
                Stop(kind=row["kind"], from_on=row["from_on"], to_on=row["to_on"],
                     because=row["because"])
                for row in stops[id]
            ),
        )
        for id in ids
    )  # fmt: skip


def case(id: str) -> Case:
    """Return one claim.

    Raises:
        ClaimUnknown: There is none.
    """
    (found,) = cases([id])
    return found


def listed(
    *, state: str | None = None, policyholder: str | None = None, buyer: str | None = None,
    limit: int = 1000,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return claims, the latest notice first."""
    return named(
        "select c.id, c.scheme, c.policyholder, c.buyer, c.state, c.currency, c.claimed_minor, "
        "c.noticed_on, c.claimed_on, d.pay_minor, d.currency as pay_currency "
        "from claims_claim as c left join claims_decision as d on d.id = c.decision_id "
        "where (%s::text is null or c.state = %s) and (%s::text is null or c.policyholder = %s) "
        "and (%s::text is null or c.buyer = %s) order by c.noticed_on desc, c.id limit %s",
        state, state, policyholder, policyholder, buyer, buyer, limit,
    )  # fmt: skip


def items(id: str) -> tuple[Item, ...]:
    """Return the checklist of a claim as the last look found it."""
    rows = named("select * from claims_item where claim_id = %s order by id", id)
    return tuple(
        Item(
            kind=row["kind"], trade=row["trade"] or None, is_required=row["is_required"],
            status=row["status"], seen=row["seen"], expected=row["expected"],
        )
        for row in rows
    )  # fmt: skip


def decision(id: int) -> dict[str, Any]:
    """Return a calculation as it was kept."""
    found = one("select * from claims_decision where id = %s", id)
    if found is None:
        raise ClaimUnknown(f"There is no calculation {id}. `claims show` names those of a claim.")
    return found


def agreement(claim: str) -> dict[str, Any] | None:
    """Return the agreement that stands, offered or signed; None if there is none."""
    return one("select * from claims_agreement where claim_id = %s and state <> 'void'", claim)


def content(digest: str) -> bytes | None:
    """Return the bytes of a paper by their SHA-256."""
    row = one("select body from claims_content where digest = %s", digest)
    return bytes(row["body"]) if row else None


def claims_of(trades: Collection[str]) -> Mapping[str, tuple[str, State]]:
    """Return in which claim each trade is, and where that stands; those withdrawn are none."""
    rows = named(
        "select l.trade, c.id, c.state from claims_line as l "
        "join claims_claim as c on c.id = l.claim_id where l.is_live and l.trade = any(%s)",
        list(trades),
    )
    return {row["trade"]: (row["id"], State(row["state"])) for row in rows}


def last_refusal(claim: str) -> dict[str, Any] | None:
    """Return why a claim was refused last."""
    return one("select * from claims_refusal where claim_id = %s order by id desc limit 1", claim)


def _grouped(sql: str, ids: Collection[str]) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in named(sql, list(ids)):
        found[row["claim_id"]].append(row)
    return found


def _lines(ids: Sequence[str], currencies: Mapping[str, str]) -> Mapping[str, list[CaseLine]]:
    rows = named(LINES, list(ids))
    values = list({row["capacity_id"] for row in rows if row["capacity_id"] is not None})
    names = {row["capacity_id"]: row["names"] for row in named(NAMES, values)}
    twins = {row["capacity_id"]: row["twins"] for row in named(TWINS, values, values)}
    found: dict[str, list[CaseLine]] = defaultdict(list)
    for row in rows:
        value, claimed = row["capacity_id"], row["claimed_minor"]
        currency = currencies[row["claim_id"]]
        found[row["claim_id"]].append(
            CaseLine(
                trade=row["trade"], certificate=row["certificate"], due_on=row["due_on"],
                extended_to=row["extended_to"], owed=Money(row["amount_minor"], row["currency"]),
                claimed=None if claimed is None else Money(claimed, currency), grade=row["grade"],
                verified=(
                    Money(row["verified_minor"], row["verified_currency"])
                    if row["verified_currency"] else None
                ),
                names=frozenset(names.get(value, ())), is_over_used=row["is_over_used"],
                twins=twins.get(value, 0), assignee=row["assignee"],
            )
        )  # fmt: skip
    return found


def _paper(row: Mapping[str, Any]) -> Paper:
    return Paper(
        id=row["id"], kind=row["kind"], trade=row["trade"], name=row["name"],
        digest=row["content_id"], size=row["size"], dated=row["dated"],
        is_read=row["reading"] == "read", because=row["because"], says=json.loads(row["says"]),
        brought_by=row["brought_by"], brought_on=row["brought_on"],
    )  # fmt: skip


def _signal(row: Mapping[str, Any]) -> Signal:
    return Signal(
        id=row["id"], code=row["code"], because=row["because"], raised_by=row["raised_by"],
        raised_on=row["raised_on"], cleared_by=row["cleared_by"], cleared_on=row["cleared_on"],
        cleared_why=row["cleared_why"],
    )  # fmt: skip


def _case(
    row: Mapping[str, Any], lines: Sequence[CaseLine], papers: tuple[Paper, ...],
    signals: tuple[Signal, ...], stops: tuple[Stop, ...],
) -> Case:  # fmt: skip
    claimed = row["claimed_minor"]
    same = (
        "id", "scheme", "policyholder", "buyer", "buyer_names", "currency", "because",
        "terms_on", "known_on",
        "noticed_on", "notice_complete_on", "insolvent_on", "loss_on", "claimed_on",
        "papers_complete_on", "agreed_on", "noticed_by", "filed_by", "supplement_asked_on",
    )  # fmt: skip
    return Case(
        **{name: row[name] for name in same},
        state=State(row["state"]), decision=row["decision_id"],
        claimed=None if claimed is None else Money(claimed, row["currency"]),
        lines=tuple(lines), papers=papers, signals=signals, stops=stops,
    )  # fmt: skip
