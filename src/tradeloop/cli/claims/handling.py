"""What a handler's commands of `tradeloop claims` do: words become one call of an action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tradeloop.cli.claims import says
from tradeloop.cli.claims.words import home_of, pair, read
from tradeloop.cli.options import day_of, now
from tradeloop.cli.screen import fail
from tradeloop.settlement.lifecycle import OrderState

if TYPE_CHECKING:
    from tradeloop.claims.accounts import Account


def assess(claims: Sequence[str] | None, *, by: str, home: Path | None, as_json: bool) -> None:
    """Make the first pass."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        says.assessed(actions.assess(claims=claims, by=by, at=now()), as_json=as_json)


def approve(claim: str, *, decision: int | None, by: str, home: Path | None, as_json: bool) -> None:
    """Stand for a figure."""
    with home_of(home):
        from tradeloop.claims import actions, queries  # noqa: PLC0415 - Django is set up now

        seen = decision or queries.case(claim).decision or 0
        says.stands(actions.approve(claim=claim, decision=seen, by=by, at=now()), as_json=as_json)


def offer(
    claim: str, *, number: str, by: str, file: Path | None, payee: str | None, language: str,
    out: Path | None, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Offer an agreement: a file that was brought, the scheme's PDF, or the text of the figures."""
    body = read(file) if file else None
    if file and payee:
        raise fail(
            "Name --file or --payee. Where a file of your own is signed, let somebody state the "
            "account: tradeloop claims account."
        )
    if body is not None and not body.strip():
        raise fail(f"{file} is empty. Name the agreement, or offer without --file.")
    with home_of(home):
        from tradeloop.claims import actions, queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.claims.accounts import Account  # noqa: PLC0415 - the same
        from tradeloop.claims.agree import Draft  # noqa: PLC0415 - the same
        from tradeloop.claims.story import agreement_text  # noqa: PLC0415 - the same
        from tradeloop.cli.claims import papers  # noqa: PLC0415 - Typst is loaded for papers only
        from tradeloop.settlement.pain import BIC  # noqa: PLC0415 - the same

        named = None if payee is None else papers.payee_of(payee)
        account = None if named is None else Account(
            name=named.name, number=named.account,
            agent=named.bank if BIC.fullmatch(named.bank) else None,
        )  # fmt: skip

        def render(draft: Draft) -> bytes:
            if named is not None:
                return papers.agreement(draft, named, language=language)
            if body is None:
                return agreement_text(draft.number, draft.case, draft.calculated).encode()
            return body

        done = actions.offer(
            claim=claim, number=number, render=render, by=by, at=now(), payee=account
        )
        if out and (found := queries.agreement(claim)):
            _write(out, queries.content(found["content_id"]) or b"", number)
        says.stands(done, as_json=as_json)


def paper(
    claim: str, *, kind: str, language: str, out: Path, home: Path | None, as_json: bool
) -> None:
    """Write a paper of a claim as PDF."""
    with home_of(home):
        from tradeloop.cli.claims import papers  # noqa: PLC0415 - Typst is loaded for papers only

        papers.write(claim, kind=kind, language=language, out=out, as_json=as_json, now=now())


def account(
    claim: str, stated: str, *, by: str, home: Path | None, as_json: bool
) -> None:  # fmt: skip
    """State where a payee is paid."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        payee, where = _account(stated)
        state = actions.state_account(claim=claim, payee=payee, account=where, by=by, at=now())
        says.state(claim, state, as_json=as_json)


def pay(
    claim: str, *, by: str, accounts: Sequence[str], again: str | None, home: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Order the payout, or one of its parts that the bank rejected anew."""
    with home_of(home):
        from tradeloop.claims import actions, decide, queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.claims.outside import listed  # noqa: PLC0415 - the same
        from tradeloop.claims.pay import payouts_of  # noqa: PLC0415 - the same
        from tradeloop.settlement.actions import order_payment  # noqa: PLC0415 - the same

        known = dict(map(_account, accounts))
        if again is not None:
            payees = {one.id: one.payee for one in payouts_of(claim)}
            if not set(known) <= {payees.get(again)}:
                raise fail(
                    f"Payout {again} is to {payees.get(again, 'nobody')}. Name its account alone."
                )
            actions.order_again(
                claim=claim, payout=again, by=by, at=now(), order_payment=order_payment,
                screen=listed, account=next(iter(known.values()), None),
            )  # fmt: skip
            case = queries.case(claim)
            says.stands(decide.stands(case, case.state), as_json=as_json)
            return
        done = actions.order_payout(
            claim=claim, accounts=known, by=by, at=now(), order_payment=order_payment,
            screen=listed,
        )  # fmt: skip
        says.stands(done, as_json=as_json)


def paid(
    claim: str, payout: str, *, on: datetime | None, by: str, home: Path | None, as_json: bool
) -> None:
    """Say that the bank paid."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.claims.pay import order_of  # noqa: PLC0415 - the same

        state = actions.confirm_paid(
            claim=claim, payout=payout, paid_on=day_of(on), by=by, at=now()
        )
        says.state(claim, state, as_json=as_json)
        order = order_of(payout)
        if order is not None and order.state is OrderState.SENT:
            typer.echo(
                f"The order of {payout} is in the file {order.message} for the bank. If it was "
                "paid by another way than that file, have the bank take the order out of it.",
                err=True,
            )


def returned(
    claim: str, payout: str, *, on: datetime | None, by: str, home: Path | None, as_json: bool
) -> None:
    """Say that the money of a payout is back."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        state = actions.returned(claim=claim, payout=payout, on=day_of(on), by=by, at=now())
        says.state(claim, state, as_json=as_json)


def _write(out: Path, body: bytes, number: str) -> None:
    try:
        out.write_bytes(body)
    except OSError as error:
        raise fail(
            f"{out}: {error.strerror}. Agreement {number} is offered; say the same again with a "
            "file that can be written."
        ) from None


def _account(word: str) -> tuple[str, Account]:
    from tradeloop.claims.accounts import Account  # noqa: PLC0415 - Django is set up now

    payee, where = pair(word, "PAYEE=NAME/ACCOUNT")
    name, _, rest = where.partition("/")
    number, _, agent = rest.partition("/")
    return payee, Account(name=name, number=number, agent=agent or None)
