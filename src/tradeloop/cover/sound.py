"""What a buyer's history must be before it is played: each thing once, above zero, one currency."""

from __future__ import annotations

from collections import Counter

from tradeloop.cover.facts import History, HistoryUnsound, Payment, Shipment


def check(history: History) -> None:
    """Refuse a history that says something twice, below zero, or in several currencies.

    Raises:
        HistoryUnsound: The message names what, and what to give instead.
    """
    events: list[Shipment | Payment] = [*history.shipments, *history.payments]
    for ids in (
        [one.id for one in history.shipments],
        [one.id for one in history.payments],
        [one.id for one in history.limits],
    ):
        if twice := [name for name, times in Counter(ids).items() if times > 1]:
            raise HistoryUnsound(f"{', '.join(twice)}: stands twice. Give each thing its own id.")
    for event in events:
        if event.amount.minor <= 0:
            raise HistoryUnsound(f"{event.id} is of {event.amount}. Give an amount above zero.")
    if below := [one.id for one in history.limits if one.amount.minor < 0]:
        raise HistoryUnsound(f"Limit {below[0]} is below zero. Give 0 to withdraw it.")
    currencies = {event.amount.currency for event in events}
    if len(currencies) > 1:
        raise HistoryUnsound(
            f"Amounts are in {', '.join(sorted(currencies))}. Convert them to the currency of the "
            "limit first, at the rate of each day."
        )
