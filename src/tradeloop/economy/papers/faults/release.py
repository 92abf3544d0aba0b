"""Lists that customs did not release, or not for good; answers that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR, day_of
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.parcel import Parcel, list_answer
from tradeloop.economy.papers.trade import Trade

RELEASING = ("800", "899")


def hold(one: Parcel) -> None:
    """Leave a list concluded and not released: the parcel stays in the depot."""
    one.answers = [a for a in one.answers if a.head["returnStatus"] not in RELEASING]
    one.on_departure = False
    one.summaries = 0


def _release_missing(trade: Trade) -> None:
    for one in trade.parcels:
        hold(one)
        one.on_manifest = False
        one.declared.head["ieDate"] = day_of(trade.deal.world.town.late_plans)


def _release_stale(trade: Trade) -> None:
    for one in trade.parcels:
        hold(one)


def _end_with(trade: Trade, status: str, *, accepted: int) -> None:
    """Keep the first `accepted` answers of each list, then let customs say `status`."""
    for one in trade.parcels:
        hold(one)
        one.answers = one.answers[:accepted]
        at = trade.deal.clock.listed_at + between(trade.deal.r, 2 * HOUR, 5 * HOUR)
        one.answers.append(list_answer(trade.deal, one.declared, one.number, status, at))


def _rejected(trade: Trade) -> None:
    _end_with(trade, "100", accepted=1)


def _detained(trade: Trade) -> None:
    _end_with(trade, "500", accepted=2)


def _withdrawn(trade: Trade) -> None:
    for one in trade.parcels:
        released = [a for a in one.answers if a.head["returnStatus"] != "899"]
        hold(one)
        at = released[-1].head["returnTime"] + between(trade.deal.r, HOUR, 4 * HOUR)
        status = pick(trade.deal.r, ("700", "100"))
        again = list_answer(trade.deal, one.declared, one.number, status, at)
        one.answers = [*released, again]


def _left_before(trade: Trade) -> None:
    """Customs releases the parcel days after the plane has left."""
    for one in trade.parcels:
        hold_back = between(trade.deal.r, 2, 4) * DAY
        one.released_at = one.flight.leaves_at + hold_back
        one.answers = one.answers[:3]
        one.answers[-1].head["returnTime"] = one.released_at


def _answer_differs(trade: Trade) -> None:
    """Found by its declarant's number, the answer names an order that nobody placed."""
    answer = trade.parcels[0].answers[0]
    answer.head["orderNo"] = f"{answer.head['orderNo']}X"


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "release-missing": _release_missing,
    "release-stale": _release_stale,
    "release-withdrawn": _withdrawn,
    "list-rejected": _rejected,
    "list-detained": _detained,
    "departure-before-release": _left_before,
    "answer-differs": _answer_differs,
}
