"""The commands of claims and recovery: the whole way on the command line, and what it says."""

from __future__ import annotations

import json
import re
from base64 import b32decode
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from claims.town import (
    ANNA,
    BO,
    BUYER,
    CLERK,
    MERCHANT,
    NOTICED,
    OVER,
    SELLER,
    at,
    sign_in_ink,
    sold,
)  # fmt: skip
from claims.town import paid as receivables_pay
from tradeloop.claims.people import code_of
from tradeloop.claims.unnoticed import tell_merchants
from tradeloop.cli import recovery as recovery_calls
from tradeloop.cli.claims import calls as claims_calls
from tradeloop.cli.claims import handling, late
from tradeloop.cli.main import app
from tradeloop.settlement.actions import send_orders, settle_order
from tradeloop.settlement.lifecycle import OrderEvent
from tradeloop.settlement.queries import orders
from tradeloop.site.opened import opened

SCHEMAS = Path(__file__).resolve().parents[2] / "docs/reference/json"
SHOWN = {"proof-of-debt", "communication", "collection", "merchant-account"}


class Clock:
    """The time as a test sets it."""

    now: datetime = at(NOTICED)


@pytest.fixture
def clock(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Clock:
    """Let commands work on this test's database, at the time of the test."""
    played = Clock()
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    for module in (claims_calls, handling, recovery_calls):
        monkeypatch.setattr(module, "now", lambda: played.now)
    for module in (claims_calls, handling, late, recovery_calls):
        monkeypatch.setattr(module, "day_of", lambda day: (day or played.now).date())
    played_home = partial(opened, clock_skew_s_max=None)
    monkeypatch.setattr("tradeloop.cli.claims.words.opened", played_home)
    monkeypatch.setattr("tradeloop.site.opened.opened", played_home)
    return played


def run(group: str, *words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, [group, *map(str, words)])
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code == code, done.output
    return done


def told(schema: str, *words: object) -> dict[str, Any]:
    """Run a command for programs; what it prints is as the schema says."""
    found: dict[str, Any] = json.loads(run(*map(str, words), "--json").stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8")))
    return found


def claims(*words: object) -> dict[str, Any]:
    """Run a command of claims for programs."""
    name = str(words[0])
    schema = {"evidence": "missing", "supplement": "missing"}.get(name, name)
    if name in {"approve", "offer", "pay"}:
        schema = "stands"
    elif "--late" in words:
        schema = "late"
    elif not (SCHEMAS / f"claims-{schema}.schema.json").exists() or "--answered-by" in words:
        schema = "state"
    return told(f"claims-{schema}", "claims", *words)


def recovery(*words: object) -> dict[str, Any]:
    """Run a command of recovery for programs."""
    return told(f"recovery-{'sweep' if words[0] == 'sweep' else 'show'}", "recovery", *words)


def tell(trade: str, claim: str = "K-1") -> None:
    pair = ("--policyholder", SELLER, "--buyer", BUYER)
    claims("notice", claim, trade, *pair, "--by", MERCHANT)


def bring(tmp_path: Path, *kinds: str) -> list[str]:
    """Bring papers; return what is missing then."""
    paper = tmp_path / "paper.txt"
    for kind in kinds:
        paper.write_text(f"{kind}: the buyer owes the sum")
        says = [f"--says={one}" for one in (f"buyer={BUYER}", "currency=USD", "amount=99,999")]
        left = claims("evidence", "K-1", paper, "--kind", kind, "--by", MERCHANT, *says)
    return [one["kind"] for one in left["missing"]]


def test_the_whole_way_from_notice_to_recovery(clock: Clock, tmp_path: Path, database: str) -> None:
    trade = sold(minor=2_000_000)
    tell(trade)
    clock.now = at(OVER)
    assert claims("file", "K-1", "--by", MERCHANT)["state"] == "claimed"
    (looked,) = claims("assess", "--by", CLERK)["claims"]
    assert (looked["state"], set(looked["missing"])) == ("supplement-asked", SHOWN)
    assert bring(tmp_path, *SHOWN) == []
    (looked,) = claims("assess", "K-1", "--by", CLERK)["claims"]
    assert looked["pay"] == {"currency": "USD", "minor": "900000"}
    claims("approve", "K-1", "--by", ANNA)
    assert claims("approve", "K-1", "--by", BO)["approvals"] == [ANNA, BO]
    paper = tmp_path / "agreement.txt"
    claims("offer", "K-1", "--number", "A-1", "--by", CLERK, "--out", paper)
    lines = claims("calculate", "K-1")["lines"]
    assert all(one["says"] in paper.read_text() for one in lines)
    fetched = tmp_path / "fetched.txt"
    claims("paper", "K-1", "--kind", "agreement", "--out", fetched)
    assert fetched.read_bytes() == paper.read_bytes()
    address = run("claims", "enrol", MERCHANT, "--for", SELLER, "--by", CLERK).stdout
    found = re.search(r"secret=([A-Z2-7]+)", address)
    assert found is not None
    secret = b32decode(found[1] + "=" * (-len(found[1]) % 8))
    signing = ("--person", MERCHANT, "--file", paper, "--code", code_of(secret, clock.now))
    assert claims("sign", "K-1", *signing)["state"] == "signed"
    account = f"{SELLER}=Zhao Trading/6222000011112222"
    assert claims("account", "K-1", account, "--by", ANNA)["state"] == "signed"
    assert claims("pay", "K-1", "--by", CLERK, "--account", account)["state"] == "ordered"
    assert claims("paid", "K-1", "K-1/1", "--by", CLERK)["state"] == "paid"
    told = claims("show", "K-1")
    assert told["calculation"]["lines"] == lines
    assert told["payouts"][0]["amount"]["minor"] == "900000"
    assert told["deadlines"]["pay_by"]["rule"] == "payment"
    assert claims("replay")["different"] == []
    recovery("open", "K-1", "--by", CLERK)
    assert recovery("sweep", "--by", CLERK)["receipts"] == []
    back = recovery("receive", "K-1", "10000", "--side", "insurer", "--by", CLERK)
    assert back["position"]["insurer"]["minor"] == "450000"
    assert "The insurer owes the insured 5,500.00 USD" in run("recovery", "show", "K-1").stdout
    paid_late = receivables_pay(trade, 100_000, OVER)
    swept = recovery("sweep", "K-1", "--by", CLERK)["receipts"]
    assert [one["receipt"] for one in swept] == [f"{paid_late}@K-1"]
    assert claims("show", "K-1")["state"] == "subrogated"
    assert [one["id"] for one in claims("list")["claims"]] == ["K-1"]
    costs = ("--side", "insurer", "--because", "a lawyer", "--by", CLERK)
    recovery("costs", "K-1", "100", *costs)
    recovery("hand-over", "K-1", "1", "--side", "insurer", "--by", CLERK)
    assert recovery("write-off", "K-1", "--because", "gone", "--by", CLERK)["state"]
    assert recovery("show", "K-1")["receipts"]
    assert database


def test_what_is_held_stayed_refused_and_late_is_said_as_the_schemas_say(clock: Clock) -> None:
    silent = sold("T-2", buyer="buyer:0f")
    tell(sold(minor=2_000_000))
    clock.now = at(OVER)
    claims("file", "K-1", "--by", MERCHANT)
    claims("assess", "--by", CLERK)
    assert claims("supplement", "K-1")["missing"]
    claims("supplement", "K-1", "--answered-by", MERCHANT)
    claims("stay", "K-1", "--because", "dispute", "--by", CLERK)
    claims("resume", "K-1", "--because", "judged", "--by", CLERK)
    claims("signal", "K-1", "--code", "tip", "--because", "a letter", "--by", CLERK)
    (sign,) = claims("show", "K-1")["signals"]
    claims("clear", "K-1", sign["id"], "--why", "untrue", "--by", ANNA)
    why = ("--code", "own-fault", "--clause", "Article 7", "--because", "The goods were wrong.")
    claims("refuse", "K-1", *why, "--remedy", "Bring a survey report.", "--by", ANNA)
    assert claims("show", "K-1")["refusal"]["code"] == "own-fault"
    claims("reopen", "K-1", "--because", "new papers", "--by", ANNA)
    claims("withdraw", "K-1", "--because", "settled", "--by", MERCHANT)
    tell_merchants(clock.now)
    late = claims("list", "--late")["late"]
    assert (silent, SELLER, "notice-by") in [(x["trade"], x["whom"], x["code"]) for x in late]
    assert "notice-by" in run("claims", "list", "--late").stdout


def test_a_screen_for_people_says_what_is_missing_by_when_and_by_which_rule(
    clock: Clock, tmp_path: Path
) -> None:
    tell(sold(minor=2_000_000))
    clock.now = at(OVER)
    run("claims", "file", "K-1", "--by", MERCHANT)
    run("claims", "assess", "--by", CLERK)
    said = run("claims", "show", "K-1").stdout

    assert "supplement-asked" in said
    assert "2026-08-05" in said
    assert "Attempts to collect" in said
    assert "waiting-from-due-date" in said
    assert "K-1" in run("claims", "list").stdout
    assert "collection" in run("claims", "supplement", "K-1").stdout
    assert tmp_path


def test_an_overdue_debt_that_was_told_of_shows_its_claim(clock: Clock) -> None:
    told_of, untold = sold("T-1", 1_000), sold("T-2", 2_000)
    tell(told_of)
    clock.now = at(OVER)

    found: Any = told("cover-overdue", "cover", "overdue", "--on", OVER)
    assert {one["trade"]: one["claim"] for one in found} == {
        told_of: {"id": "K-1", "state": "waiting"}, untold: None,
    }  # fmt: skip
    assert "claim K-1 is waiting" in " ".join(run("cover", "overdue", "--on", OVER).stdout.split())


@pytest.mark.usefixtures("clock")
def test_a_lost_telephone_is_forgotten_by_a_handler_and_another_enrolled() -> None:
    enrol = ("claims", "enrol", MERCHANT, "--for", SELLER, "--by", CLERK)
    run(*enrol)
    assert f"`claims forget {MERCHANT}`" in run(*enrol, code=2).stderr

    forget = ("claims", "forget", MERCHANT, "--because", "lost", "--by")
    assert "Ask a handler" in run(*forget, MERCHANT, code=2).stderr
    assert "is forgotten" in run(*forget, ANNA).stdout
    assert "none to forget" in run(*forget, ANNA, code=2).stderr
    assert run(*enrol).stdout.startswith("otpauth://")


def test_a_refusal_says_what_would_change_it(clock: Clock) -> None:
    tell(sold(minor=2_000_000))
    clock.now = at(OVER)
    run("claims", "file", "K-1", "--by", MERCHANT)
    why = ("--code", "own-fault", "--clause", "Article 7", "--because", "The goods were wrong.")
    run("claims", "refuse", "K-1", *why, "--remedy", "Bring a survey report.", "--by", ANNA)

    assert "What would change it: Bring a survey report." in run("claims", "show", "K-1").stdout


def test_mistakes_are_one_sentence_and_exit_code_2(clock: Clock, tmp_path: Path) -> None:
    trade, empty = sold(minor=2_000_000), tmp_path / "empty.pdf"
    empty.touch()
    tell(trade)
    early = run("claims", "file", "K-1", "--by", MERCHANT, code=2)
    assert "waits until 2026-07-06" in early.stderr
    clock.now = at(OVER)
    for words, match in (
        (("show", "K-9"), "no claim 'K-9'"),
        (("file", "K-1", "--by", MERCHANT, "--amount", f"{trade}=30000"), "is open"),
        (("file", "K-1", "--by", MERCHANT, "--amount", trade), "TRADE=1234.50"),
        (
            ("file", "K-1", "--by", MERCHANT, "--amount", f"{trade}=1", "--currency", "CNY"),
            "owed in",
        ),
        (("approve", "K-1", "--by", ANNA), "There is no approve from waiting"),
        (
            ("paper", "K-1", "--kind", "agreement", "--out", tmp_path / "a"),
            "No agreement of claim K-1 stands",
        ),
        (
            (
                "evidence",
                "K-1",
                __file__,
                "--kind",
                "proof-of-debt",
                "--by",
                "x",
                "--says",
                "amount=12,5x",
            ),
            "'12,5x' is no amount",
        ),
        (("calculate", "K-1"), "not filed yet"),
        (("evidence", "K-1", tmp_path / "none", "--kind", "other", "--by", "x"), "No such file"),
        (
            ("offer", "K-1", "--number", "A-1", "--by", CLERK, "--file", tmp_path / "none"),
            "No such file",
        ),
        (("offer", "K-1", "--number", "A-1", "--by", CLERK, "--file", empty), "is empty"),
        (
            ("sign", "K-1", "--person", MERCHANT, "--file", tmp_path / "none", "--code", "1"),
            "No such file",
        ),
        (("assess", "K-9", "--by", CLERK), "no claim 'K-9'"),
        (("replay", "K-9"), "no claim 'K-9'"),
        (("list", "--state", "lost"), "No claim is ever 'lost'"),
        (
            ("evidence", "K-1", __file__, "--kind", "other", "--by", "x", "--says", "colour=red"),
            "'colour=red' is not buyer=…, currency=USD or amount=1234.50",
        ),
    ):
        done = run("claims", *words, code=2)
        assert match in done.stderr
        assert done.stderr.count("\n") == 1
    assert "recovery open" in run("recovery", "show", "K-1", code=2).stderr


def test_a_notice_is_completed_and_an_insolvency_told_from_the_command_line(clock: Clock) -> None:
    assert clock.now == at(NOTICED)
    trade = sold(minor=2_000_000)
    pair = ("--policyholder", SELLER, "--buyer", BUYER)
    assert claims("notice", "K-1", trade, *pair, "--by", MERCHANT, "--incomplete")["state"] == (
        "noticed"
    )

    assert claims("complete-notice", "K-1", "--by", MERCHANT)["state"] == "waiting"
    told = ("insolvent", "K-1", "--by", MERCHANT, "--on")
    assert claims(*told, str(NOTICED))["state"] == "waiting"

    assert claims("file", "K-1", "--by", MERCHANT)["state"] == "claimed"
    assert "It stays" in run("claims", *told, "2026-01-01", code=2).stderr


def test_an_agreement_that_could_not_be_saved_is_offered_all_the_same_and_saved_again(
    clock: Clock, tmp_path: Path
) -> None:
    tell(sold(minor=2_000_000))
    clock.now = at(OVER)
    claims("file", "K-1", "--by", MERCHANT)
    bring(tmp_path, *SHOWN)
    claims("assess", "--by", CLERK)
    for person in (ANNA, BO):
        claims("approve", "K-1", "--by", person)
    words = ("offer", "K-1", "--number", "A-1", "--by", CLERK, "--out")

    failed = run("claims", *words, tmp_path / "nowhere" / "a.txt", code=2)
    claims(*words, tmp_path / "a.txt")

    assert "Agreement A-1 is offered" in failed.stderr
    assert "A-1" in (tmp_path / "a.txt").read_text()


def test_a_payout_that_the_bank_rejected_is_ordered_again_to_the_payees_other_account(
    clock: Clock, tmp_path: Path
) -> None:
    tell(sold(minor=2_000_000))
    clock.now = at(OVER)
    claims("file", "K-1", "--by", MERCHANT)
    bring(tmp_path, *SHOWN)
    claims("assess", "--by", CLERK)
    for person in (ANNA, BO):
        claims("approve", "K-1", "--by", person)
    claims("offer", "K-1", "--number", "A-1", "--by", CLERK)
    sign_in_ink()
    pay = ("pay", "K-1", "--by", CLERK, "--account")
    claims("account", "K-1", f"{SELLER}=Zhao/1", "--by", ANNA)
    claims(*pay, f"{SELLER}=Zhao/1")
    again = ("--again", "K-1/1")
    assert "may still pay it" in run("claims", *pay, f"{SELLER}=Zhao/2", *again, code=2).stderr
    (order,) = orders()
    settle_order(id=order.id, event=OrderEvent.REJECT, by=CLERK, because="closed", at=clock.now)

    assert f"is to {SELLER}" in run("claims", *pay, "other=Zhao/2", *again, code=2).stderr
    assert "is another" in run("claims", *pay, f"{SELLER}=Zhao/2", *again, code=2).stderr
    claims("account", "K-1", f"{SELLER}=Zhao/2", "--by", ANNA)
    assert claims(*pay, f"{SELLER}=Zhao/2", *again)["state"] == "ordered"

    assert {one.account for one in orders()} == {"1", "2"}


def test_who_says_paid_of_an_order_that_is_with_the_bank_is_told_of_its_file(
    clock: Clock, tmp_path: Path
) -> None:
    tell(sold(minor=2_000_000))
    clock.now = at(OVER)
    claims("file", "K-1", "--by", MERCHANT)
    bring(tmp_path, *SHOWN)
    claims("assess", "--by", CLERK)
    for person in (ANNA, BO):
        claims("approve", "K-1", "--by", person)
    claims("offer", "K-1", "--number", "A-1", "--by", CLERK)
    sign_in_ink()
    claims("account", "K-1", f"{SELLER}=Zhao/62220", "--by", ANNA)
    claims("pay", "K-1", "--by", CLERK)
    send_orders(
        message="PAY-1", debtor="Insurer", account="NL91ABNA0417164300", agent="ABNANL2A",
        execute_on=OVER, at=clock.now,
    )  # fmt: skip

    done = run("claims", "paid", "K-1", "K-1/1", "--by", CLERK)

    assert "in the file PAY-1 for the bank" in done.stderr


def test_all_that_is_open_is_claimed_and_what_was_paid_meanwhile_is_left_out(clock: Clock) -> None:
    cleared, open_ = sold("T-1", 1_000), sold("T-2", 2_000_000)
    pair = ("--policyholder", SELLER, "--buyer", BUYER)
    claims("notice", "K-1", open_, cleared, *pair, "--by", MERCHANT)
    receivables_pay(cleared, 1_000, NOTICED)
    clock.now = at(OVER)

    claims("file", "K-1", "--by", MERCHANT)

    assert [line["trade"] for line in claims("show", "K-1")["trades"]] == [open_]


def test_a_claim_becomes_papers_and_the_pdf_that_is_offered_is_what_is_signed(
    clock: Clock, tmp_path: Path, database: str
) -> None:
    del database
    trade = sold(minor=2_000_000)
    tell(trade)
    clock.now = at(OVER)
    claims("file", "K-1", "--by", MERCHANT)
    bring(tmp_path, *sorted(SHOWN))
    claims("assess", "--by", CLERK)
    whole, figure, agreed = (tmp_path / name for name in ("file.pdf", "figure.pdf", "agreed.pdf"))

    assert claims("paper", "K-1", "--out", whole)["file"] == str(whole)
    run("claims", "paper", "K-1", "--kind", "calculation", "--language", "en", "--out", figure)
    again = run("claims", "paper", "K-1", "--out", whole, code=2)
    for person in (ANNA, BO):
        claims("approve", "K-1", "--by", person)
    run("claims", "offer", "K-1", "--number", "A-0", "--by", ANNA, "--payee", "nobody", code=2)
    run("claims", "offer", "K-1", "--number", "A-1", "--by", ANNA, "--out", agreed,
        "--payee", "Synthetic Merchant/CN123456789012/SYN-BANK")  # fmt: skip

    assert all(one.read_bytes().startswith(b"%PDF-") for one in (whole, figure, agreed))
    assert "is there already" in again.output
    pages = "".join(page.extract_text() for page in PdfReader(agreed).pages)
    assert "9,000.00 USD" in pages
    assert "玖仟" in pages
    assert "CN123456789012" not in pages
    other = tmp_path / "other.pdf"
    other.write_bytes(agreed.read_bytes() + b" ")
    told = run("claims", "sign", "K-1", "--person", "zhao", "--file", other, "--code", "1", code=2)
    assert "Traceback" not in told.output
