"""A declaration that comes as message is read as far as its layout is public."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from table_files import facts_of, read_files

LINE = (
    "<DecList><GNo>{}</GNo><CodeTS>9503008900</CodeTS><GName>合成玩具</GName><GQty>5</GQty>"
    "<GUnit>011</GUnit><DeclPrice>2</DeclPrice><DeclTotal>10</DeclTotal><TradeCurr>{}</TradeCurr>"
    "<OriginCountry>CHN</OriginCountry></DecList>"
)
HEAD = (
    "<DecHead><IEFlag>E</IEFlag><CustomMaster>2921</CustomMaster>"
    "<EntryId>292120260000000001</EntryId><TradeCode>3318SYN001</TradeCode>"
    "<TradeName>合成外贸</TradeName><TradeCountry>ARE</TradeCountry><TradeMode>1039</TradeMode>"
    "<TransMode>1</TransMode><FeeMark>3</FeeMark><FeeRate>1.5</FeeRate><SeqNo>S1</SeqNo></DecHead>"
)
MESSAGE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<DecMessage xmlns="http://www.chinaport.gov.cn/dec">'
    f"{HEAD}<DecLists>{LINE.format(1, 'USD')}{LINE.format(2, 'USD')}</DecLists></DecMessage>"
)


def test_a_message_gives_a_declaration_that_was_only_declared(tmp_path: Path) -> None:
    read = read_files(tmp_path, {"dec.xml": MESSAGE.encode()})

    assert read.told() == []
    [paper] = facts_of(read, "declarations")
    assert (paper["entry_id"], paper["status"]) == ("292120260000000001", "declared")
    assert (paper["price_basis"], paper["currency"]) == ("CIF", "USD")
    assert (paper["freight"], paper["released_at"]) == (Decimal("1.5"), None)
    assert [one["line_no"] for one in facts_of(read, "declaration_lines")] == [1, 2]
    assert [one["value"] for one in facts_of(read, "extras")] == ["S1"]
    assert read.batch.outcomes[0].kind == "CN.declaration"


TOLD: dict[str, tuple[Callable[[str], str], str]] = {
    "two currencies": (lambda text: text.replace("USD", "EUR", 1), "currency-mixed"),
    "a number of 17 digits": (
        lambda text: text.replace("292120260000000001", "29212026000000001"),
        "declaration-number-malformed",
    ),
    "an unknown price term": (
        lambda text: text.replace("<TransMode>1<", "<TransMode>7<"),
        "choice-unknown",
    ),
    "a code of goods that is too short": (
        lambda text: text.replace("9503008900", "9503", 1),
        "hs-malformed",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_is_wrong_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    edit, code = TOLD[case]

    read = read_files(tmp_path, {"dec.xml": edit(MESSAGE).encode()})

    assert read.one(code)["place"] == "line 2"


UNREADABLE = {
    "a number that customs has not given": (
        MESSAGE.replace("<EntryId>292120260000000001</EntryId>", ""), "key-missing",
    ),
    "a document type": (MESSAGE.replace("?>", "?><!DOCTYPE x>", 1), "document type"),
    "a cut file": (MESSAGE[:-20], "not well-formed"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_message_that_gives_nothing_is_named_with_its_reason(case: str, tmp_path: Path) -> None:
    text, because = UNREADABLE[case]

    read = read_files(tmp_path, {"dec.xml": text.encode()})

    [outcome] = read.batch.outcomes
    assert outcome.status == "unreadable"
    assert because in str(outcome.because)
