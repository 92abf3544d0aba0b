"""What the commands of `tradeloop cover` do: words become calls of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import typer

from tradeloop.bulk.disk import DiskFull
from tradeloop.claims.terms import ClaimTerms
from tradeloop.cli import exits
from tradeloop.cli.cover import says
from tradeloop.cli.register import judged_papers, of_edition, source_of, tell_unsure
from tradeloop.cli.registry.opened import registry
from tradeloop.cli.registry.says import minor
from tradeloop.cli.screen import broken, fail, watching
from tradeloop.cover.terms import CoverTerms, PremiumTerms
from tradeloop.kit.money import Money
from tradeloop.kit.terms import NoTermsYet, in_force
from tradeloop.schemes.load import SchemeUnknown, find, versions
from tradeloop.schemes.read import SchemeFileInvalid
from tradeloop.store.home import Home
from tradeloop.trades.actions import NothingRead
from tradeloop.trades.queries import TradeUnknown

PURPOSE = "insurance"


@contextmanager
def told() -> Iterator[None]:
    """Turn what the world did wrong into one sentence."""
    try:
        yield
    except (
        SchemeUnknown, SchemeFileInvalid, NoTermsYet, NothingRead, TradeUnknown
    ) as error:  # fmt: skip
        raise fail(str(error)) from None
    except (DiskFull, OSError) as error:
        raise broken(error) from None


@contextmanager
def covering(home: Path | None) -> Iterator[Home]:
    """Open the installation for cover."""
    with told(), registry(home) as found:
        from tradeloop.cover.actions import BuyerUnknown, LimitUnfit  # noqa: PLC0415 - Django is set up now
        from tradeloop.cover.policies import PolicyUnfit, PolicyUnknown  # noqa: PLC0415 - the same
        from tradeloop.cover.pool import PoolUnfit  # noqa: PLC0415 - the same
        from tradeloop.kit.lifecycle import MoveNotAllowed  # noqa: PLC0415 - the same
        from tradeloop.registry.editions import Overtaken  # noqa: PLC0415 - the same

        try:
            yield found
        except (
            BuyerUnknown,
            LimitUnfit,
            PolicyUnfit,
            PolicyUnknown,
            PoolUnfit,
            MoveNotAllowed,
            Overtaken,
        ) as error:
            raise fail(str(error)) from None


def run(
    paths: Sequence[Path], *, lake: Path | None, chosen: Sequence[str], scheme: str, on: date,
    rates: str | None, policies_begin: bool, home: Path | None, as_json: bool,
    now: Callable[[], datetime],
) -> None:  # fmt: skip
    """Judge papers, register what is proven, and offer it all."""
    if bool(paths) == bool(lake):
        raise fail("Name files or folders of papers, or a lake with --lake: one of both.")
    with covering(home) as found:
        from tradeloop.cover.zero_visit import Covering, cover  # noqa: PLC0415 - Django is set up now
        from tradeloop.registry.fingerprints import key_of  # noqa: PLC0415 - the same
        from tradeloop.registry.register import Registering, register  # noqa: PLC0415 - the same
        from tradeloop.trades.offers import offered_trades  # noqa: PLC0415 - the same
        from tradeloop.trades.registration import judged_trades  # noqa: PLC0415 - the same

        secret = key_of(found.keys)
        source = source_of(paths, lake)
        given = Covering(
            scheme=scheme, terms=versions(find(scheme), "cover", into=CoverTerms), on=on, now=now,
            secret=secret, source=source, policies_begin=policies_begin, rates=rates,
            chosen=frozenset(chosen),
        )  # fmt: skip
        registering = Registering(
            purpose=PURPOSE, on=on, now=now, complete=lake is not None, chosen=frozenset(chosen),
            source=source, secret=secret, whole=lake is not None and not chosen,
        )  # fmt: skip
        with (
            watching() as watch,
            judged_papers(paths, lake, purpose=PURPOSE, on=on, watch=watch) as (con, edition),
        ):
            taken = register(judged_trades(con), of_edition(registering, edition))
            result = cover(offered_trades(con), given)
    tell_unsure(taken)
    says.tell_run(result, as_json=as_json, chosen=bool(chosen))


def list_(of: str | None, *, scheme: str, home: Path | None, as_json: bool) -> None:
    """List certificates."""
    with covering(home):
        from tradeloop.cover.queries import certificates  # noqa: PLC0415 - Django is set up now

        found = certificates(find(scheme).code, of=of)
    says.tell_certificates(found, as_json=as_json)


def show(trade: str, *, scheme: str, home: Path | None, as_json: bool) -> None:
    """Show all answers on a trade, and its certificate."""
    if "/" not in trade:
        raise fail(f"{trade!r} is no trade. Write FIRM/NUMBER, as `cover list` shows it.")
    with covering(home):
        from tradeloop.cover.queries import (  # noqa: PLC0415 - Django is set up now
            certificates,
            decisions,
            grants,
        )
        from tradeloop.cover.replay import late_accepted  # noqa: PLC0415 - the same

        said = list(decisions(find(scheme).code, trade=trade))
        issued = next(iter(certificates(scheme, of=trade)), None)
        granted = grants(issued.number) if issued else ()
        late = late_accepted(said, versions(find(scheme), "cover", into=CoverTerms))
    if not said:
        raise fail(
            f"{trade} was never offered under {scheme}. Bring its papers: tradeloop cover run."
        )
    says.tell_trade(said, issued, granted, late, as_json=as_json)


def limit(
    buyer: str, amount: str, *, because: str, id: str, told: date, from_date: date | None,
    policyholder: str | None, at_once: bool, scheme: str, home: Path | None, now: datetime,
) -> None:  # fmt: skip
    """Set a buyer's limit."""
    with covering(home):
        from tradeloop.cover import actions  # noqa: PLC0415 - Django is set up now

        terms = in_force(versions(find(scheme), "cover", into=CoverTerms), told)
        currency = terms.buyer_limit.currency
        money = Money(minor(amount, currency), currency)
        new = actions.set_limit(
            id=id, scheme=scheme, buyer=buyer, amount=money, told_on=told, because=because, at=now,
            from_date=from_date, policyholder=policyholder, at_once=at_once,
        )  # fmt: skip
    days = "" if at_once else f" A cut counts {terms.limit_notice_days} days after it is told."
    typer.echo(f"{buyer} has a limit of {money}, {'told now' if new else 'told before'}.{days}")


