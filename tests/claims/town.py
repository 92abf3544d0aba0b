"""Short words for the tests of claims: a merchant, a buyer who does not pay, and who decides."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid4, uuid5

from tradeloop.claims import actions, agreed_terms, queries
from tradeloop.claims.accounts import Account
from tradeloop.claims.agree import Draft
from tradeloop.claims.case import Case
from tradeloop.claims.decide import Stands
from tradeloop.claims.lifecycle import State
from tradeloop.claims.rows import do, named, one
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.actions import begin_loss
from tradeloop.receivables.facts import NewPayment, NewReceivable

SCHEME = "yiwu-market-procurement"
SELLER, BUYER = "91330782MA1", "buyer:a1b2"
SHIPPED, DUE = date(2026, 1, 5), date(2026, 3, 6)
NOTICED, OVER = date(2026, 3, 20), date(2026, 7, 6)
MERCHANT, ANNA, BO, CLERK = "merchant-zhao", "anna", "bo", "clerk"
ACCOUNTS = {SELLER: Account(name="Zhao Trading", number="6222000011112222")}
KEY = bytes(range(32))
SECRET = b"a secret of twenty b"
SHIPPED_SCHEME = Path(agreed_terms.__file__).parents[1] / "schemes/insurance" / SCHEME
PAPERS = ("proof-of-debt", "communication", "collection", "merchant-account")


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def sold(
    number: str = "T-1", minor: int = 600_000, *, covered: int | None = None, seller: str = SELLER,
    buyer: str = BUYER, shipped_on: date = SHIPPED, due_on: date = DUE, share_bp: int = 4_500,
    limit: int = 15_000_000, currency: str = "USD", grade: str = "proven",
    assignee: str | None = None, scheme: str = SCHEME,
) -> str:  # fmt: skip
    """Sell on credit, under cover of so much (all; 0 for none); return the trade's name."""
    trade = f"{seller}/{number}"
    (opened,) = receivables.open_many(
        new=[
            NewReceivable(
                trade=trade, seller=seller, buyer=buyer, amount=Money(minor, currency),
                shipped_on=shipped_on, due_on=due_on,
            )
        ],
        at=at(shipped_on),
    )  # fmt: skip
    assert opened.is_new, opened
    if assignee:
        receivables.assign(
            trades=[trade], assignee=assignee, from_date=shipped_on, at=at(shipped_on)
        )
    row = one("select id from receivables_receivable where trade = %s", trade)
    assert row is not None
    do(
        "insert into trades_trade (name, mode, registered_at) values (%s, '1039', %s)",
        trade, at(shipped_on),
    )  # fmt: skip
    judged(trade, grade, minor, currency)
    covered = minor if covered is None else covered
    if covered:
        given = (row["id"], trade, seller, buyer, minor, covered, shipped_on, share_bp, limit)
        _certify(*given, scheme)
    return trade


def judged(trade: str, grade: str, minor: int, currency: str = "USD") -> None:
    """Let the verdict on a trade be so."""
    do("delete from trades_verdict where trade_id = %s", trade)
    do(
        "insert into trades_verdict (trade_id, purpose, grade, currency, verified_minor, "
        "judged_on, registered_at) values (%s, 'insurance', %s, %s, %s, %s, %s)",
        trade, grade, currency, minor if grade == "proven" else 0, SHIPPED, at(SHIPPED),
    )  # fmt: skip


def _certify(  # noqa: PLR0917 - in the order of the table
    receivable: int, trade: str, seller: str, buyer: str, minor: int, covered: int,
    shipped_on: date, share_bp: int, limit: int, scheme: str,
) -> None:  # fmt: skip
    do(
        "insert into cover_policy (id, scheme, policyholder, insured_from, insured_to, state, "
        "currency, made_by) values (%s, %s, %s, %s, %s, 'in-force', 'USD', 1) "
        "on conflict do nothing",
        f"P-{seller}", scheme, seller, date(2026, 1, 1), date(2026, 12, 31),
    )  # fmt: skip
    decided = one(
        "insert into cover_decision (trade, scheme, at, declared_on, outcome, codes, given, said, "
        "terms, made_by) values (%s, %s, %s, %s, 'certified', '', '{}', '{}', '', 1) returning id",
        trade, scheme, at(shipped_on), shipped_on,
    )  # fmt: skip
    assert decided is not None
    do(
        "insert into cover_certificate (number, receivable_id, policy_id, scheme, policyholder, "
        "buyer, currency, amount_minor, limit_minor, insured_share_bp, covered_minor, state, "
        "shipped_on, certified_at, terms, hold, decision_id) values "
        "(%s, %s, %s, %s, %s, %s, 'USD', %s, %s, %s, %s, 'certified', %s, %s, '', %s, %s)",
        f"C-{trade}", receivable, f"P-{seller}", scheme, seller, buyer, minor, limit, share_bp,
        covered, shipped_on, at(shipped_on), uuid5(NAMESPACE_URL, trade), decided["id"],
    )  # fmt: skip
    certificate = f"C-{trade}"
    do(
        "insert into cover_grant (certificate_id, counts_on, amount_minor, because, made_by) "
        "values (%s, %s, %s, 'shipped within the limit', 1)",
        certificate, shipped_on, covered,
    )  # fmt: skip


