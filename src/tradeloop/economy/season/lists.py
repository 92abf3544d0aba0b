"""A season as tables: certificates, claims, payments, recoveries, decisions; the same each time."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tradeloop.economy.season.year import Lived
from tradeloop.kit.money import MINOR_DIGITS
from tradeloop.store.database import cursor

CERTIFICATES = """
select r.trade, c.policyholder, c.buyer, c.shipped_on, r.due_on, r.extended_to, c.currency,
    c.amount_minor, c.covered_minor, c.insured_share_bp, r.currency,
    r.amount_minor - r.credited_minor - r.paid_minor
from cover_certificate as c join receivables_receivable as r on r.id = c.receivable_id
where c.scheme = %(scheme)s
"""
CLAIMS = """
select c.id, c.policyholder, c.buyer, c.state, c.noticed_on, c.loss_on, c.claimed_on, c.currency,
    c.claimed_minor, d.currency, d.pay_minor,
    (select max(o.paid_on) from claims_payout as o where o.claim_id = c.id),
    (select string_agg(l.trade, ' ' order by l.trade collate "C") from claims_line as l
     where l.claim_id = c.id),
    f.code, f.because, f.remedy
from claims_claim as c
left join claims_decision as d on d.id = c.decision_id
left join lateral (
    select code, because, remedy from claims_refusal as x where x.claim_id = c.id and
    c.state = 'refused' order by x.id desc limit 1
) as f on true
where c.scheme = %(scheme)s
"""
PAYMENTS = """
select p.id, p.seller, p.buyer, p.paid_on, p.currency, p.amount_minor, p.left_minor,
    (select string_agg(r.trade || ' ' || a.rule, '; ' order by r.trade collate "C")
     from receivables_application as a join receivables_receivable as r on r.id = a.receivable_id
     where a.payment_id = p.id)
from receivables_payment as p
"""
RECOVERIES = """
select r.pursuit_id, r.id, r.received_on, r.received_by, p.currency, r.amount_minor,
    r.to_insurer_minor, r.to_insured_minor, r.costs_repaid_minor, r.withdrawn_on
from recovery_receipt as r join recovery_pursuit as p on p.claim_id = r.pursuit_id
"""
DECISIONS = """
select d.trade, (d.at at time zone 'Asia/Shanghai')::date, d.outcome, d.codes
from cover_decision as d where d.scheme = %(scheme)s
"""


def write_lists(lived: Lived, into: Path) -> None:
    """Write the five tables into a folder, sorted; amounts are plain decimal numbers."""
    for name, headings, rows in (
        ("certificates.csv", (
            "trade", "merchant", "buyer", "country", "shipped_on", "due_on", "extended_to",
            "currency", "amount", "covered", "insured_share_bp", "debt_currency", "still_open",
        ), _certificates(lived)),
        ("claims.csv", (
            "claim", "merchant", "buyer", "country", "state", "noticed_on", "loss_on",
            "claimed_on", "currency", "claimed", "pay", "paid_on", "trades", "code", "because",
            "remedy",
        ), _claims(lived)),
        ("payments.csv", (
            "payment", "merchant", "buyer", "country", "paid_on", "currency", "amount", "left",
            "cleared",
        ), _payments(lived)),
        ("recoveries.csv", (
            "claim", "receipt", "received_on", "received_by", "currency", "amount", "to_insurer",
            "to_insured", "costs_repaid", "withdrawn_on",
        ), _recoveries(lived)),
        ("decisions.csv", ("trade", "on", "outcome", "codes"), _rows(DECISIONS, lived)),
    ):  # fmt: skip
        _write(into / name, headings, rows)


def _write(path: Path, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    texts = sorted(["" if cell is None else str(cell) for cell in row] for row in rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(headings)
        table.writerows(texts)


def _certificates(lived: Lived) -> list[list[object]]:
    return [
        [
            trade, lived.merchants[seller], *lived.people[buyer], shipped_on, due_on,
            extended_to, currency, plain(amount, currency), plain(covered, currency), share_bp,
            owed_in, plain(open_, owed_in),
        ]
        for trade, seller, buyer, shipped_on, due_on, extended_to, currency, amount, covered,
        share_bp, owed_in, open_ in _rows(CERTIFICATES, lived)
    ]  # fmt: skip


def _claims(lived: Lived) -> list[list[object]]:
    """Return the claims, and what the books did not take: it has no buyer and no money."""
    taken: list[list[object]] = [
        [
            claim, lived.merchants[seller], *lived.people[buyer], state, noticed_on, loss_on,
            claimed_on, currency, plain(claimed, currency), plain(pay, pay_in), paid_on, trades,
            code, because, remedy,
        ]
        for claim, seller, buyer, state, noticed_on, loss_on, claimed_on, currency, claimed, pay_in,
        pay, paid_on, trades, code, because, remedy in _rows(CLAIMS, lived)
    ]  # fmt: skip
    refused: list[list[object]] = [
        [
            one.name, one.policyholder, "", "", "not-taken", one.on, *[None] * 6, one.trade,
            one.code, one.because, "",
        ]
        for one in lived.not_taken
    ]  # fmt: skip
    return [*taken, *refused]


def _payments(lived: Lived) -> list[list[object]]:
    return [
        [
            name, lived.merchants[seller], *lived.people[buyer], paid_on, currency,
            plain(amount, currency), plain(left, currency), cleared,
        ]
        for name, seller, buyer, paid_on, currency, amount, left, cleared in _rows(PAYMENTS, lived)
    ]  # fmt: skip


def _recoveries(lived: Lived) -> list[list[object]]:
    return [
        [claim, name, on, by, currency, *(plain(one, currency) for one in minors), withdrawn_on]
        for claim, name, on, by, currency, *minors, withdrawn_on in _rows(RECOVERIES, lived)
    ]


def plain(minor: int | None, currency: str | None) -> str:
    """Return an amount as a plain decimal number; nothing where there is none."""
    if minor is None or currency is None:
        return ""
    digits = MINOR_DIGITS[currency]
    whole, rest = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}}" if digits else f"{sign}{whole}"


def _rows(sql: str, lived: Lived) -> list[tuple[Any, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode(), {"scheme": lived.scheme})
        return cur.fetchall()