def pool(
    scheme: str, year: int, amount: str, *, home: Path | None, as_json: bool, now: datetime
) -> None:
    """Open or amend a pool."""
    with covering(home):
        from tradeloop.claims.pools import open_pool  # noqa: PLC0415 - Django is set up now

        terms = versions(find(scheme), "cover", into=CoverTerms)
        like = in_force(terms, date(year, 12, 31)).buyer_limit
        given = Money(minor(amount, like.currency), like.currency)
        taken = open_pool(scheme=scheme, year=year, amount=given, like=like, at=now)
    says.tell_pool(taken, given, as_json=as_json)


def room(
    buyers: Sequence[str], *, scheme: str, home: Path | None, as_json: bool, now: datetime
) -> None:
    """Cover what payments made room for."""
    with covering(home):
        from tradeloop.cover import actions, queries  # noqa: PLC0415 - Django is set up now

        terms = versions(find(scheme), "cover", into=CoverTerms)
        gained = actions.give_room(
            scheme=scheme, buyers=buyers or queries.buyers_of(scheme), terms=terms, at=now
        )
    says.tell_room(gained, as_json=as_json)


def bill(*, on: date, scheme: str, home: Path | None, as_json: bool, now: datetime) -> None:
    """Bill premium."""
    with covering(home):
        from tradeloop.cover import billing  # noqa: PLC0415 - Django is set up now

        terms = versions(find(scheme), "premium", into=PremiumTerms)
        cover = versions(find(scheme), "cover", into=CoverTerms)
        bills = billing.bill(scheme=scheme, terms=terms, cover=cover, on=on, at=now)
    says.tell_bills(bills, as_json=as_json)


