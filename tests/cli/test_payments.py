"""`tradeloop payments` reads what banks send, and writes a file that is never paid by itself."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from typer.testing import CliRunner

from tradeloop.cli.main import app

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "reference/json/payments-read.schema.json"
STATEMENT = """<Document><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>NL1</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="USD">1</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-09</Dt></Dt></Bal>
<Ntry><Amt Ccy="USD">12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<NtryDtls><TxDtls><AmtDtls><InstdAmt><Amt Ccy="EUR">10</Amt><CcyXchg><SrcCcy>EUR</SrcCcy>
<XchgRate>1.25</XchgRate></CcyXchg></InstdAmt></AmtDtls><RmtInf><Ustrd>[bold]INV-7</Ustrd></RmtInf>
</TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""
ORDER = (
    '{"message": "M1", "debtor": "Pool", "account": "NL91ABNA0417164300", "agent": "ABNANL2A", '
    '"execute_on": "2026-03-10", "created_at": "2026-03-09T10:00:00+08:00"}\n'
    '{"end_to_end": "E1", "amount": "12.50", "currency": "USD", '
    '"creditor": "Xin", "account": "62"}\n'
)


def test_a_statement_is_shown_with_what_is_odd(tmp_path: Path) -> None:
    file = tmp_path / "bank.xml"
    file.write_text(STATEMENT)
    done = CliRunner().invoke(app, ["payments", "read", str(file)])

    assert done.exit_code == 0
    assert "12.50 USD" in done.stdout
    assert "[bold]INV-7" in done.stdout
    assert "balance-missing" in done.stdout


def test_programs_get_what_the_schema_says(tmp_path: Path) -> None:
    file = tmp_path / "bank.xml"
    file.write_text(STATEMENT)
    done = CliRunner().invoke(app, ["payments", "read", str(file), str(file), "--json"])
    found = json.loads(done.stdout)

    jsonschema.validate(found, json.loads(SCHEMA.read_text()))
    assert [one["minor"] for one in found["payments"]] == [1_250]
    assert found["payments"][0]["exchange"]["rate"] == "1.25"
    assert "statement-repeated" in [one["code"] for one in found["noticed"]]


def test_what_is_no_bank_file_ends_with_two(tmp_path: Path) -> None:
    file = tmp_path / "bank.xml"
    file.write_text("<!DOCTYPE a><a/>")

    assert CliRunner().invoke(app, ["payments", "read", str(file)]).exit_code == 2
    assert CliRunner().invoke(app, ["payments", "read", str(tmp_path / "no")]).exit_code == 2


def test_an_order_is_written_once_and_never_over_another(tmp_path: Path) -> None:
    lines, out = tmp_path / "order.jsonl", tmp_path / "pain.xml"
    lines.write_text(ORDER)
    words = ["payments", "order", str(lines), "--out", str(out)]

    assert CliRunner().invoke(app, words).exit_code == 0
    written = out.read_bytes()
    assert b"<CtrlSum>12.50</CtrlSum>" in written
    assert CliRunner().invoke(app, words).exit_code == 2
    assert out.read_bytes() == written


def test_a_refused_order_leaves_no_file(tmp_path: Path) -> None:
    lines, out = tmp_path / "order.jsonl", tmp_path / "pain.xml"
    lines.write_text(ORDER.replace("Xin", "鑫"))
    done = CliRunner().invoke(app, ["payments", "order", str(lines), "--out", str(out)])

    assert done.exit_code == 2
    assert "payment 1: creditor" in done.stderr
    assert not out.exists()
