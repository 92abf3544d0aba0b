"""Does a statement add up: opening balance and booked entries against the closing balance."""

from __future__ import annotations

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import Balance, Noticed, Statement
from tradeloop.settlement.told import noticed

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def check_balances(statement: Statement, *, incomplete: bool) -> list[Noticed]:
    """Return what is wrong with the balances; nothing if they add up to the minor unit."""
    opening, closing = _stated(statement, OPENING), _stated(statement, CLOSING)
    if not opening or not closing:
        seen = ", ".join(one.code or "?" for one in statement.balances) or "no balance"
        return [_told("balance-missing", statement, seen, "OPBD (or PRCD) and CLBD")]
    if len(opening) > 1 or len(closing) > 1:
        seen = ", ".join(f"{one.code} {one.amount}" for one in opening + closing)
        return [_told("balance-doubled", statement, seen, "one of each")]
    start, end = opening[0].amount, closing[0].amount
    booked = [one for one in statement.payments if one.is_booked]
    currencies = {start.currency, end.currency, *(one.amount.currency for one in booked)}
    if len(currencies) > 1:
        seen = ", ".join(sorted(currencies))
        return [_told("balance-unchecked", statement, seen, "one currency in one statement")]
    if incomplete:
        return [_told("balance-unchecked", statement, "parts could not be read", "a whole file")]
    total = Money(start.minor + sum(one.signed_minor for one in booked), start.currency)
    if total == end:
        return []
    seen = f"{start} and entries of {total - start} make {total}"
    return [_told("balance-differs", statement, seen, f"{end} as stated at the close")]


def _stated(statement: Statement, codes: tuple[str, ...]) -> list[Balance]:
    """Return the balances of the first code that is stated, equal ones once."""
    for code in codes:
        if found := [one for one in statement.balances if one.code == code]:
            return list(dict.fromkeys(found))
    return []


def _told(code: str, statement: Statement, seen: str, expected: str) -> Noticed:
    return noticed(code, statement.place, seen=seen, expected=expected)
