"""What a merchant's commands of `tradeloop claims` do: words become one call of an action."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import typer

from tradeloop.cli.claims import says
from tradeloop.cli.claims.words import home_of, pair, read
from tradeloop.cli.options import day_of, now
from tradeloop.cli.people_key import people_key
from tradeloop.cli.registry.says import minor
from tradeloop.cli.screen import fail
from tradeloop.kit.money import Money

KEY_FIELDS = ("buyer", "currency", "amount")


def notice(
    claim: str, trades: Sequence[str], *, policyholder: str, buyer: str, by: str, scheme: str,
    known_on: datetime | None, because: str, insolvent_on: datetime | None, is_complete: bool,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Tell of a possible loss."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        state = actions.notice(
            id=claim, scheme=scheme, policyholder=policyholder, buyer=buyer, trades=trades,
            known_on=day_of(known_on), because=because, by=by, at=now(), is_complete=is_complete,
            insolvent_on=insolvent_on.date() if insolvent_on else None,
        )  # fmt: skip
        says.state(claim, state, as_json=as_json)


def file(
    claim: str, given: Sequence[str], *, currency: str | None, by: str, home: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Claim amounts, or all that is open."""
    with home_of(home):
        from tradeloop.claims import actions, queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.receivables.actions import begin_loss  # noqa: PLC0415 - the same
        from tradeloop.receivables.queries import owed  # noqa: PLC0415 - the same

        case = queries.case(claim)
        unit = currency or case.currency
        amounts = {}
        for word in given:
            trade, amount = pair(word, "TRADE=1234.50")
            amounts[trade] = Money(minor(amount, unit), unit)
        if not given:
            covered = {line.trade for line in case.lines if line.certificate}
            debts = owed(on=now().date(), trades=case.trades)
            amounts = {
                one.trade: one.open for one in debts if one.trade in covered and one.open.minor
            }
        state = actions.claim(id=claim, amounts=amounts, by=by, at=now(), begin_loss=begin_loss)
        says.state(claim, state, as_json=as_json)


def show(claim: str, *, on: datetime | None, home: Path | None, as_json: bool) -> None:
    """Show everything about a claim."""
    with home_of(home):
        from tradeloop.claims.story import story  # noqa: PLC0415 - Django is set up now

        says.story(story(claim, on=day_of(on)), as_json=as_json)


def list_claims(
    *, state: str | None, policyholder: str | None, buyer: str | None, limit: int,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """List claims."""
    with home_of(home):
        from tradeloop.claims.lifecycle import State  # noqa: PLC0415 - Django is set up now
        from tradeloop.claims.queries import listed  # noqa: PLC0415 - the same

        if state is not None and state not in set(State):
            raise fail(f"No claim is ever {state!r}. Choose one of: {', '.join(State)}.")
        found = listed(state=state, policyholder=policyholder, buyer=buyer, limit=limit)
        says.listing(found, as_json=as_json)


def evidence(
    claim: str, paper: Path, *, kind: str, by: str, trade: str | None, dated: datetime | None,
    fields: Sequence[str], id: UUID | None, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Bring a paper."""
    body = read(paper)
    stated = dict(
        pair(word, "buyer=…, currency=USD or amount=1234.50", KEY_FIELDS) for word in fields
    )
    with home_of(home):
        from tradeloop.claims import actions, queries  # noqa: PLC0415 - Django is set up now

        number = id or uuid4()
        if "amount" in stated:  # what nobody can read is told to whoever wrote it
            minor(stated["amount"], stated.get("currency") or queries.case(claim).currency)
        left = actions.add_evidence(
            id=number, claim=claim, kind=kind, name=paper.name, body=body, by=by, at=now(),
            trade=trade, dated=dated.date() if dated else None, says=stated,
        )  # fmt: skip
        _tell_missing(claim, str(number), left, as_json=as_json)


def supplement(claim: str, *, answered_by: str | None, home: Path | None, as_json: bool) -> None:
    """Show the request for papers, or say that it is answered."""
    with home_of(home):
        from tradeloop.claims import actions, queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.claims.checklist import checklist, missing  # noqa: PLC0415 - the same

        if answered_by:
            state = actions.answer(claim=claim, by=answered_by, at=now())
            says.state(claim, state, as_json=as_json)
            return
        case = queries.case(claim)
        _tell_missing(claim, None, missing(checklist(case)), as_json=as_json)


def calculate(claim: str, *, on: datetime | None, home: Path | None, as_json: bool) -> None:
    """Work a claim out, and keep nothing."""
    with home_of(home):
        from tradeloop.claims import queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.claims.story import as_of  # noqa: PLC0415 - the same
        from tradeloop.kit.terms import plain  # noqa: PLC0415 - the same

        case = queries.case(claim)
        if case.loss_on is None:
            raise fail(f"Claim {claim} was not filed yet: nothing is claimed. Say `claims file`.")
        made = as_of(case, on=day_of(on))
        says.calculation(claim, plain(made.indemnity.explained.lines), as_json=as_json)


def verb(
    name: str,
    claim: str,
    *,
    home: Path | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - as the verb takes it
) -> None:
    """Do one of the verbs that answer with the claim's state."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        says.state(claim, getattr(actions, name)(claim=claim, at=now(), **given), as_json=as_json)


def enrol(person: str, *, party: str, by: str, home: Path | None) -> None:
    """Give a person a second factor."""
    with home_of(home) as found:
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        address = actions.enrol(
            person=person, party=party, secret=secrets.token_bytes(20), key=people_key(found),
            nonce=secrets.token_bytes(12), by=by, at=now(),
        )  # fmt: skip
    typer.echo(address)


def forget(person: str, *, by: str, because: str, home: Path | None) -> None:
    """Take a person's second factor away."""
    with home_of(home):
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        actions.forget(person=person, by=by, because=because, at=now())
    typer.echo(f"The second factor of {person} is forgotten. Enrol anew: `claims enrol`.")


def sign(
    claim: str, *, person: str, file: Path, code: str | None, copy: UUID | None,
    checked_by: str | None, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Sign with a code, or take a copy in ink."""
    digest = sha256(read(file)).hexdigest()
    if (code is None) == (copy is None) or (copy is None) != (checked_by is None):
        raise fail("Sign with --code, or with --copy and --checked-by.")
    with home_of(home) as found:
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        if copy is not None and checked_by is not None:
            state = actions.sign_in_ink(
                claim=claim, person=person, copy=copy, digest=digest, checked_by=checked_by,
                at=now(),
            )  # fmt: skip
        else:
            state = actions.sign(
                claim=claim, person=person, code=code or "", digest=digest, key=people_key(found),
                at=now(),
            )  # fmt: skip
        says.state(claim, state, as_json=as_json)


def _tell_missing(claim: str, id: str | None, left: Sequence[Any], *, as_json: bool) -> None:
    from tradeloop.kit.terms import plain  # noqa: PLC0415 - Django is set up now

    says.missing(claim, id, plain(left), as_json=as_json)
