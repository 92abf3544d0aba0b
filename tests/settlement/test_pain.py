"""A payment order is valid by the public schema, always the same bytes, and never mended by us."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import Order, Transfer
from tradeloop.settlement.order_lines import order_of
from tradeloop.settlement.pain import NAMESPACE, OrderRefused, write

SCHEMA = Path(__file__).resolve().parents[2].parent / "shared/samples/iso20022/pain.001.001.09.xsd"
NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)
FIRST = Transfer(
    end_to_end="CLAIM-7/1", amount=Money(123_450, "USD"), creditor="Xin Trading (Yiwu) Co., Ltd",
    account="6222021208000112345", agent="ICBKCNBJ", remittance=("Indemnity claim 7",),
)  # fmt: skip
SECOND = Transfer(
    end_to_end="CLAIM-8/1", amount=Money(5_000, "JPY"), creditor="Muller GmbH",
    account="DE89370400440532013000", creditor_reference="RF18539007547034",
)  # fmt: skip
ORDER = Order(
    message="PAY-2026-03-09", created_at=NOW, debtor="Pool of Insurers",
    account="NL91ABNA0417164300", agent="ABNANL2A", execute_on=date(2026, 3, 10),
    transfers=(FIRST, SECOND),
)  # fmt: skip


def read_back(data: bytes) -> tuple[str, str, list[tuple[str, Money, str, str]]]:
    root = etree.fromstring(data)
    names = {"p": NAMESPACE}

    def text(node: etree._Element, path: str) -> str:
        found = node.find(path, names)
        return "" if found is None else found.text or ""

    payments = []
    for node in root.iterfind(".//p:CdtTrfTxInf", names):
        amount = node.find("p:Amt/p:InstdAmt", names)
        assert amount is not None
        money = Money.from_decimal(
            Decimal(amount.text or ""), amount.get("Ccy", ""), rounding=lambda a, b: a // b
        )
        account = text(node, "p:CdtrAcct/p:Id/p:IBAN") or text(node, "p:CdtrAcct/p:Id/p:Othr/p:Id")
        name = text(node, "p:Cdtr/p:Nm")
        payments.append((text(node, "p:PmtId/p:EndToEndId"), money, name, account))
    return text(root, ".//p:GrpHdr/p:CtrlSum"), text(root, ".//p:GrpHdr/p:NbOfTxs"), payments


def assert_valid(data: bytes) -> None:
    if SCHEMA.exists():
        etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(data))


def test_an_order_is_valid_and_reads_back_as_it_was_given() -> None:
    data = write(ORDER)

    assert_valid(data)
    total, count, payments = read_back(data)
    assert (total, count) == ("6234.50", "2")
    assert payments == [(t.end_to_end, t.amount, t.creditor, t.account) for t in (FIRST, SECOND)]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert write(ORDER) == write(replace(ORDER))


TEXT = st.text("ABCxyz019-?:().,'+", min_size=1, max_size=35)


@given(
    st.lists(
        st.tuples(TEXT, st.integers(1, 10**15)), min_size=1, max_size=6, unique_by=lambda p: p[0]
    )
)
def test_sums_and_texts_stay_what_they_are(parts: list[tuple[str, int]]) -> None:
    transfers = tuple(
        replace(FIRST, end_to_end=id, amount=Money(minor, "USD"), creditor=id)
        for id, minor in parts
    )
    data = write(replace(ORDER, transfers=transfers))

    assert_valid(data)
    total, _, payments = read_back(data)
    assert Decimal(total) * 100 == sum(minor for _, minor in parts)
    assert [(id, money.minor) for id, money, _, _ in payments] == parts


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"creditor": "义乌鑫贸易"}, "creditor"),
        ({"creditor": "Müller"}, "'ü'"),
        ({"creditor": "x" * 71}, "shorten it to 70"),
        ({"creditor": ""}, "creditor"),
        ({"end_to_end": "x" * 36}, "shorten it to 35"),
        ({"end_to_end": "a//b"}, "slash"),
        ({"end_to_end": "CLAIM-8/1"}, "2 times"),
        ({"account": "DE89370400440532013001"}, "check digits"),
        ({"account": "12 34"}, "no account"),
        ({"agent": "ICBK"}, "no BIC"),
        ({"amount": Money(0, "USD")}, "above zero"),
        ({"amount": Money(-5, "USD")}, "above zero"),
        ({"remittance": ("x" * 141,)}, "shorten it to 140"),
        ({"remittance": ("a", "b")}, "join them"),
        ({"remittance": ("a\nb",)}, "remittance"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, object], word: str) -> None:
    wrong = replace(ORDER, transfers=(replace(FIRST, **changes), SECOND))  # type: ignore[arg-type]

    with pytest.raises(OrderRefused) as refused:
        write(wrong)
    assert word in str(refused.value)


def test_all_reasons_are_told_at_once() -> None:
    with pytest.raises(OrderRefused) as refused:
        write(replace(ORDER, agent="x", charges="ALL", transfers=()))

    assert str(refused.value).count(";") >= 2


HEAD = (
    '{"message": "M1", "debtor": "Pool", "account": "NL91ABNA0417164300", "agent": "ABNANL2A", '
    '"execute_on": "2026-03-10"}\n'
)
LINE = (
    '{"end_to_end": "E1", "amount": "12.50", "currency": "USD", '
    '"creditor": "Xin", "account": "62"}\n'
)


def test_lines_become_an_order() -> None:
    order = order_of(HEAD + "\n" + LINE, now=NOW)

    assert order.created_at == NOW
    assert [one.amount for one in order.transfers] == [Money(1_250, "USD")]
    assert_valid(write(order))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("[1]", "no object"),
        (HEAD + "{", "line 2"),
        (HEAD + LINE.replace('"12.50"', "12.50"), "texts"),
        (HEAD + LINE.replace("12.50", "12.505"), "no finer"),
        (HEAD + LINE.replace("12.50", "NaN"), "no amount"),
        (HEAD + LINE.replace("12.50", "1e999999"), "no amount"),
        (HEAD + LINE.replace("USD", "USX"), "no currency"),
        (HEAD + LINE.replace("creditor", "creditr"), "creditr"),
        (HEAD.replace("2026-03-10", "10.3.26"), "2026-03-09"),
    ],
)
def test_lines_that_are_no_order_are_refused_with_their_place(text: str, word: str) -> None:
    with pytest.raises(OrderRefused) as refused:
        order_of(text, now=NOW)
    assert word in str(refused.value)
