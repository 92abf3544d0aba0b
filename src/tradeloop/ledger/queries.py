"""The reads: balances as of any day, the trial balance, statements, single entries."""

from __future__ import annotations

from datetime import date
from typing import Any

from tradeloop.kit.money import Money
from tradeloop.ledger.facts import (
    Balance,
    Entry,
    Movement,
    Posting,
    Statement,
    TrialBalance,
    check_account,
)
from tradeloop.store.database import cursor

SUMS = """
select a.name, d.currency_id, sum(d.debit_minor), sum(d.credit_minor)
from ledger_day as d join ledger_account as a on a.id = d.account_id
where d.booked_on <= %s and starts_with(a.name, %s)
group by a.name, d.currency_id
order by d.currency_id, a.name collate "C"
"""

MOVEMENTS = """
with
    leg as (
        select p.entry_id, p.line, p.currency_id, p.booked_on, p.minor, p.credit_id as other_id
        from ledger_posting as p
        where p.debit_id = %(account)s and p.booked_on between %(from)s and %(to)s
        union all
        select p.entry_id, p.line, p.currency_id, p.booked_on, -p.minor, p.debit_id
        from ledger_posting as p
        where p.credit_id = %(account)s and p.booked_on between %(from)s and %(to)s
    )
select leg.currency_id, leg.booked_on, e.posted_at,
    leg.booked_on < (e.posted_at at time zone 'Asia/Shanghai')::date,
    e.key, e.why, other.name, leg.minor,
    -- One look-up a row: a join would be planned as a walk through all entries.
    (select o.key from ledger_entry as o where o.id = e.reverses_id),
    (select u.key from ledger_entry as u where u.reverses_id = e.id)
from leg
join ledger_entry as e on e.id = leg.entry_id
join ledger_account as other on other.id = leg.other_id
order by leg.currency_id, leg.booked_on, leg.entry_id, leg.line
"""

OPENINGS = """
select d.account_id, d.currency_id,
    coalesce(sum(d.debit_minor - d.credit_minor) filter (where d.booked_on < %s), 0)
from ledger_day as d
where d.account_id = (select id from ledger_account where name = %s) and d.booked_on <= %s
group by d.account_id, d.currency_id order by d.currency_id
"""

DIFFERENT_SUMS = """
with
    leg as (
        select debit_id as account_id, currency_id, booked_on, minor as debit, 0 as credit
        from ledger_posting
        union all
        select credit_id, currency_id, booked_on, 0, minor from ledger_posting
    ),
    counted as (
        select account_id, currency_id, booked_on, sum(debit) as debit, sum(credit) as credit
        from leg group by account_id, currency_id, booked_on
    )
select a.name, booked_on
from counted full join ledger_day as d using (account_id, currency_id, booked_on)
join ledger_account as a on a.id = account_id
where (debit, credit) is distinct from (debit_minor, credit_minor)
order by a.name collate "C", booked_on
"""


class PeriodBackwards(ValueError):
    """The first day of a period is later than its last."""


def balance(account: str, *, on: date, currency: str) -> Money:
    """Return debits less credits of an account at the end of a day; zero if nothing was posted.

    Raises:
        AccountMalformed: The text is no name of an account.
        CurrencyUnknown: ISO 4217 has no such currency.
    """
    nothing = Money(0, currency)
    row = _one(
        "select coalesce(sum(debit_minor - credit_minor), 0) from ledger_day "
        "where account_id = (select id from ledger_account where name = %s) "
        "and currency_id = %s and booked_on <= %s",
        (check_account(account), currency, on),
    )
    return Money(int(row[0]), currency) if row else nothing


def balances(prefix: str, *, on: date) -> tuple[Balance, ...]:
    """Return what each account whose name begins with `prefix` came to at the end of a day.

    An account that was posted to is there for each of its currencies, even at zero. Write the
    colon (`nb-bank:`) to mean one owner. Ordered by currency, then name.
    """
    with cursor() as cur:
        cur.execute(SUMS, (on, prefix))
        return tuple(
            Balance(
                account=name, debit=Money(int(debit), currency), credit=Money(int(credit), currency)
            )
            for name, currency, debit, credit in cur.fetchall()
        )


