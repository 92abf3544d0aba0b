"""Bank files are read as far as they go: amounts are the bank's, and whatever is odd is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.kit.money import Money
from tradeloop.settlement.camt import read
from tradeloop.settlement.facts import Direction, Read
from tradeloop.settlement.repeats import without_repeats

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared/samples/iso20022"
URN = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."


def entry(amount: str = "100.00", way: str = "CRDT", inner: str = "", ref: str = "R1") -> str:
    return (
        f'<Ntry>\n<Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>2026-03-09</Dt></BookgDt><ValDt><Dt>2026-03-10</Dt></ValDt>"
        f"<AcctSvcrRef>{ref}</AcctSvcrRef>{inner}</Ntry>\n"
    )


def balance(code: str, amount: str, way: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='USD'>{amount}</Amt>"
        f"<CdtDbtInd>{way}</CdtDbtInd><Dt><Dt>2026-03-09</Dt></Dt></Bal>\n"
    )


def statement(*entries: str, opening: str = "0", closing: str = "100", id: str = "S1") -> str:
    return (
        f"<Stmt><Id>{id}</Id><Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id></Acct>\n"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{''.join(entries)}</Stmt>\n"
    )


def document(*statements: str, version: str = "08") -> str:
    inner = "".join(statements)
    return f'<Document xmlns="{URN}{version}"><BkToCstmrStmt>{inner}</BkToCstmrStmt></Document>'


def taken(text: str | bytes, file: str = "bank.xml") -> Read:
    return read(text if isinstance(text, bytes) else text.encode(), file)


def codes(found: Read) -> list[str]:
    return [one.code for one in found.noticed]


def minors(found: Read) -> list[int]:
    return [pay.signed_minor for one in found.statements for pay in one.payments]


def detail(amount: str, ref: str) -> str:
    return f"<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs>{amount}</TxDtls>"


def usd(amount: str) -> str:
    return f'<Amt Ccy="USD">{amount}</Amt>'


@pytest.mark.parametrize(
    ("name", "minor", "told"),
    [
        ("camt053.v2.minimal.xml", 885, ["balance-unchecked"]),
        ("camt053.v8.xml", 885, ["balance-unchecked"]),
        ("camt054.v2.xml", -20_000_000, ["details-unpriced"]),
        ("camt054.v8.xml", -20_000_000, ["details-number-differs", "details-unpriced"]),
    ],
)
def test_every_sample_is_read(name: str, minor: int, told: list[str]) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the samples of banks are not beside this checkout")
    found = taken(path.read_bytes())

    assert minors(found) == [minor]
    assert codes(found) == told


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
def test_any_version_is_read_by_its_names(version: str) -> None:
    found = taken(document(statement(entry()), version=version))

    assert minors(found) == [10_000]
    assert found.statements[0].version == f"camt.053.001.{version}"
    assert not found.noticed


def test_prefixes_declared_or_not_change_nothing() -> None:
    text = document(statement(entry())).replace(f' xmlns="{URN}08"', "")
    bare = text.replace("</", "<//").replace("<", "<b:").replace("<b://", "</b:")
    declared = bare.replace("<b:Document", f'<b:Document xmlns:b="{URN}08"', 1)

    assert minors(taken(bare)) == minors(taken(declared)) == [10_000]
    assert not taken(bare).noticed


def test_a_payment_carries_what_the_bank_says() -> None:
    inner = (
        "<NtryDtls><TxDtls><Refs><EndToEndId>INV-7</EndToEndId><TxId>T9</TxId></Refs>"
        '<Amt Ccy="USD">100.00</Amt><AmtDtls><InstdAmt><Amt Ccy="EUR">92.50</Amt><CcyXchg>'
        "<SrcCcy>EUR</SrcCcy><TrgtCcy>USD</TrgtCcy><XchgRate>1.0810811</XchgRate></CcyXchg>"
        "</InstdAmt></AmtDtls><RltdPties><Dbtr><Pty><Nm>Müller  &amp; Co</Nm></Pty></Dbtr>"
        "<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties><RltdAgts><DbtrAgt>"
        "<FinInstnId><BICFI>COBADEFF</BICFI></FinInstnId></DbtrAgt></RltdAgts><RmtInf>"
        "<Ustrd>pays invoice 7</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd>"
        "</RmtInf></TxDtls></NtryDtls>"
    )
    (payment,) = taken(document(statement(entry(inner=inner)))).statements[0].payments

    assert (payment.booked_on, payment.value_on) == (date(2026, 3, 9), date(2026, 3, 10))
    assert payment.references.exact == ("INV-7", "RF18")
    assert payment.references.transaction == "T9"
    assert payment.references.remittance == ("pays invoice 7",)
    assert payment.counterparty.name == "Müller & Co"
    assert payment.counterparty.account == "DE89370400440532013000"
    assert payment.counterparty.agent == "COBADEFF"
    assert payment.original == Money(9_250, "EUR")
    assert payment.exchange is not None
    assert payment.exchange.rate == Decimal("1.0810811")


def test_a_batch_becomes_its_payments_if_they_add_up() -> None:
    parts = detail(usd("60"), "A") + detail(usd("40"), "B")
    found = taken(document(statement(entry(inner=f"<NtryDtls>{parts}</NtryDtls>"))))

    assert minors(found) == [6_000, 4_000]
    assert not found.noticed


@pytest.mark.parametrize(
    ("second", "code"), [(usd("41"), "details-differ"), ("", "details-unpriced")]
)
def test_a_batch_that_does_not_add_up_is_one_payment_and_told(second: str, code: str) -> None:
    parts = detail(usd("60"), "A") + detail(second, "B")
    found = taken(document(statement(entry(inner=f"<NtryDtls>{parts}</NtryDtls>"))))

    assert minors(found) == [10_000]
    assert codes(found) == [code]
    assert found.statements[0].payments[0].references.remittance == ("A", "B")


def test_a_reversal_goes_the_way_of_its_own_booking() -> None:
    back = entry(way="DBIT", inner="", ref="R2").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
    found = taken(document(statement(entry(), back, closing="0")))

    assert minors(found) == [10_000, -10_000]
    assert [one.is_reversal for one in found.statements[0].payments] == [False, True]
    assert found.statements[0].payments[1].direction is Direction.DEBIT
    assert not found.noticed


def test_a_sum_that_is_not_the_closing_balance_is_told() -> None:
    found = taken(document(statement(entry(), closing="100.01")))

    assert codes(found) == ["balance-differs"]
    assert "100.00 USD" in found.noticed[0].seen
    assert "100.01 USD" in found.noticed[0].expected


def test_what_is_pending_does_not_count_in_the_balance() -> None:
    pending = entry("7", ref="P").replace("BOOK", "PDNG")
    found = taken(document(statement(entry(), pending)))

    assert not found.noticed
    assert [one.is_booked for one in found.statements[0].payments] == [True, False]


def test_several_statements_are_checked_each() -> None:
    second = statement(entry(ref="R2"), closing="3", id="S2")
    found = taken(document(statement(entry()), second))

    assert minors(found) == [10_000, 10_000]
    assert [(one.code, one.place.statement) for one in found.noticed] == [("balance-differs", 2)]


@pytest.mark.parametrize(
    "amount", ["", "-5", "1e3", "12,50", "1.005", "NaN", "9" * 40, "1" * 18 + ".001"]
)
def test_an_amount_that_cannot_be_read_is_told_and_never_rounded(amount: str) -> None:
    found = taken(document(statement(entry(amount), entry(ref="R2"))))

    assert minors(found) == [10_000]
    assert codes(found) == ["amount-unreadable", "balance-unchecked"]


def test_a_control_character_in_an_amount_never_makes_another_amount() -> None:
    found = taken(document(statement(entry("1\x0000"), entry(ref="R2"))))

    assert minors(found) == [10_000]
    assert codes(found) == ["encoding-odd", "amount-unreadable", "balance-unchecked"]


def test_a_cut_file_gives_its_whole_entries_and_no_half_amount() -> None:
    text = document(statement(entry("1.00"), entry("123.45", ref="R2")))
    for cut in range(len(text)):
        found = taken(text[:cut])
        assert set(minors(found)) <= {100, 12_345}
        assert found.noticed, cut


def test_a_broken_entry_does_not_spoil_its_neighbours() -> None:
    broken = entry("5.00", inner="<AddtlNtryInf>Smith & Sons</AddtlNtryInf>", ref="R2")
    found = taken(document(statement(entry("1"), broken, entry("3", ref="R3"))))

    assert minors(found) == [100, 300]
    assert codes(found) == ["xml-damaged", "entry-broken", "balance-unchecked"]
    assert found.noticed[1].place.line > found.noticed[1].place.statement


BOMB = '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>'
FILE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("type_", [BOMB, FILE, "<!doctype x>"])
def test_a_document_type_is_refused(type_: str) -> None:
    found = taken(type_ + document(statement(entry())))

    assert not found.statements
    assert codes(found) == ["document-type"]


def test_a_document_type_in_a_wide_encoding_is_refused_as_well() -> None:
    found = taken((BOMB + document(statement(entry()))).encode("utf-16"))

    assert codes(found) == ["document-type"]


def test_depth_without_end_is_refused() -> None:
    found = taken("<a>" * 200_000)

    assert not found.statements
    assert "file-unreadable" in codes(found)


def test_a_file_in_another_encoding_than_it_says_is_read_and_told() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>' + document(
        statement(entry(inner="<AddtlNtryInf>货款</AddtlNtryInf>"))
    )
    found = taken(text.encode("gb18030"))

    assert minors(found) == [10_000]
    assert codes(found) == ["encoding-odd"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"<a/>", b"\xff\xfe\x00", b"<Ntry>"])
def test_what_is_no_bank_file_gives_nothing_and_says_so(data: bytes) -> None:
    found = taken(data)

    assert not found.statements
    assert found.noticed


@given(st.binary(max_size=300), st.integers(0, 900))
def test_no_bytes_make_the_reader_fail(noise: bytes, at: int) -> None:
    text = document(statement(entry())).encode()
    taken(text[:at] + noise + text[at:])
    taken(noise)


def test_the_same_file_twice_counts_once() -> None:
    text = document(statement(entry(), entry(ref="R2"), closing="200"))
    first, again = taken(text, "a.xml"), taken(text, "b.xml")
    payments, told = without_repeats(first.statements + again.statements)

    assert len(payments) == 2
    assert [one.code for one in told] == ["statement-repeated"]


def test_a_notification_and_its_statement_count_once() -> None:
    told_first = document(statement(entry())).replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
    told_first = told_first.replace("Stmt>", "Ntfctn>")
    later = document(statement(entry(), entry(ref="R2"), closing="200"))
    payments, told = without_repeats(taken(told_first).statements + taken(later).statements)

    assert [one.entry.reference for one in payments] == ["R1", "R2"]
    assert [one.code for one in told] == ["entry-repeated"]


def test_two_bookings_with_other_references_are_two() -> None:
    found = taken(document(statement(entry(), entry(ref="R2"), closing="200")))

    assert len(without_repeats(found.statements)[0]) == 2


def test_a_number_within_a_statement_makes_no_repeat() -> None:
    one = entry().replace("<AcctSvcrRef>R1</AcctSvcrRef>", "<NtryRef>1</NtryRef>")
    found = taken(document(statement(one), statement(one, id="S2")))

    assert len(without_repeats(found.statements)[0]) == 2