def score(of: str, *, on: date, home: Path | None, as_json: bool) -> None:
    """Score a seller or a buyer."""
    with covering(home):
        from tradeloop.cover.scoring import scored  # noqa: PLC0415 - Django is set up now

        found = scored(of, on=on)
    says.tell_score(of, found, as_json=as_json)


def overdue(*, on: date, scheme: str, home: Path | None, as_json: bool) -> None:
    """List insured debts past their day."""
    with covering(home):
        from tradeloop.claims.queries import claims_of  # noqa: PLC0415 - Django is set up now
        from tradeloop.cover.watch import overdue_insured  # noqa: PLC0415 - the same

        terms = versions(find(scheme), "claims", into=ClaimTerms)
        found = overdue_insured(
            scheme, on=on, notice_days=lambda day: in_force(terms, day).notice_days
        )
        claims = claims_of([one.trade for one in found])
    says.tell_overdue(found, claims, as_json=as_json)


def exposure(*, on: date, scheme: str, home: Path | None, as_json: bool) -> None:
    """Show what is covered and unpaid."""
    with covering(home):
        from tradeloop.cover.exposure import exposure as exposed  # noqa: PLC0415 - as above
        from tradeloop.parties.known import buyers  # noqa: PLC0415 - the same

        found = exposed(scheme, terms=versions(find(scheme), "cover", into=CoverTerms), on=on)
        known = {one.key: one.aliases[0].name for one in buyers([row.buyer for row in found])}
    says.tell_exposure(found, known, as_json=as_json)


def replay(*, scheme: str, home: Path | None, as_json: bool) -> None:
    """Replay every decision."""
    with covering(home):
        from tradeloop.cover.replay import replay as again  # noqa: PLC0415 - Django is set up now

        outcomes = list(again(scheme, versions(find(scheme), "cover", into=CoverTerms)))
    differ = [one for one in outcomes if one is not None]
    says.tell_replay(len(outcomes), differ, as_json=as_json)
    if differ:
        raise typer.Exit(exits.WRONG)


def policy_begin(
    policyholder: str, *, from_date: date, to_date: date | None, estimated: str | None,
    scheme: str, home: Path | None, now: datetime,
) -> None:  # fmt: skip
    """Begin one policy."""
    with covering(home):
        from tradeloop.cover.policies import Begin, begin  # noqa: PLC0415 - Django is set up now

        terms = versions(find(scheme), "cover", into=CoverTerms)
        currency = in_force(terms, from_date).buyer_limit.currency
        wanted = Begin(
            policyholder=policyholder, from_date=from_date, to_date=to_date,
            estimated=None if estimated is None else Money(minor(estimated, currency), currency),
        )  # fmt: skip
        (begun,) = begin(scheme=scheme, wanted=[wanted], terms=terms, at=now)
    typer.echo(f"Policy {begun.id} insures from {begun.insured_from} to {begun.insured_to}.")


def policy_list(policyholder: str | None, *, scheme: str, home: Path | None, as_json: bool) -> None:
    """List policies."""
    with covering(home):
        from tradeloop.cover.registers import policies_of  # noqa: PLC0415 - Django is set up now

        found = policies_of(find(scheme).code, None if policyholder is None else {policyholder})
    says.tell_policies([one for some in found.values() for one in some], as_json=as_json)


def policy_end(policy: str, *, because: str, on: date, home: Path | None, now: datetime) -> None:
    """End one policy."""
    with covering(home):
        from tradeloop.cover.policies import end  # noqa: PLC0415 - Django is set up now

        ended = end(policy=policy, ends_on=on, because=because, at=now)
    typer.echo(f"Policy {ended.id} ends with {ended.insured_to}.")
