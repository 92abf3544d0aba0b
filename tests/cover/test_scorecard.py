"""The card rates every measure once, in whole points, and says which row gave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cover.counter import DAY, buyer_of, offer, pay, trade
from tradeloop.cover.scorecard import MeasureUnrated, score, shipped_card
from tradeloop.cover.scoring import scored

MAY = date(2026, 5, 10)


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_every_value_of_every_measure_is_rated_by_one_row(side: str) -> None:
    measures = {one.measure for one in shipped_card() if one.side == side}

    for value in [0, 1, 2, 3, 4, 5, 19, 20, 30, 31, 3_999, 4_000, 7_999, 8_000, 9_500, 10_000]:
        found = score(side, dict.fromkeys(measures, value))

        assert len(found.reasons) == len(measures)
        assert found.points == sum(one.points for one in found.reasons) <= found.of == 100


def test_a_card_with_a_gap_is_refused_by_name() -> None:
    card = [replace(one, least=one.least + 1) for one in shipped_card()]

    with pytest.raises(MeasureUnrated, match="trades of buyer is 0"):
        score("buyer", {"trades": 0}, card)


@pytest.mark.usefixtures("database")
def test_who_pays_on_time_scores_more_than_who_does_not() -> None:
    offer(trade("A", 10_000, credit_days=30))
    buyer = buyer_of("A")
    late = scored(buyer, on=MAY + 60 * DAY)

    pay(10_000, buyer, on=MAY + 61 * DAY)

    assert scored(buyer, on=MAY + 62 * DAY).points > late.points
    assert {one.code for one in late.reasons} >= {"paid-badly", "late-little"}