def trial_balance(*, on: date) -> TrialBalance:
    """Return every account at the end of a day; debits equal credits in each currency."""
    return TrialBalance(on=on, balances=balances("", on=on))


def statement(account: str, *, from_on: date, to_on: date) -> tuple[Statement, ...]:
    """Return what happened on an account, both days included: one statement for each currency.

    Movements are in the order of the days they count for, then as they were posted.

    Raises:
        AccountMalformed: The text is no name of an account.
        PeriodBackwards: `from_on` is later than `to_on`.
    """
    check_account(account)
    if from_on > to_on:
        raise PeriodBackwards(
            f"From {from_on} to {to_on} there is no day. Name the first day, then the last."
        )
    with cursor() as cur:
        cur.execute(OPENINGS, (from_on, account, to_on))
        found = cur.fetchall()
        if not found:
            return ()
        # The id itself: the plan depends on how busy the account is.
        cur.execute(MOVEMENTS.encode(), {"account": found[0][0], "from": from_on, "to": to_on})
        rows = cur.fetchall()
    openings = [(currency, Money(int(minor), currency)) for _, currency, minor in found]
    by_currency: dict[str, list[tuple[Any, ...]]] = {currency: [] for currency, _ in openings}
    for row in rows:
        by_currency[row[0]].append(row[1:])
    return tuple(
        _statement(account, from_on, to_on, opening, by_currency[currency])
        for currency, opening in openings
    )


def entry(key: str) -> Entry | None:
    """Return an entry as it was posted, or None if no entry has that key."""
    with cursor() as cur:
        cur.execute(
            "select e.booked_on, e.why, o.key, d.name, c.name, p.currency_id, p.minor "
            "from ledger_entry as e join ledger_posting as p on p.entry_id = e.id "
            "join ledger_account as d on d.id = p.debit_id "
            "join ledger_account as c on c.id = p.credit_id "
            "left join ledger_entry as o on o.id = e.reverses_id "
            "where e.key = %s order by p.line",
            (key,),
        )
        rows = cur.fetchall()
    if not rows:
        return None
    on, why, reverses, *_ = rows[0]
    postings = tuple(
        Posting(debit=debit, credit=credit, amount=Money(minor, currency))
        for _, _, _, debit, credit, currency, minor in rows
    )
    return Entry(key=key, on=on, why=why, postings=postings, reverses=reverses)


def different_sums() -> tuple[tuple[str, date], ...]:
    """Count all postings anew; return each account and day whose kept sum differs from them.

    None does, unless somebody changed the tables behind the triggers' back.
    """
    with cursor() as cur:
        cur.execute(DIFFERENT_SUMS)
        return tuple((name, on) for name, on in cur.fetchall())


def _statement(
    account: str, from_on: date, to_on: date, opening: Money, rows: list[tuple[Any, ...]]
) -> Statement:
    running = opening
    movements: list[Movement] = []
    for on, posted_at, is_backdated, key, why, other, minor, reverses, reversed_by in rows:
        amount = Money(minor, opening.currency)
        running += amount
        movements.append(
            Movement(
                on=on, posted_at=posted_at, is_backdated=is_backdated, key=key, why=why,
                other=other, amount=amount, balance=running, reverses=reverses,
                reversed_by=reversed_by,
            )
        )  # fmt: skip
    return Statement(
        account=account, from_on=from_on, to_on=to_on,
        opening=opening, movements=tuple(movements), closing=running,
    )  # fmt: skip


def _one(sql: str, given: tuple[Any, ...]) -> tuple[Any, ...] | None:
    with cursor() as cur:
        cur.execute(sql.encode(), given)
        return cur.fetchone()
