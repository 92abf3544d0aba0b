"""Insured debts of which nobody told a loss in time: their merchants hear of it, each once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tradeloop.claims import late
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.deadlines import deadlines
from tradeloop.claims.facts import Events
from tradeloop.claims.rows import do, named
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI, Deadline

NOTICE_BY = "notice-by"
AT_ONCE = 10_000

SILENT = """
select c.scheme, c.policyholder, c.buyer, r.trade, r.shipped_on, r.due_on, r.extended_to
from cover_certificate as c
join receivables_receivable as r on r.id = c.receivable_id
where c.covered_minor > 0 and r.due_on < %s
    and r.amount_minor > r.credited_minor + r.paid_minor
    and not exists (select from claims_line as l where l.trade = r.trade and l.is_live)
    and not exists (select from claims_told as t where t.trade = r.trade and t.code = 'notice-by')
order by r.due_on, r.trade
"""
TELL = """
insert into claims_told (code, trade, whom, last_day, rule, source, says, told_at, made_by)
select 'notice-by', n.trade, n.whom, n.last_day, n.rule, n.source, n.says, %s, %s
from unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[])
    as n (trade, whom, last_day, rule, source, says)
on conflict do nothing
"""
# What was told, as long as the debt is open and still nobody has made a notice of it.
STILL_SILENT = """
select t.* from claims_told as t
join receivables_receivable as r on r.trade = t.trade
where t.code = 'notice-by' and r.amount_minor > r.credited_minor + r.paid_minor
    and not exists (select from claims_line as l where l.trade = t.trade and l.is_live)
"""
STILL_REJECTED = """
select t.* from claims_told as t join claims_payout as p on p."order" = t."order"
where t.code = 'payout-rejected'
"""
OF_CLAIMS = """
select t.* from claims_told as t join claims_claim as c on c.id = t.claim_id
where t."order" is null and c.state not in ('paid', 'subrogated', 'closed', 'refused', 'withdrawn')
"""


@transaction.atomic
def tell_merchants(now: datetime) -> int:
    """Tell merchants of insured debts past the day of notice without one; return of how many.

    Where the wording counts from the day on which the merchant knew, nobody knows that day before
    there is a notice, so nobody is told.
    """
    today = now.astimezone(SHANGHAI).date()
    found: list[tuple[Mapping[str, Any], Deadline]] = []
    for row in named(SILENT, today):
        last = _notice_by(row)
        if last is not None and last.on < today:
            found.append((row, last))
    found = found[:AT_ONCE]
    if not found:
        return 0
    entry = record(
        kind="claims.told", at=now,
        fact={
            "code": NOTICE_BY,
            "lines": [
                {"last_day": str(day.on), "trade": row["trade"], "whom": row["policyholder"]}
                for row, day in found
            ],
        },
    ).entry_id  # fmt: skip
    return do(
        TELL, now, entry,
        [row["trade"] for row, _ in found], [row["policyholder"] for row, _ in found],
        [day.on for _, day in found], [day.rule for _, day in found],
        [day.source for _, day in found], [_says(row, today) for row, _ in found],
    )  # fmt: skip


def late_now(*, on: date) -> list[dict[str, Any]]:
    """Return what somebody was told and is late with still, the earliest last day first."""
    rows = named(OF_CLAIMS)
    now = late.days(sorted({row["claim_id"] for row in rows}), on=on)
    standing = [
        row for row in rows
        if any(code == row["code"] and day.on == row["last_day"]
               for code, day in now[row["claim_id"]].items())
    ]  # fmt: skip
    found = [*standing, *named(STILL_SILENT), *named(STILL_REJECTED)]
    return sorted(found, key=lambda row: (row["last_day"], row["id"]))


def _notice_by(row: Mapping[str, Any]) -> Deadline | None:
    terms = terms_of(row["scheme"], row["shipped_on"]).claims
    events = Events(due_on=row["due_on"], extended_to=row["extended_to"])
    return deadlines(events, terms=terms).notice_by


def _says(row: Mapping[str, Any], today: date) -> str:
    terms = terms_of(row["scheme"], row["shipped_on"]).claims
    return (
        f"Trade {row['trade']} with {row['buyer']} was due on {row['due_on']}, is open and "
        f"insured; by {today} no loss was told. A late notice is {terms.late_notice}."
    )
