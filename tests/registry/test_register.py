"""Judged trades become values that can be used once; again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from registry.shop import DECLARATION, NOON, ask, line, said, stands
from tradeloop.registry import actions, queries
from tradeloop.registry.editions import Overtaken
from tradeloop.registry.facts import MINOR_MAX, Value
from tradeloop.registry.register import Registered, Registering, register
from tradeloop.trades.registration import JudgedTrade

pytestmark = pytest.mark.usefixtures("database")
FOLDER = Registering(
    purpose="finance", on=date(2026, 1, 1), now=lambda: NOON, source="a folder", complete=False,
    secret=b"a key of the tests",
)  # fmt: skip
LAKE = replace(FOLDER, source="a lake", complete=True)
TRADE = JudgedTrade(
    name="3301960A01/2026-0001", mode="9610", dated_at=None, grade="proven", currency="USD",
    verified_minor=100, seller="3301960A01", buyer="Buyer One",
    names=[("order", "", "2026-0001"), ("list", "CN.customs", "29242026I1")],
)  # fmt: skip
NAME = "trade:3301960A01:2026-0001"


def bring(*trades: JudgedTrade, given: Registering = FOLDER) -> Registered:
    """Register one set of trades."""
    return register([trades], given)


def other(number: str, **figures: object) -> JudgedTrade:
    """Return a trade of another number."""
    given: dict[str, object] = {
        "name": f"3301960A01/{number}", "names": [("order", "", number)], **figures,
    }  # fmt: skip
    return replace(TRADE, **given)  # type: ignore[arg-type]


def outcomes(done: Registered) -> dict[str, int]:
    """Return what became of the trades."""
    return dict(done.outcomes)


def test_a_proven_trade_can_be_asked_for_by_each_of_its_papers() -> None:
    assert outcomes(bring(TRADE)) == {"opened": 1}

    assert said(
        line(10, NAME),
        line(20, "order:3301960A01:2026-0001"),
        line(70, "list:CN.customs:29242026I1"),
        line(1, NAME),
    ) == [10, 20, 70, "not-enough"]


def test_again_changes_nothing() -> None:
    bring(TRADE)
    before = queries.capacity(NAME)

    assert outcomes(bring(TRADE)) == {"unchanged": 1}
    assert queries.capacity(NAME) == before


def test_only_what_is_proven_is_worth_something() -> None:
    unproven = [
        replace(TRADE, grade=grade, verified_minor=0) for grade in ("incomplete", "contradicted")
    ]

    assert outcomes(bring(*unproven)) == {"not-proven": 2}
    with pytest.raises(queries.CapacityUnknown, match="tradeloop register"):
        queries.capacity(NAME)


def test_an_amended_paper_adjusts_and_tells_what_is_over_used() -> None:
    bring(TRADE)
    said(line(80, NAME))

    done = bring(replace(TRADE, verified_minor=50))

    assert [(one.paper, one.over_minor) for one in done.over_used] == [(NAME, 30)]
    assert stands(NAME) == (50, 80, 0, 0)


@pytest.mark.parametrize(
    ("grade", "given", "outcome", "left"),
    [
        ("contradicted", FOLDER, "withdrawn", 0), ("incomplete", FOLDER, "kept", 100),
        ("contradicted", LAKE, "withdrawn", 0), ("incomplete", LAKE, "withdrawn", 0),
    ],
)  # fmt: skip
def test_what_is_proven_no_longer_loses_its_value_if_all_papers_were_there(
    grade: str, given: Registering, outcome: str, left: int
) -> None:
    bring(TRADE)

    done = bring(replace(TRADE, grade=grade, currency=None, verified_minor=0), given=given)

    assert done.outcomes[outcome] == 1
    assert stands(NAME)[0] == left


def test_only_chosen_trades_are_taken() -> None:
    given = replace(FOLDER, chosen=frozenset([TRADE.name]))

    assert outcomes(bring(TRADE, other("2026-0002"), given=given)) == {"opened": 1}


def test_the_same_goods_under_another_number_are_possible_twins() -> None:
    bring(TRADE, other("2026-0002", verified_minor=10_000))

    done = bring(other("X-77", verified_minor=10_040))

    assert done.twins == 2
    (twin,) = queries.capacity("trade:3301960A01:X-77").twins
    assert (twin.paper, twin.agree, twin.differ) == (
        "trade:3301960A01:2026-0002", ["amount", "parties"], ["number"],
    )  # fmt: skip


def test_the_same_number_at_another_seller_is_a_twin_if_the_amount_agrees() -> None:
    bring(TRADE)
    bring(replace(other("2026 0001", seller="another", buyer=None), name="9999/2026 0001"))

    (twin,) = queries.capacity(NAME).twins
    assert (twin.agree, twin.differ) == (["number", "amount"], ["parties"])


def test_amounts_apart_or_one_thing_alone_make_no_twins() -> None:
    bring(TRADE)
    done = bring(
        other("A-1", verified_minor=102),
        replace(other("2026-0001", seller="another", verified_minor=500), name="8/2026-0001"),
    )

    assert done.twins == 0


def test_a_twin_of_a_trade_withdrawn_is_none() -> None:
    bring(TRADE, other("B-1"))
    assert len(queries.capacity(NAME).twins) == 1

    bring(other("B-1", grade="contradicted", verified_minor=0))

    assert not queries.capacity(NAME).twins


def test_a_name_that_cannot_be_written_is_told_and_stops_nothing() -> None:
    done = bring(TRADE, replace(TRADE, name="no firm at all"))

    assert outcomes(done) == {"opened": 1, "name-malformed": 1}


def test_a_trade_whose_papers_say_another_currency_is_worth_nothing_until_they_do_not() -> None:
    bring(TRADE)

    done = bring(replace(TRADE, currency="EUR", verified_minor=90))

    assert outcomes(done) == {"currency-changed": 1, "adjusted": 1}
    assert stands(NAME)[0] == 0
    assert outcomes(bring(TRADE)) == {"adjusted": 1}
    assert stands(NAME)[0] == 100


def test_a_trade_withdrawn_says_nothing_of_what_others_papers_name() -> None:
    bring(TRADE, other("B-1"))

    bring(other("B-1", grade="contradicted", verified_minor=0, names=TRADE.names))

    assert said(line(1, "list:CN.customs:29242026I1")) == [1]


def test_no_amount_is_too_large_to_be_compared() -> None:
    done = bring(replace(TRADE, verified_minor=MINOR_MAX), other("B-1", verified_minor=MINOR_MAX))

    assert outcomes(done) == {"opened": 2}
    assert len(queries.capacity(NAME).twins) == 1


def test_lists_of_one_declaration_are_no_twins() -> None:
    bring(TRADE, other("B-1"))
    actions.fold(id=uuid4(), into=DECLARATION, parts=[NAME, "trade:3301960A01:B-1"], now=NOON)

    assert [answer.twins for answer in ask(line(1, DECLARATION))] == [0]
    bring(replace(TRADE, verified_minor=101))
    assert not queries.capacity(DECLARATION).twins


def test_a_twin_of_a_list_is_its_declarations() -> None:
    bring(TRADE)
    actions.fold(id=uuid4(), into=DECLARATION, parts=[NAME], now=NOON)

    bring(other("B-1"))

    assert [answer.twins for answer in ask(line(1, DECLARATION))] == [1]
    (twin,) = queries.capacity(DECLARATION).twins
    assert twin.paper == "trade:3301960A01:B-1"
    bring(other("B-1", grade="contradicted", verified_minor=0))
    assert [answer.twins for answer in ask(line(1, DECLARATION))] == [0]


def test_a_holder_sees_that_there_is_a_twin_and_a_freeze_but_not_of_whom() -> None:
    bring(TRADE, other("B-1"))
    actions.freeze(id=uuid4(), paper=NAME, now=NOON, because="Eastbank asked for it")

    seen = queries.capacity(NAME, viewer="Northbank")

    assert "B-1" not in repr(seen)
    assert "Eastbank" not in repr(seen)
    assert len(seen.twins) == 1
    assert seen.frozen_because


def test_a_trade_under_another_code_of_its_firm_keeps_its_value_and_what_is_held() -> None:
    bring(TRADE)
    said(line(60, NAME))
    renamed = replace(TRADE, name="91330100MA0000000X/2026-0001", verified_minor=90)

    assert outcomes(bring(renamed)) == {"adjusted": 1}
    assert outcomes(bring(renamed)) == {"unchanged": 1}

    for paper in (NAME, "trade:91330100MA0000000X:2026-0001", "list:CN.customs:29242026I1"):
        assert stands(paper) == (90, 60, 0, 0)
    assert said(line(31, "order:91330100MA0000000X:2026-0001")) == ["not-enough"]


@pytest.mark.parametrize("amended_between", [True, False])
def test_a_trade_under_another_code_of_its_firm_loses_its_value_when_it_is_disproved(
    amended_between: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    bring(TRADE)
    renamed = replace(TRADE, name="91330100MA0000000X/2026-0001")
    if amended_between:
        bring(renamed)

    done = bring(replace(renamed, grade="contradicted", currency=None, verified_minor=0))

    assert outcomes(done) == {"withdrawn": 1, "adjusted": 1}
    assert stands(NAME) == (0, 0, 0, 0)


def test_a_trade_under_another_code_is_found_in_the_declaration_its_list_was_folded_into() -> None:
    second = other("B-1", names=[("list", "CN.customs", "29242026I2")])
    bring(TRADE, second)
    said(line(60, NAME))
    lists = ["list:CN.customs:29242026I1", "list:CN.customs:29242026I2"]
    assert actions.fold(id=uuid4(), into=DECLARATION, parts=lists, now=NOON).parts == 2
    renamed = replace(TRADE, name="91330100MA0000000X/2026-0001", verified_minor=90)

    assert outcomes(bring(renamed, second)) == {"adjusted": 1, "unchanged": 1}
    assert outcomes(bring(renamed)) == {"unchanged": 1}

    for paper in (NAME, "trade:91330100MA0000000X:2026-0001", DECLARATION):
        assert stands(paper) == (190, 60, 0, 0)
    assert queries.disagreements() == ()
    withdrawn = replace(renamed, grade="contradicted", currency=None, verified_minor=0)
    assert outcomes(bring(withdrawn)) == {"withdrawn": 1, "adjusted": 1}
    assert stands(DECLARATION) == (100, 60, 0, 0)


def test_a_trade_under_another_code_is_found_though_other_trades_are_on_its_list() -> None:
    bring(TRADE, other("B-1", names=TRADE.names))
    renamed = replace(TRADE, name="91330100MA0000000X/2026-0001")

    assert outcomes(bring(renamed)) == {"unchanged": 1}

    assert stands("trade:91330100MA0000000X:2026-0001") == stands(NAME) == (100, 0, 0, 0)


def test_a_trade_that_two_earlier_codes_may_name_opens_nothing() -> None:
    bring(TRADE, replace(TRADE, name="3301960B02/2026-0001"))
    renamed = replace(TRADE, name="91330100MA0000000X/2026-0001")

    done = bring(renamed, other("B-1"))

    assert outcomes(done) == {"several-earlier": 1, "opened": 1}
    assert done.unsure == [(renamed.name, [NAME, "trade:3301960B02:2026-0001"])]
    with pytest.raises(queries.CapacityUnknown):
        queries.capacity("trade:91330100MA0000000X:2026-0001")
    actions.adjust(
        id=uuid4(), paper="trade:3301960B02:2026-0001", purpose="finance", unit="USD",
        amount_minor=0, now=NOON, because="a test",
    )  # fmt: skip
    assert outcomes(bring(renamed)) == {"unchanged": 1}
    assert stands("trade:91330100MA0000000X:2026-0001") == stands(NAME)


def test_parts_of_a_declaration_that_a_trade_may_be_are_told_apart_by_what_they_are_worth() -> None:
    rival = replace(TRADE, name="3301960B02/2026-0001", names=[("list", "CN.customs", "L-2")])
    bring(TRADE, rival)
    bring(TRADE, rival, given=replace(FOLDER, purpose="insurance"))
    actions.fold(
        id=uuid4(), into=DECLARATION, now=NOON, parts=[NAME, "trade:3301960B02:2026-0001"]
    )  # fmt: skip
    lists = [("list", "CN.customs", "29242026I1"), ("list", "CN.customs", "L-2")]
    renamed = replace(TRADE, name="91330100MA0000000X/2026-0001", names=lists)
    assert outcomes(bring(renamed)) == {"several-earlier": 1}

    nothing = Value(
        paper="trade:3301960B02:2026-0001", unit="USD", purpose="finance", amount_minor=0
    )
    actions.take_in(values=[nothing], now=NOON, because="not these goods")

    assert outcomes(bring(renamed)) == {"unchanged": 1}
    assert stands(DECLARATION) == (100, 0, 0, 0)
    assert stands(DECLARATION, "insurance") == (200, 0, 0, 0)
    assert queries.disagreements() == ()


def test_a_trade_judged_beside_another_under_its_own_code_does_not_take_its_value() -> None:
    bring(TRADE)
    copy = replace(TRADE, name="91330100MA0000000X/2026-0001", others=[TRADE.name])
    disproved = replace(TRADE, grade="contradicted", verified_minor=0, others=[copy.name])

    done = bring(copy, disproved)

    assert outcomes(done) == {"several-earlier": 1, "withdrawn": 1, "adjusted": 1}
    assert done.unsure == [(copy.name, [NAME])]
    assert stands(NAME) == (0, 0, 0, 0)
    nothing = replace(copy, grade="incomplete", verified_minor=0)
    assert outcomes(bring(nothing, replace(TRADE, others=[copy.name]))) == {
        "not-proven": 1, "adjusted": 1,
    }  # fmt: skip


def test_a_whole_run_on_earlier_papers_takes_nothing_in_after_one_on_later_papers() -> None:
    early = replace(LAKE, lake="a lake", batch=1, whole=True)
    late = replace(early, batch=2)
    disproved = replace(TRADE, grade="contradicted", verified_minor=0)

    def meanwhile() -> Iterator[list[JudgedTrade]]:
        yield [other("B-1")]
        register([[disproved]], late)
        yield [TRADE]

    with pytest.raises(Overtaken, match="up to batch 2, and here only those up to batch 1"):
        register(meanwhile(), early)

    assert stands("trade:3301960A01:B-1") == (100, 0, 0, 0)
    with pytest.raises(queries.CapacityUnknown):
        queries.capacity(NAME)
    with pytest.raises(Overtaken):
        bring(TRADE, given=replace(early, whole=False))
    assert outcomes(bring(TRADE, given=replace(late, batch=3))) == {"opened": 1}
    assert outcomes(bring(other("B-1"), given=replace(early, lake="another"))) == {"unchanged": 1}


def test_another_trade_that_names_the_same_list_has_a_value_of_its_own() -> None:
    bring(TRADE)

    assert outcomes(bring(other("B-1", names=TRADE.names))) == {"opened": 1}
    assert said(line(1, "list:CN.customs:29242026I1")) == ["several-values"]


def test_a_trade_withdrawn_is_no_twin_though_number_and_parties_agree() -> None:
    bring(TRADE)
    same = replace(other("2026 0001"), name="9999/2026 0001", verified_minor=5_000)
    bring(same)
    assert len(queries.capacity(NAME).twins) == 1

    bring(replace(same, grade="contradicted", verified_minor=0))

    assert not queries.capacity(NAME).twins
