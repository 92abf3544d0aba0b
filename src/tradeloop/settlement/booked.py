"""Bank payments find the debts that they pay; what is doubtful waits for a person."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.receivables import actions as receivables
from tradeloop.receivables import queries as owing
from tradeloop.receivables.facts import CreditKind, NewPayment, Owed
from tradeloop.settlement import queries
from tradeloop.settlement.facts import Booked, Matching, Payment
from tradeloop.settlement.kept import from_json
from tradeloop.settlement.matching import Match, Matched, Receivable, match
from tradeloop.settlement.rows import lock, rows
from tradeloop.store.database import cursor

NamesOf = Callable[[Collection[str]], Mapping[str, Collection[str]]]
"""Gives the names under which buyers are known."""

EVER = date(9000, 1, 1)
CHARGES = uuid.UUID("6f1d2c52-1f0b-5a43-9a3e-7a2d6c9e4b10")  # of the ids of their credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """So much of a bank payment is meant for a trade, because of this."""

    payment: str
    paid_on: date
    owed: Owed
    amount: Money
    charge: Money
    agreed: tuple[str, ...]
    differed: tuple[str, ...]


@transaction.atomic
def match_open(
    *,
    at: datetime,
    charges_max_minor: Mapping[str, int] | None = None,
    names_of: NamesOf = queries.names_of_buyers,
) -> Matching:
    """Book the payments on sellers' accounts that say clearly what they pay; the others wait.

    A booking says which buyer paid; which of the buyer's debts it clears, the rule of its day says.
    What waits is looked at anew each time: a debt or a name that came since may settle it.

    Args:
        at: The caller's clock.
        charges_max_minor: Largest charge of banks that still settles a debt, by currency; it is
            credited as paid. A currency not named has none.
        names_of: Gives the names of buyers by their keys; default as papers tell of them.
    """
    lock()
    found = rows(
        "select a.owner, p.id, p.told, p.amount_minor - p.booked_minor, p.booked_minor "
        "from settlement_bankpayment as p join settlement_account as a on a.number = p.account "
        "where p.state = 'open' and (p.is_credit or p.is_reversal) "
        "and not starts_with(a.owner, %s) order by a.owner, p.paid_on, p.id",
        queries.NOT_A_SELLER,
    )  # fmt: skip
    meant: list[tuple[str, Meant]] = []
    doubts: dict[str, tuple[str, Sequence[str]]] = {}
    for seller, group in groupby(found, key=lambda row: str(row[0])):
        known = {id_: from_json(told) for _, id_, told, _, booked in group if not booked}
        owed = {one.trade: one for one in owing.owed(on=EVER, seller=seller)}
        matched = match(
            known.values(), _receivables(tuple(owed.values()), names_of),
            charges_max_minor=charges_max_minor or {},
        )  # fmt: skip
        ids = {id(payment): id_ for id_, payment in known.items()}
        meant += [(seller, one) for one in _meant(matched.matches, ids, owed, doubts)]
        _doubts(matched, ids, doubts)
    _write_doubts([row[1] for row in found if not row[4]], doubts)
    # By their days, whoever was paid: the books keep this order, and limits follow it. The order of
    # sellers would be another in each home, where the key of a person is.
    meant.sort(key=lambda row: (row[1].paid_on, row[1].payment))
    booked = book([(seller, one, None) for seller, one in meant], at=at) if meant else ()
    return Matching(booked=booked, waiting=len(queries.waiting()))


def book(meant: Sequence[tuple[str, Meant, str | None]], *, at: datetime) -> tuple[Booked, ...]:
    """Pay receivables with what is meant for them: one payment there for each buyer.

    `meant` gives seller, what is meant, and who decided it. What `receivables` refuses waits.
    """
    groups: dict[tuple[str, str], list[tuple[str, Meant, str | None]]] = defaultdict(list)
    for row in meant:
        groups[row[1].payment, row[1].owed.buyer].append(row)
    counts: dict[str, int] = {}
    names: dict[tuple[str, str], str] = {}
    for payment, buyer in groups:
        if payment not in counts:
            counts[payment] = len(queries.bookings_of(payment))
        counts[payment] += 1
        number = counts[payment]
        names[payment, buyer] = payment if number == 1 else f"{payment}/{number}"
    asked = [
        NewPayment(
            id=names[key], seller=group[0][0], buyer=key[1],
            amount=Money(
                sum(one.amount.minor for _, one, _ in group), group[0][1].amount.currency
            ),
            paid_on=group[0][1].paid_on,
            names=group[0][1].owed.trade if len(group) == 1 else None,
        )
        for key, group in groups.items()
    ]  # fmt: skip
    answers = receivables.pay(payments=asked, at=at)
    made = []
    for key, answer in zip(groups, answers, strict=True):
        if answer.refusal or not answer.is_new:
            _write_doubts([key[0]], {key[0]: (
                f"{names[key]} stands in the receivables already, from elsewhere", ()
            )})  # fmt: skip
            continue
        made += [_booked(one, names[key], by) for _, one, by in groups[key]]
    _credit_charges(made, at)
    _write_matches(made, at)
    return tuple(made)


def _receivables(owed: Sequence[Owed], names_of: NamesOf) -> tuple[Receivable, ...]:
    oldest_first = sorted(owed, key=lambda one: (one.shipped_on, one.trade))
    references = queries.references([one.trade for one in oldest_first])
    names = names_of({one.buyer for one in oldest_first})
    return tuple(
        Receivable(
            id=one.trade, debtor_names=tuple(names.get(one.buyer, ())), open=one.open,
            references=references[one.trade], due_on=one.payable_on,
        )
        for one in oldest_first
    )  # fmt: skip


def _meant(
    matches: Sequence[Match],
    ids: Mapping[int, str],
    owed: Mapping[str, Owed],
    doubts: dict[str, tuple[str, Sequence[str]]],
) -> list[Meant]:
    found = []
    for one in matches:
        payment = ids[id(one.payment)]
        paid_on = one.payment.booked_on or one.payment.value_on
        if paid_on is None:
            doubts[payment] = ("the bank gives no day for it", [one.receivable.id])
            continue
        found.append(
            Meant(
                payment=payment, paid_on=paid_on, owed=owed[one.receivable.id], amount=one.amount,
                charge=one.charge, agreed=one.agreed, differed=one.differed,
            )
        )  # fmt: skip
    return found


def _doubts(
    matched: Matched, ids: Mapping[int, str], doubts: dict[str, tuple[str, Sequence[str]]]
) -> None:
    for doubt in matched.doubtful:
        may: Sequence[str] = [one.id for one in doubt.may_pay]
        if doubt.payment.is_reversal:
            may = _undone(doubt.payment)
        doubts[ids[id(doubt.payment)]] = (doubt.because, may)
    for payment in matched.unknown:
        doubts[ids[id(payment)]] = ("nothing that is open agrees with it", ())


def _undone(reversal: Payment) -> tuple[str, ...]:
    on = reversal.booked_on or reversal.value_on
    return queries.reversible(reversal.account, reversal.amount, on)


def _write_doubts(payments: Sequence[str], doubts: Mapping[str, tuple[str, Sequence[str]]]) -> None:
    rows("delete from settlement_doubt where payment_id = any(%s::text[])", list(payments))
    with cursor() as cur:
        cur.executemany(
            "insert into settlement_doubt (payment_id, because, may_pay) values (%s, %s, %s)",
            [
                (payment, because, json.dumps(list(may), ensure_ascii=False))
                for payment, (because, may) in doubts.items()
            ],
        )


def _booked(one: Meant, booked_as: str, by: str | None) -> Booked:
    return Booked(
        payment=one.payment, trade=one.owed.trade, amount=one.amount, charge=one.charge,
        agreed=one.agreed, differed=one.differed, booked_as=booked_as, by=by,
    )  # fmt: skip


def charge_id(booked_as: str, trade: str) -> uuid.UUID:
    """Return the id of the credit for what banks kept of a payment on its way to a trade."""
    return uuid.uuid5(CHARGES, f"{booked_as} {trade}")


def _credit_charges(made: Sequence[Booked], at: datetime) -> None:
    """Credit what banks kept on the way: on what the payment left open of the debts it was for."""
    charged = [one for one in made if one.charge.minor]
    stand = owing.payments(one.booked_as for one in charged)
    for one in charged:
        left, on = one.charge.minor, stand[one.booked_as].paid_on
        named = [each.trade for each in made if each.booked_as == one.booked_as]
        for owed in reversed(owing.owed(on=EVER, trades=named)):
            part = min(left, owed.open.minor)
            if part:
                receivables.credit(
                    id=charge_id(one.booked_as, owed.trade), trade=owed.trade,
                    kind=CreditKind.BANK_CHARGES, amount=Money(part, owed.open.currency),
                    counts_on=max(on, owed.shipped_on), because="kept by banks on the way", at=at,
                )  # fmt: skip
                left -= part


def _write_matches(made: Sequence[Booked], at: datetime) -> None:
    if not made:
        return
    fact = record(
        kind="settlement.booked", at=at,
        fact={
            "columns": [
                "payment", "trade", "minor", "charge_minor", "currency", "agreed", "differed",
                "booked_as", "by",
            ],
            "lines": [
                [
                    one.payment, one.trade, str(one.amount.minor), str(one.charge.minor),
                    one.amount.currency, list(one.agreed), list(one.differed), one.booked_as,
                    one.by,
                ]
                for one in made
            ],
        },
    )  # fmt: skip
    with cursor() as cur:
        cur.executemany(
            "insert into settlement_match (payment_id, trade, amount_minor, charge_minor, agreed, "
            "differed, booked_as, by, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    one.payment, one.trade, one.amount.minor, one.charge.minor,
                    " ".join(one.agreed), " ".join(one.differed), one.booked_as, one.by,
                    fact.entry_id,
                )
                for one in made
            ],
        )  # fmt: skip
        cur.executemany(
            "update settlement_bankpayment set booked_minor = booked_minor + %s, "
            "state = case when booked_minor + %s = amount_minor then 'booked' else state end "
            "where id = %s",
            [(one.amount.minor, one.amount.minor, one.payment) for one in made],
        )
