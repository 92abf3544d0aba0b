"""Firms have checked numbers and dated roles; who belongs together is known by the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tradeloop.parties import actions, queries
from tradeloop.parties.facts import Firm, Told
from tradeloop.parties.firms import FirmRefused
from tradeloop.parties.known import firms
from tradeloop.parties.relations import RelationRefused
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
TODAY, LATER = date(2026, 3, 9), date(2026, 6, 1)
GOOD = "91330782MA2000001K"


def keep(name: str = "合成商户", on: date = TODAY, **more: Any) -> bool:  # noqa: ANN401 - as each test has it
    return actions.register_firm(key=GOOD, name=name, from_date=on, at=NOON, **more)


def facts() -> int:
    with cursor() as cur:
        return cur.execute("select from journal_entry").rowcount


def test_a_firm_has_a_name_and_roles_by_the_day() -> None:
    assert keep(identifier=GOOD, roles=["merchant"])
    assert keep("新名", LATER, roles=["agent"], ended=["merchant"])

    assert firms(on=date(2026, 3, 8)) == ()
    assert firms(on=TODAY) == (
        Firm(key=GOOD, name="合成商户", identifier=GOOD, identifier_kind="uscc",
             roles=("merchant",)),
    )  # fmt: skip
    assert [(firm.name, firm.roles) for firm in firms(on=LATER)] == [("新名", ("agent",))]


def test_what_is_known_changes_nothing() -> None:
    keep(identifier=GOOD, roles=["merchant"])

    assert not keep(identifier=GOOD, roles=["merchant"], ended=["bank"])
    assert not keep(on=LATER)
    assert facts() == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"identifier": "91330782MA2000001J"}, "ask for K"),
        ({"identifier": "12"}, "is not a firm's code"),
        ({"name": " "}, "and a name"),
        ({"roles": ["bank"], "ended": ["bank"]}, "begin and end"),
    ],
)
def test_a_firm_that_cannot_be_is_refused(more: dict[str, Any], says: str) -> None:
    with pytest.raises(FirmRefused, match=says):
        keep(**more)

    assert (firms(on=TODAY), facts()) == ((), 0)


def test_a_number_belongs_to_one_firm_for_ever() -> None:
    keep(identifier=GOOD)

    with pytest.raises(FirmRefused, match="is the number of firm"):
        actions.register_firm(key="other", name="X", from_date=TODAY, at=NOON, identifier=GOOD)
    with pytest.raises(FirmRefused, match="keeps its number"):
        keep(identifier="91330782MA2000002N")


def relate(a: str, b: str, **more: Any) -> bool:  # noqa: ANN401 - the same
    given = {"from_date": TODAY, "because": "one owner", "source": "register", "at": NOON, **more}
    return actions.relate(a=a, b=b, **given)


def test_two_belong_together_in_either_order_from_day_to_day() -> None:
    assert relate("x", "y", to_date=LATER)
    assert not relate("y", "x", to_date=LATER)
    pairs = [("x", "y"), ("y", "x"), ("x", "z")]

    assert queries.related(pairs, on=date(2026, 3, 8)) == set()
    assert queries.related(pairs, on=TODAY) == {("x", "y"), ("y", "x")}
    assert queries.related(pairs, on=LATER) == {("x", "y"), ("y", "x")}
    assert queries.related(pairs, on=date(2026, 6, 2)) == set()
    assert queries.related([("z", "z")], on=TODAY) == {("z", "z")}


def test_a_relation_may_be_ended_later() -> None:
    relate("x", "y")

    assert relate("x", "y", to_date=LATER)

    assert queries.related([("x", "y")], on=date(2026, 6, 2)) == set()
    assert facts() == 2


def test_a_relation_holds_for_all_keys_of_a_buyer() -> None:
    told = [Told(name="Nordwind", country=country) for country in ("DEU", "FRA")]
    one, other = (found.buyer for found in actions.resolve(told=told, now=NOON, secret=b"x" * 32))
    relate("merchant", other)
    assert queries.related([("merchant", one)], on=TODAY) == set()

    actions.decide(buyer=one, other=other, same=True, by="li", because="asked", at=NOON)

    assert queries.related([("merchant", one), ("merchant", other)], on=TODAY) == {
        ("merchant", one), ("merchant", other),
    }  # fmt: skip


@pytest.mark.parametrize(
    "more", [{"b": "x"}, {"because": ""}, {"source": ""}, {"to_date": date(2026, 3, 8)}]
)
def test_a_relation_that_cannot_be_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(RelationRefused):
        relate(**{"a": "x", "b": "y", **more})

    assert facts() == 0
