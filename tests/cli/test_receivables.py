"""What is owed, what arrived and what was ordered, for people and for programs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from settlement.bank import entry, statement
from tradeloop.cli.main import app
from tradeloop.kit.money import Money
from tradeloop.receivables import actions
from tradeloop.receivables.facts import NewReceivable
from tradeloop.settlement.actions import order_payment

NOON = datetime(2026, 5, 9, 4, tzinfo=UTC)
SELLER, BUYER = "91330782MA", "buyer:0a1b"
A, B = f"{SELLER}/YW-1001", f"{SELLER}/YW-1002"
SCHEMAS = Path(__file__).resolve().parents[2] / "docs/reference/json"


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    actions.open_many(
        new=[
            NewReceivable(
                trade=trade, seller=SELLER, buyer=BUYER, amount=Money(minor, "USD"),
                shipped_on=date(2026, 3, day), due_on=date(2026, 4, day),
            )
            for trade, minor, day in ((A, 100_00, 1), (B, 50_00, 2))
        ],
        at=NOON,
    )  # fmt: skip


def tradeloop(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def told(name: str, *words: object) -> dict[str, object]:
    """Run a command for programs; what it prints is as its schema says."""
    done = tradeloop(*words, "--json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{name}.schema.json").read_text()))
    return found


def refused(*words: object) -> str:
    done = tradeloop(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_a_debt_is_paid_credited_extended_and_assigned() -> None:
    paid = tradeloop("receivables", "pay", "P1", SELLER, BUYER, "110", "USD", "--on", "2026-03-20")
    assert f"100.00 USD clears {A} (oldest-first)" in paid.stdout
    again = told(
        "receivables-pay", "receivables", "pay", "P1", SELLER, BUYER, "110", "USD",
        "--on", "2026-03-20",
    )  # fmt: skip
    credit = tradeloop(
        "receivables", "credit", B, "5", "USD", "--kind", "price-reduced", "--because", "scratched",
        "--on", "2026-03-21",
    )  # fmt: skip
    extend = tradeloop("receivables", "extend", B, "2026-06-01", "--on", "2026-03-22")
    assign = tradeloop("receivables", "assign", A, B, "--to", "bank:NB", "--on", "2026-03-22")
    release = tradeloop("receivables", "release", A, "--on", "2026-03-23")

    assert (credit.exit_code, extend.exit_code, assign.exit_code, release.exit_code) == (0,) * 4
    assert "35.00 USD of" in credit.stdout
    assert [one["is_new"] for one in again["payments"]] == [False]  # type: ignore[attr-defined]
    listed = told("receivables-list", "receivables", "list", "--on", "2026-04-01")
    assert listed["receivables"] == [
        {
            "trade": B, "seller": SELLER, "buyer": BUYER, "currency": "USD", "minor": 50_00,
            "open_minor": 35_00, "shipped_on": "2026-03-02", "due_on": "2026-04-02",
            "extended_to": "2026-06-01", "assignee": "bank:NB",
        }
    ]  # fmt: skip
    assert (
        "0 receivables overdue"
        in tradeloop("receivables", "list", "--overdue", "--on", "2026-05-01").stdout
    )
    shown = told("receivables-show", "receivables", "show", B, "--on", "2026-04-01")
    assert shown["open_minor"] == 35_00
    assert "10.00 USD  oldest-first  P1" in tradeloop("receivables", "show", B).stdout
    told("receivables-statement", "receivables", "statement", SELLER, BUYER, "--from", "2026-01-01")
    assert "owed again" in tradeloop("receivables", "withdraw", "P1").stdout
    assert (
        "closing"
        in tradeloop("receivables", "statement", SELLER, BUYER, "--from", "2026-01-01").stdout
    )


def test_what_cannot_be_is_one_sentence_and_exit_code_2() -> None:
    credit = ("receivables", "credit", A, "500", "USD", "--because", "b", "--kind")
    assert "100.00 USD of" in refused(*credit, "price-reduced", "--on", "2026-03-21")
    assert "no kind of credit" in refused(*credit, "gift")
    assert "no later" in refused("receivables", "extend", A, "2026-03-30")
    assert "no receivable" in refused("receivables", "show", "x/1")
    assert "no UTF-8" in refused("receivables", "show", "x/\udcff")
    assert "no UTF-8" in refused("payments", "decide", "x\udcff", A, "--by", "Li")
    assert "No payment" in refused("receivables", "withdraw", "P9")
    assert "no amount" in refused("receivables", "pay", "P", SELLER, BUYER, "1,5", "USD")
    assert "no currency" in refused("receivables", "pay", "P", SELLER, BUYER, "1", "usd")
    zero = tradeloop("receivables", "pay", "P", SELLER, BUYER, "0", "USD")
    assert (zero.exit_code, "amount-not-positive" in zero.stderr) == (1, True)


def test_a_table_of_payments_is_entered_once_or_refused_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "payments.csv"
    head = "id,seller,buyer,amount,currency,day\n"
    file.write_text(f"{head}P1,{SELLER},{BUYER},20.00,USD,2026-03-20\n")

    assert "1 payments entered" in tradeloop("payments", "add", file).stdout
    assert "1 known before" in tradeloop("payments", "add", file).stdout
    file.write_text(f"{head}P2,{SELLER},{BUYER},1.005,USD,2026-03-20\nP3,,x,1,XYZ,today\n")
    said = refused("payments", "add", file)
    assert "line 2: '1.005' is no amount" in said
    assert "line 3: seller is empty" in said
    file.write_text("id,seller\n")
    assert "lacks buyer, amount, currency, day" in refused("payments", "add", file)
    file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in refused("payments", "add", file)
    assert "No such file" in refused("payments", "add", tmp_path / "none")


def test_bank_files_are_taken_in_and_doubts_are_decided(tmp_path: Path) -> None:
    good, bad = tmp_path / "bank.xml", tmp_path / "notes.txt"
    good.write_bytes(statement(
        entry("100.00", "R1", says="YW-1001"), entry("7.00", "R2", payer="[Somebody]"),
    ))  # fmt: skip
    bad.write_text("Dear customer")
    assert tradeloop("payments", "account", "add", "NL91 ABNA 0417 1643 00", SELLER).exit_code == 0

    first = tradeloop("payments", "take-in", good, bad, "--charges-max", "30:USD")
    assert first.exit_code == 2
    assert f"100.00 USD for {A}: reference, amount agreed; name not" in first.stdout
    assert "notes.txt: nothing could be read" in first.stderr
    again = told("payments-take-in", "payments", "take-in", good)
    assert again["booked"] == []
    (waits,) = told("payments-doubts", "payments", "doubts")["waiting"]  # type: ignore[misc]
    assert "[Somebody]" in tradeloop("payments", "doubts").stdout
    name = waits["payment"]
    assert "Say one thing" in refused("payments", "decide", name, "--by", "Li")
    assert "no trade of" in refused("payments", "decide", name, "x/1", "--by", "Li")
    decided = told("payments-decide", "payments", "decide", name, B, "--by", "Li")
    assert [one["trade"] for one in decided["booked"]] == [B]  # type: ignore[attr-defined]
    assert "0 payments wait" in tradeloop("payments", "match").stdout
    told("payments-accounts", "payments", "account", "list")


def test_orders_are_written_once_and_held_ones_are_mended(tmp_path: Path) -> None:
    for number, holder in ((1, "Xin Trading"), (2, "新贸易")):
        order_payment(
            id=UUID(int=number), payee=SELLER, name=holder, account="62220", agent=None,
            amount=Money(67_500_00, "USD"), what_for="Indemnity C-1", at=NOON,
        )  # fmt: skip
    send = ("payments", "orders", "--debtor", "Pool", "--account", "NL91 ABNA 0417 1643 00",
            "--agent", "ABNANL2A", "--on", "2026-05-10")  # fmt: skip

    first = tradeloop(*send, "--message", "PAY-1", "--out", tmp_path / "1.xml")
    assert first.exit_code == 1
    assert "1 orders written" in first.stdout
    assert f"Order {UUID(int=2)} is held" in first.stderr
    assert "there already" in refused(*send, "--message", "PAY-1", "--out", tmp_path / "1.xml")
    tradeloop(*send, "--message", "PAY-1", "--out", tmp_path / "again.xml")
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "again.xml").read_bytes()
    mended = tradeloop("payments", "mend-order", UUID(int=2), "--name", "Xin", "--account", "62",
                       "--by", "Li")  # fmt: skip
    assert mended.exit_code == 0
    assert tradeloop(*send, "--message", "PAY-2", "--out", tmp_path / "2.xml").exit_code == 0
    assert "No order" in tradeloop(*send, "--message", "3", "--out", tmp_path / "3.xml").stdout
    settled = tradeloop("payments", "settle-order", UUID(int=1), "confirm", "--by", "Li",
                        "--because", "seen")  # fmt: skip
    assert "confirmed" in settled.stdout
    orders = told("payments-orders", "payments", "orders")["orders"]
    assert [one["state"] for one in orders] == ["confirmed", "sent"]  # type: ignore[attr-defined]
    assert tradeloop("payments", "orders", "--out", "x.xml").exit_code == 2
    assert "Say confirm or reject" in refused(
        "payments", "settle-order", UUID(int=1), "send", "--by", "L", "--because", "b"
    )
