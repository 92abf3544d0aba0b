"""Each purpose asks for its own links and counts its own value; each day has its own rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from trade_cases.build import Case, Trade, Verdict, case, judge, judge_cases, write
from trade_cases.customs import paid, paid_twice, returned, then

import papers

PURPOSES = ("customs", "finance", "insurance")
Judged = Mapping[str, Mapping[str, Verdict]]


def whole(trade: Trade) -> Trade:
    """Add what finance wants: a departure note, and a part payment of 10.00 of 30.00."""
    return paid("10.00", trade.add("CEB509"))


def prepaid(charge: str, trade: Trade) -> Trade:
    """Add a departure note and a payment."""
    return paid(charge, trade.add("CEB509"))


def in_currency(code: str, trade: Trade) -> Trade:
    """Put every amount of the trade into one currency."""
    trade.every_line("CEB303", "CEB603", currency=code).change("CEB303", currency=code)
    for record in trade.records:
        if record.kind == "CEB403":
            record.head["currency"] = code
    return trade


def worth(amount: str, trade: Trade) -> Trade:
    """Let the trade be one line of one piece at this price."""
    for kind in ("CEB303", "CEB603"):
        trade.cut(kind, lines=1)
        trade.line(kind, 1, qty="1", price=amount, totalPrice=amount)
    return trade.change("CEB303", goodsValue=amount)


def b2b(trade: Trade, mode: str = "9710") -> Trade:
    """Make it a direct sale to a firm, with all papers that finance wants."""
    kind = {"9710": "B", "9810": "W"}[mode]
    return whole(trade.change("CEB603", tradeMode=mode).change("CEB303", orderType=kind))


CASES: Mapping[str, Case] = {
    "customs papers": case(lambda t: t),
    "whole": case(whole),
    "whole in 1210": case(lambda t: whole(t.change("CEB603", tradeMode="1210"))),
    "whole in 1239": case(lambda t: whole(t.change("CEB603", tradeMode="1239"))),
    "no departure": case(lambda t: paid("10.00", t)),
    "no collection": case(lambda t: t.add("CEB509")),
    "prepaid": case(lambda t: prepaid("30.00", t)),
    "prepaid and 1.00 too much": case(lambda t: prepaid("31.00", t)),
    "prepaid by two payments": case(lambda t: paid_twice("20.00", "10.00", t.add("CEB509"))),
    "1.00 short of prepaid": case(lambda t: prepaid("29.00", t)),
    "one came back": case(lambda t: returned("1", whole(t))),
    "all that was not paid came back": case(lambda t: returned("2", whole(t))),
    "a return that was rejected": case(
        lambda t: returned("1", whole(t)).add("CEB214", returnStatus="100")
    ),
    "a rejected payment": case(lambda t: whole(t).add("CEB404", returnStatus="100")),
    "9710": case(b2b),
    "9810": case(lambda t: b2b(t, "9810")),
    "general trade": case(lambda t: whole(t.change("CEB603", tradeMode="0110"))),
    "yen": case(lambda t: in_currency("JPY", worth("1234.5", t))),
    "yen, just under a half": case(lambda t: in_currency("116", worth("1234.49999", t))),
    "dinar": case(lambda t: in_currency("KWD", worth("1.2345", t))),
    "dinar, just under a half": case(lambda t: in_currency("KWD", worth("1.23449", t))),
    "yuan": case(lambda t: worth("10.005", t)),
    "yuan, just under a half": case(lambda t: worth("10.00499", t)),
    "dollar by its customs code": case(lambda t: in_currency("502", worth("10.005", t))),
    "a currency of no table": case(lambda t: in_currency("ABC", worth("10.00", t))),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return {
        purpose: judge_cases(tmp_path_factory.mktemp(purpose), CASES, purpose=purpose)
        for purpose in PURPOSES
    }


GRADES: Mapping[str, tuple[str, str, str]] = {
    "customs papers": ("proven", "incomplete", "incomplete"),
    "whole": ("proven", "proven", "proven"),
    "whole in 1210": ("proven", "proven", "proven"),
    "whole in 1239": ("proven", "proven", "proven"),
    "no departure": ("proven", "incomplete", "incomplete"),
    "no collection": ("proven", "incomplete", "incomplete"),
    "prepaid": ("proven", "proven", "proven"),
    "a rejected payment": ("contradicted", "contradicted", "contradicted"),
    "9710": ("proven", "proven", "incomplete"),
    "9810": ("proven", "proven", "incomplete"),
}


@pytest.mark.parametrize("name", GRADES)
def test_each_purpose_requires_its_own_links(name: str, judged: Judged) -> None:
    found = tuple(judged[purpose][name].grade for purpose in PURPOSES)

    assert found == GRADES[name]


GAPS: Mapping[str, tuple[str, frozenset[str]]] = {
    "customs papers": ("finance", frozenset({"departure-missing", "collection-missing"})),
    "no departure": ("finance", frozenset({"departure-missing", "collection-part"})),
    "no collection": ("insurance", frozenset({"collection-missing"})),
    "9710": ("insurance", frozenset({"credit-terms-missing", "collection-part"})),
}


@pytest.mark.parametrize("name", GAPS)
def test_a_missing_link_is_told_where_it_is_required(name: str, judged: Judged) -> None:
    purpose, codes = GAPS[name]

    assert judged[purpose][name].codes == codes
    assert not judged["customs"][name].codes & codes - {"collection-part"}


VERIFIED: Mapping[str, tuple[int, int, int]] = {
    "whole": (3000, 2000, 2000),
    "customs papers": (3000, 0, 0),
    "prepaid": (3000, 0, 0),
    "prepaid and 1.00 too much": (3000, 0, 0),
    "prepaid by two payments": (3000, 0, 0),
    "1.00 short of prepaid": (3000, 100, 100),
    "one came back": (3000, 1000, 1000),
    "all that was not paid came back": (3000, 0, 0),
    "a return that was rejected": (3000, 2000, 2000),
    "a rejected payment": (0, 0, 0),
}


@pytest.mark.parametrize("name", VERIFIED)
def test_returns_and_payments_lessen_the_value_but_not_for_customs(
    name: str, judged: Judged
) -> None:
    found = tuple(judged[purpose][name].verified_minor for purpose in PURPOSES)

    assert found == VERIFIED[name]


NO_CREDIT = (
    "prepaid", "prepaid and 1.00 too much", "prepaid by two payments",
    "all that was not paid came back",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_no_credit_was_given_where_nothing_is_owed(name: str, judged: Judged) -> None:
    told = {purpose: "no-credit-given" in judged[purpose][name].codes for purpose in PURPOSES}

    assert told == {"customs": False, "finance": False, "insurance": name in NO_CREDIT}


ROUNDED: Mapping[str, tuple[str, int]] = {
    "yen": ("JPY", 1235),
    "yen, just under a half": ("JPY", 1234),
    "dinar": ("KWD", 1235),
    "dinar, just under a half": ("KWD", 1234),
    "yuan": ("CNY", 1001),
    "yuan, just under a half": ("CNY", 1000),
    "dollar by its customs code": ("USD", 1001),
    "a currency of no table": ("ABC", 0),
}


@pytest.mark.parametrize("name", ROUNDED)
def test_a_value_is_rounded_half_up_once_to_minor_units(name: str, judged: Judged) -> None:
    found = judged["customs"][name]

    assert (found.currency, found.verified_minor) == ROUNDED[name]
    assert found.grade == "proven"


def test_a_mode_without_requirements_is_explained(judged: Judged) -> None:
    found = judged["customs"]["general trade"]

    assert found.grade != "proven"
    assert {finding["weight"] for finding in found.findings} - {"note"}


def test_a_departure_note_with_a_time_of_no_calendar_proves_no_departure(tmp_path: Path) -> None:
    note = case(lambda t: paid("10.00", t.alone().add("CEB509", leaveTime="20260230090000")))

    found = judge_cases(tmp_path, {"one": note}, purpose="finance")["one"]

    assert found.grade != "proven"
    assert not found.verified_minor


def on_day(judge_day: str, build: Callable[[Trade], object], folder: Path) -> Verdict:
    """Judge one trade as of a day."""
    cases = {"one": case(build)}
    return judge_cases(folder, cases, on=date.fromisoformat(judge_day))["one"]


def in_2024(day: str, trade: Trade) -> Trade:
    """Move the trade to December 2024, its list to the given time."""
    trade.change("CEB303", appTime="20241213100000").change("CEB505", appTime="20241213100000")
    trade.change("CEB603", appTime=day, ieDate=day[:8])
    return trade.change("CEB604", returnTime=day + "000", invtNo="29162024E000000001")


@pytest.mark.parametrize(
    ("listed", "codes", "grade"),
    [
        ("20241213120000", {"collection-missing"}, "incomplete"),
        ("20241214235959", {"collection-missing"}, "incomplete"),
        ("20241215000000", set(), "proven"),
        ("20241216000000", set(), "proven"),
    ],
)
def test_customs_asked_for_the_collection_until_the_middle_of_december_2024(
    listed: str, codes: set[str], grade: str, tmp_path: Path
) -> None:
    found = on_day("2026-09-01", lambda t: in_2024(listed, t), tmp_path)

    assert found.codes == codes
    assert found.grade == grade


def test_an_old_trade_with_its_collection_is_proven(tmp_path: Path) -> None:
    found = on_day(
        "2026-09-01",
        lambda t: in_2024("20241214120000", t).add("CEB403", appTime="20241214130000"),
        tmp_path,
    )

    assert (found.grade, found.verified_minor) == ("proven", 3000)


RELEASE_DUE = date(2026, 9, 2)  # thirty days after the date of export


@pytest.mark.parametrize(
    ("days_late", "code"), [(-1, "release-missing"), (0, "release-missing"), (1, "release-stale")]
)
def test_the_day_of_judging_makes_a_missing_release_stale(
    days_late: int, code: str, tmp_path: Path
) -> None:
    day = RELEASE_DUE + timedelta(days=days_late)

    found = on_day(day.isoformat(), lambda t: t.drop("CEB604"), tmp_path)

    assert found.codes == {code}
    assert found.grade == "incomplete"


@pytest.mark.parametrize(
    ("day", "codes"),
    [("2026-08-03", {"departure-in-future"}), ("2026-08-04", set()), ("2026-08-05", set())],
)
def test_a_departure_after_the_day_of_judging_is_told(
    day: str, codes: set[str], tmp_path: Path
) -> None:
    found = on_day(day, lambda t: t.add("CEB509"), tmp_path)

    assert found.codes == codes
    assert found.grade == "proven"


def test_a_trade_before_the_first_requirements_is_not_proven(tmp_path: Path) -> None:
    def early(trade: Trade) -> Trade:
        trade.change("CEB303", appTime="20171229100000").change("CEB505", appTime="20171229100000")
        trade.change("CEB603", appTime="20171231100000", ieDate="20171231")
        return trade.change("CEB604", returnTime="20171231120000000", invtNo="29162017E000000001")

    found = on_day("2026-09-01", early, tmp_path)

    assert found.grade == "incomplete"
    assert found.verified_minor == 0


def test_a_status_on_the_day_of_judging_counts_whatever_its_time(tmp_path: Path) -> None:
    found = on_day("2026-08-03", lambda t: then("899", t), tmp_path)

    assert found.grade == "proven"


def test_a_table_of_returned_goods_may_name_a_list(tmp_path: Path) -> None:
    trade = whole(Trade(1))
    folder = write(tmp_path / "papers", [trade])
    number = trade.own("CEB603")["invtNo"]
    table = {"paper": "return_table", "number": number, "returned_on": "2026-09-20"}
    lines = [{"line_no": 1, "goods": "item", "qty": "1", "unit": "011"}]
    (folder / "returns.jsonl").write_text(json.dumps(table | {"lines": lines}) + "\n")
    found = judge(folder, purpose="finance")

    whole_value = judge(write(tmp_path / "other", [whole(Trade(1))]), purpose="finance")
    name = f"{papers.SELLER}/A1"
    assert "orphan-return" not in {one["code"] for one in found.findings[None]}
    assert "return-recorded" in {one["code"] for one in found.findings[name]}
    assert 0 < found.verdicts[name][2] < whole_value.verdicts[name][2]