def paid(trade: str, minor: int, on: date, *, id: str | None = None) -> str:
    """Let the buyer of a trade pay so much to its seller."""
    row = one("select seller, buyer, currency from receivables_receivable where trade = %s", trade)
    assert row is not None
    name = id or f"pay-{uuid4()}"
    (done,) = receivables.pay(
        payments=[
            NewPayment(
                id=name, seller=row["seller"], buyer=row["buyer"],
                amount=Money(minor, row["currency"]), paid_on=on, names=trade,
            )
        ],
        at=at(on),
    )  # fmt: skip
    assert done.is_new, done
    return name


def taken_back(payment: str, on: date) -> None:
    """Let the bank take a payment back."""
    receivables.withdraw_payment(id=payment, because="returned", at=at(on))


def tell(claim: str = "K-1", *trades: str, on: date = NOTICED, **more: object) -> State:
    """Tell of a possible loss."""
    given: dict[str, object] = {
        "scheme": SCHEME, "policyholder": SELLER, "buyer": BUYER, "known_on": on,
        "because": "default", "by": MERCHANT,
    }  # fmt: skip
    given |= more
    return actions.notice(id=claim, trades=trades, at=at(on), **given)


def file(claim: str = "K-1", on: date = OVER, **amounts: int) -> State:
    """Claim so much of each trade, or all that is open."""
    case = queries.case(claim)
    asked = {line.trade: line.owed for line in case.lines}
    if amounts:
        asked = {trade: usd(minor) for trade, minor in amounts.items()}
    return actions.claim(id=claim, amounts=asked, by=MERCHANT, at=at(on), begin_loss=begin_loss)


def bring(
    claim: str = "K-1", kinds: Sequence[str] = PAPERS, *, on: date = OVER, buyer: str = BUYER,
    amount: str = "999999.00", currency: str = "USD",
) -> None:  # fmt: skip
    """Bring legible papers that say what they must."""
    for kind in kinds:
        actions.add_evidence(
            id=uuid4(), claim=claim, kind=kind, name=f"{kind}.txt", by=MERCHANT, at=at(on),
            body=f"{claim} {kind}: the buyer owes the sum".encode(),
            says={"buyer": buyer, "currency": currency, "amount": amount},
        )  # fmt: skip


def complete(claim: str = "K-1", *, on: date = OVER, by: str = CLERK) -> State:
    """Bring all papers, and let the claim be looked at."""
    bring(claim, on=on)
    (found,) = actions.assess(claims=[claim], at=at(on), by=by)
    return found.state


def approve(claim: str = "K-1", *, on: date = OVER, people: Sequence[str] = (ANNA, BO)) -> Stands:
    """Let people approve the figure that they see."""
    for person in people:
        decision = queries.case(claim).decision or 0
        stands = actions.approve(claim=claim, decision=decision, by=person, at=at(on))
    return stands


def render(draft: Draft) -> bytes:
    """Write an agreement as a file."""
    return f"%PDF {draft.number} {draft.case.id} {draft.calculated.pay} %%EOF".encode()


def offer(
    claim: str = "K-1", *, on: date = OVER, number: str | None = None, stated: bool = True
) -> Stands:
    """Offer a file that names no account, and let somebody else state it."""
    stands = actions.offer(
        claim=claim, number=number or f"A-{claim}", render=render, by=CLERK, at=at(on)
    )
    if stated and stands.state is State.OFFERED:
        state_accounts(claim, on=on)
    return stands


