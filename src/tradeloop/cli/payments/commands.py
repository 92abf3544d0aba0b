"""`tradeloop payments`: what banks say came and went, and a file of payments for one's own bank."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import JsonOption, now
from tradeloop.cli.payments import book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradeloop.settlement.facts import Noticed, Payment, Read

app = typer.Typer(
    no_args_is_help=True,
    help="Money that arrives and leaves: bank files, what they pay, doubts, payment orders.",
)
book.add_to(app)
SHOWN_MAX = 200
REFERENCE_MAX = 60  # places; --json gives all


@app.command("read")
def read_(
    files: Annotated[list[Path], typer.Argument(help="camt.053 or camt.054, as the bank sent it.")],
    as_json: JsonOption = False,
) -> None:
    """Read bank statements and notifications: payments, once each, and what is odd.

    Exit code 2 when nothing could be read. A damaged file is read as far as whole entries go.
    """
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.settlement.camt import read  # noqa: PLC0415 - the same
    from tradeloop.settlement.repeats import without_repeats  # noqa: PLC0415 - the same
    from tradeloop.settlement.xml import BYTES_MAX  # noqa: PLC0415 - the same

    given: list[Read] = []
    for file in files:
        try:
            with file.open("rb") as stream:
                given.append(read(stream.read(BYTES_MAX + 1), str(file)))
        except OSError as error:
            raise fail(f"{file}: {error.strerror}. Name a file that can be read.") from None
    statements = tuple(one for found in given for one in found.statements)
    payments, repeated = without_repeats(statements)
    told = [*(one for found in given for one in found.noticed), *repeated]
    if as_json:
        typer.echo(json.dumps(_as_json(given, payments, told), ensure_ascii=False))
    else:
        _show(payments, told)
    if not statements:
        raise fail("Nothing could be read. What was noticed says what to do.")


@app.command()
def order(
    file: Annotated[Path, typer.Argument(help="JSON lines: who pays, then a payment a line.")],
    out: Annotated[Path, typer.Option(help="The file to write; it must not exist.")],
) -> None:
    """Write payments as pain.001.001.09, to hand to your own bank; nothing is paid by this.

    First line: message, debtor, account, agent (BIC), execute_on, and if you like created_at and
    charges. Each further line: end_to_end, amount ("1234.50"), currency, creditor, account, and if
    you like agent, remittance, creditor_reference.
    """
    from tradeloop.cli.screen import broken, fail  # noqa: PLC0415 - keeps --help fast
    from tradeloop.settlement.order_lines import order_of  # noqa: PLC0415 - the same
    from tradeloop.settlement.pain import OrderRefused, write  # noqa: PLC0415 - the same

    try:
        asked = order_of(file.read_text(encoding="utf-8"), now=now())
        data = write(asked)
    except OSError as error:
        raise fail(f"{file}: {error.strerror}. Name a file that can be read.") from None
    except UnicodeDecodeError:
        raise fail(f"{file}: it is not UTF-8. Save it as UTF-8.") from None
    except OrderRefused as error:
        raise fail(f"{file}: {error}") from None
    try:
        with out.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise fail(f"{out} is there already, and may be with the bank. Name a new file.") from None
    except OSError as error:
        raise broken(error) from None
    typer.echo(f"{len(asked.transfers):,} payments written to {out}. Hand it to your bank.")


def _show(payments: Sequence[Payment], told: Sequence[Noticed]) -> None:
    from dataclasses import replace  # noqa: PLC0415 - keeps --help fast

    from rich.markup import escape  # noqa: PLC0415 - keeps --help fast
    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import WEIGHT_STYLES, console  # noqa: PLC0415 - the same

    table = Table(title=f"{len(payments):,} payments", title_justify="left")
    for name in ("booked", "amount", "in/out", "other side", "reference", "place"):
        table.add_column(name, justify="right" if name == "amount" else "left")
    for one in payments[:SHOWN_MAX]:
        way = one.direction.value + (", reversal" if one.is_reversal else "")
        way += "" if one.is_booked else f", {one.status or 'no status'}"
        named = (*one.references.exact, *one.references.remittance)
        row = (
            str(one.booked_on or ""), str(one.amount), way, one.counterparty.name or "",
            _short("; ".join(named) or one.references.transaction or ""),
            str(replace(one.place, file=Path(one.place.file).name)),
        )  # fmt: skip
        table.add_row(*map(escape, row))
    console().print(table)
    if len(payments) > SHOWN_MAX:
        typer.echo(f"{len(payments) - SHOWN_MAX:,} more; --json gives all.")
    for found in told:
        style = WEIGHT_STYLES[found.weight.value]
        console().print(
            f"[{style}]{found.code}[/] {escape(str(found.place))}: seen {escape(found.seen)}; "
            f"expected {escape(found.expected)}. {escape(found.remedy)}"
        )


def _short(text: str) -> str:
    return text if len(text) <= REFERENCE_MAX else text[: REFERENCE_MAX - 1] + "…"


def _as_json(
    given: Sequence[Read], payments: Sequence[Payment], told: Sequence[Noticed]
) -> dict[str, object]:
    statements = [
        {
            "place": str(one.place), "kind": one.kind.value, "version": one.version, "id": one.id,
            "account": one.account, "created_at": one.created_at,
            "balances": [
                {
                    "code": balance.code, "minor": balance.amount.minor,
                    "currency": balance.amount.currency,
                    "on": balance.on.isoformat() if balance.on else None,
                }
                for balance in one.balances
            ],
        }
        for found in given
        for one in found.statements
    ]  # fmt: skip
    noticed = [
        {
            "code": one.code, "weight": one.weight.value, "place": str(one.place),
            "seen": one.seen, "expected": one.expected, "remedy": one.remedy,
        }
        for one in told
    ]  # fmt: skip
    return {
        "files": len(given), "statements": statements,
        "payments": [_payment_json(one) for one in payments], "noticed": noticed,
    }  # fmt: skip


def _payment_json(one: Payment) -> dict[str, object]:
    references, exchange, original = one.references, one.exchange, one.original
    return {
        "place": str(one.place), "account": one.account, "minor": one.amount.minor,
        "currency": one.amount.currency, "direction": one.direction.value,
        "is_reversal": one.is_reversal, "status": one.status, "bank_code": one.bank_code,
        "booked_on": one.booked_on.isoformat() if one.booked_on else None,
        "value_on": one.value_on.isoformat() if one.value_on else None,
        "end_to_end": references.end_to_end, "transaction": references.transaction,
        "creditor_references": references.creditor, "remittance": references.remittance,
        "counterparty": {
            "name": one.counterparty.name, "account": one.counterparty.account,
            "agent": one.counterparty.agent,
        },
        "original": original and {"minor": original.minor, "currency": original.currency},
        "exchange": exchange and {
            "source": exchange.source, "target": exchange.target, "rate": str(exchange.rate),
        },
    }  # fmt: skip
