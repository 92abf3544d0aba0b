"""Bank files for tests: statements of one account, written as banks write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tradeloop.settlement import actions
from tradeloop.settlement.facts import TakenIn

NOON = datetime(2026, 5, 9, 4, tzinfo=UTC)
ACCOUNT, SELLER, BUYER = "NL91ABNA0417164300", "91330782MA", "buyer:0a1b"


def entry(
    amount: str, ref: str = "", *, says: str = "", payer: str = "", way: str = "CRDT",
    on: date = date(2026, 5, 4), end_to_end: str = "", reversal: bool = False,
    status: str = "BOOK", currency: str = "USD",
) -> str:  # fmt: skip
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>'
        f"{'<RvslInd>true</RvslInd>' if reversal else ''}<Sts><Cd>{status}</Cd></Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt>"
        f"{f'<AcctSvcrRef>{ref}</AcctSvcrRef>' if ref else ''}<NtryDtls><TxDtls>"
        f"{f'<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>' if end_to_end else ''}"
        f"{f'<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>' if payer else ''}"
        f"{f'<RmtInf><Ustrd>{says}</Ustrd></RmtInf>' if says else ''}</TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries: str, id: str = "S1", account: str = ACCOUNT) -> bytes:
    return (
        f"<Document><BkToCstmrStmt><Stmt><Id>{id}</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def notification(*entries: str, id: str = "N1", account: str = ACCOUNT) -> bytes:
    return (
        f"<Document><BkToCstmrDbtCdtNtfctn><Ntfctn><Id>{id}</Id><Acct><Id><IBAN>{account}</IBAN>"
        f"</Id></Acct>{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def taken(data: bytes, name: str = "bank.xml") -> TakenIn:
    return actions.take_in_bank_file(data=data, name=name, at=NOON)