def digest_of(claim: str = "K-1") -> str:
    found = queries.agreement(claim)
    if found is None:
        return "none"
    body = queries.content(found["content_id"])
    assert body is not None
    return sha256(body).hexdigest()


def sign(claim: str = "K-1", *, on: date = OVER, hour: int = 12) -> State:
    """Sign with a second factor, enrolling at the first time."""
    if one("select from claims_person where name = %s", MERCHANT) is None:
        actions.enrol(
            person=MERCHANT, party=SELLER, secret=SECRET, key=KEY, nonce=bytes(12), by=CLERK,
            at=at(on),
        )  # fmt: skip
    return actions.sign(
        claim=claim, person=MERCHANT, code=code(at(on, hour)), digest=digest_of(claim), key=KEY,
        at=at(on, hour),
    )  # fmt: skip


def code(moment: datetime) -> str:
    from tradeloop.claims.people import code_of  # noqa: PLC0415 - Django is set up now

    return code_of(SECRET, moment)


def state_accounts(
    claim: str = "K-1", *, on: date = OVER, by: str = BO, **changed: str
) -> None:  # fmt: skip
    """State where the payees of a claim are paid."""
    case = queries.case(claim)
    for payee in sorted({line.assignee or case.policyholder for line in case.lines}):
        known = ACCOUNTS.get(payee, Account(name=payee, number="1"))
        account = replace(known, **changed)
        actions.state_account(claim=claim, payee=payee, account=account, by=by, at=at(on))


def order(
    claim: str = "K-1", *, on: date = OVER, by: str = CLERK, against: Sequence[str] = (),
    bank: list[dict[str, object]] | None = None, accounts: dict[str, Account] | None = None,
) -> Stands:  # fmt: skip
    """Order the payout; what the bank is asked lands in `bank`."""

    def order_payment(**asked: object) -> None:
        if bank is not None:
            bank.append(asked)

    def screen(case: Case, payees: Collection[str], day: date) -> Sequence[str]:
        _ = case, payees, day
        return against

    return actions.order_payout(
        claim=claim, accounts=ACCOUNTS if accounts is None else accounts, by=by, at=at(on),
        order_payment=order_payment, screen=screen,
    )  # fmt: skip


def pay(claim: str = "K-1", *, on: date = OVER) -> State:
    """Order, and let the bank pay."""
    order(claim, on=on)
    for row in named("select id from claims_payout where claim_id = %s", claim):
        state = actions.confirm_paid(claim=claim, payout=row["id"], paid_on=on, by=CLERK, at=at(on))
    return state


def written() -> dict[str, int]:
    """Return how many rows each table of claims has, and the journal."""
    tables = [
        row["name"]
        for row in named(
            "select table_name as name from information_schema.tables "
            "where table_name like 'claims_%%' or table_name = 'journal_entry' order by 1",
        )
    ]
    return {name: len(named(f"select from {name}")) for name in tables}


def a_claim(claim: str = "K-1", minor: int = 2_000_000, **more: object) -> str:
    """Have a claim filed, with all that it needs to be told of."""
    trade = sold(f"T-{claim}", minor, **more)
    tell(
        claim, trade, policyholder=more.get("seller", SELLER), buyer=more.get("buyer", BUYER),
        scheme=more.get("scheme", SCHEME),
    )  # fmt: skip
    file(claim)
    return trade


def sign_in_ink(claim: str = "K-1") -> State:
    """Bring a copy signed with ink, and let a handler check it."""
    scan = uuid4()
    actions.add_evidence(
        id=scan, claim=claim, kind="agreement-copy", name="signed.pdf", by=MERCHANT, at=at(OVER),
        body=f"%PDF {claim} %%EOF".encode(),
    )  # fmt: skip
    return actions.sign_in_ink(
        claim=claim, person=MERCHANT, copy=scan, digest=digest_of(claim), checked_by=CLERK,
        at=at(OVER),
    )  # fmt: skip


def reworded(folder: Path, name: str, changes: Mapping[str, str]) -> str:
    """Have the scheme under another name, with words of its file changed; return the folder."""
    copy = folder / "insurance" / name
    shutil.copytree(SHIPPED_SCHEME, copy)
    text = (copy / "scheme.toml").read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    (copy / "scheme.toml").write_text(text, encoding="utf-8")
    return str(folder)
