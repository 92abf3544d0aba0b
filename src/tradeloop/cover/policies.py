"""The life of a policy: it begins, by itself for who is on file, runs, and may end early."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from tradeloop.cover.facts import Policy
from tradeloop.cover.lifecycle import POLICY, PolicyEvent, PolicyState
from tradeloop.cover.limits import maximum_liability
from tradeloop.cover.registers import FILED, listings, policies_of
from tradeloop.cover.terms import CoverTerms
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import add_months
from tradeloop.kit.money import Money
from tradeloop.kit.terms import in_force
from tradeloop.ledger.facts import MINOR_MAX
from tradeloop.parties import queries as standing
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Value
from tradeloop.store.database import cursor
from tradeloop.trades.offers import OfferedTrade

LIABILITY = "liability"
LATEST = date(9000, 1, 1)


class PolicyUnfit(ValueError):
    """A policy cannot be as it was asked for; nothing was written."""


class PolicyUnknown(LookupError):
    """There is no policy with that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A policy to begin; without a last day it runs for the period of the scheme."""

    policyholder: str
    from_date: date
    to_date: date | None = None
    estimated: Money | None = None  # turnover expected in the period


@transaction.atomic
def begin(
    *, scheme: str, wanted: Sequence[Begin], terms: Sequence[CoverTerms], at: datetime
) -> tuple[Policy, ...]:
    """Begin policies; one that began before with the same days is given back as it is.

    Raises:
        PolicyUnfit: A period ends before it begins, or overlaps another of the same policyholder;
            nobody is named, a day cannot be, or the turnover cannot be kept.
        NoTermsYet: A first day lies before the scheme's terms.
    """
    for one in wanted:
        _check(one)
    known = policies_of(scheme, {one.policyholder for one in wanted})
    beside: dict[str, list[Policy]] = {holder: list(some) for holder, some in known.items()}
    new: list[tuple[Policy, Begin, CoverTerms]] = []
    answers: list[Policy] = []
    for one in wanted:
        counts = in_force(terms, one.from_date)
        last = one.to_date or add_months(one.from_date, counts.period_months) - timedelta(days=1)
        policy = Policy(
            id=f"{scheme}/{one.policyholder}/{one.from_date}", scheme=scheme,
            policyholder=one.policyholder, insured_from=one.from_date, insured_to=last,
            period_to=last, state=PolicyState.IN_FORCE, currency=counts.buyer_limit.currency,
        )  # fmt: skip
        mine = beside.setdefault(one.policyholder, [])
        same = _fits(policy, mine)
        answers.append(same or policy)
        if same is None:
            mine.append(policy)
            new.append((policy, one, counts))
    if new:
        _write(new, at)
    return tuple(answers)


def begin_by_themselves(
    trades: Sequence[OfferedTrade], *, scheme: str, terms: Sequence[CoverTerms], at: datetime
) -> None:
    """Begin a policy for each merchant of these trades that is on file and has none for its day.

    Without a list of those on file, the record of a trade on the platform says that its merchant
    is. A policy begins with the earliest shipment that has none, and ends before the next one; not
    after one that a person ended, for then a person begins the next.
    """
    sellers = {one.seller for one in trades if one.shipped_on and one.recorded_at}
    if not _lacking(trades, sellers, policies_of(scheme, sellers), terms):
        return
    with cursor() as cur:  # two who offer the same merchant's trades begin one policy
        cur.execute("select pg_advisory_xact_lock(hashtext(%s), 0)", (f"cover policy {scheme}",))
    if standing.list_versions(FILED):
        sellers &= {one.policyholder for one in listings(FILED, sellers)}
    held = policies_of(scheme, sellers)
    wanted = _lacking(trades, sellers, held, terms)
    begin(scheme=scheme, wanted=wanted, terms=terms, at=at)


def _lacking(
    trades: Sequence[OfferedTrade], sellers: Collection[str],
    known: Mapping[str, Sequence[Policy]], terms: Sequence[CoverTerms],
) -> list[Begin]:  # fmt: skip
    """Return the policies that shipments of these sellers lack."""
    held = {seller: list(some) for seller, some in known.items()}
    wanted: list[Begin] = []
    days = sorted({
        (one.seller, one.shipped_on) for one in trades if one.seller in sellers and one.shipped_on
    })  # fmt: skip
    for seller, on in days:
        if on < terms[0].from_date:
            continue
        mine = held.setdefault(seller, [])
        if any(one.insured_from <= on <= one.insured_to for one in mine):
            continue
        earlier = [one for one in mine if one.insured_from <= on]
        latest = max(earlier, key=lambda one: one.insured_from, default=None)
        if latest is not None and latest.state == PolicyState.CANCELLED:
            continue  # a person ended it; a person begins the next
        last = add_months(on, in_force(terms, on).period_months) - timedelta(days=1)
        later = [one.insured_from for one in mine if one.insured_from > on]
        to_date = min([last, *(day - timedelta(days=1) for day in later)])
        wanted.append(Begin(policyholder=seller, from_date=on, to_date=to_date))
        mine.append(Policy(
            id="", scheme="", policyholder=seller, insured_from=on, insured_to=to_date,
            period_to=to_date, state=PolicyState.IN_FORCE, currency="",
        ))  # fmt: skip
    return wanted


@transaction.atomic
def end(*, policy: str, ends_on: date, because: str, at: datetime) -> Policy:
    """End a policy early: `ends_on` is its last day. What was shipped by then keeps its cover.

    Raises:
        PolicyUnknown: There is no such policy.
        PolicyUnfit: It does not run on that day, or nobody says why it ends.
        MoveNotAllowed: It has ended already.
    """
    if not because.strip():
        raise PolicyUnfit("Say why the policy ends: its holder will ask.")
    with cursor() as cur:
        cur.execute(
            "select id, scheme, policyholder, insured_from, insured_to, "
            "coalesce(period_to, insured_to), state, currency "
            "from cover_policy where id = %s for update",
            (policy,),
        )
        row = cur.fetchone()
        if row is None:
            raise PolicyUnknown(f"There is no policy {policy}. See tradeloop cover policy list.")
        found = Policy(**dict(zip(Policy.__slots__, row, strict=True)))
        state = POLICY.after(PolicyState(found.state), PolicyEvent.CANCEL)
        if not found.insured_from <= ends_on <= found.insured_to:
            raise PolicyUnfit(
                f"{policy} runs from {found.insured_from} to {found.insured_to}; it cannot end on "
                f"{ends_on}. Name a day within."
            )
        record(kind="cover.policy-ended", at=at, fact={
            "because": because, "ends_on": str(ends_on), "policy": policy,
        })  # fmt: skip
        cur.execute(
            "update cover_policy set state = %s, period_to = insured_to, insured_to = %s "
            "where id = %s",
            (state, ends_on, policy),
        )
    return replace(found, insured_to=ends_on, state=state)


def liability_paper(policy: str) -> str:
    """Return the name under which the registry knows the most that a policy pays in its period."""
    scheme, _, rest = policy.partition("/")
    return f"policy:{scheme}:{rest or policy}"


def _check(one: Begin) -> None:
    if not one.policyholder.strip():
        raise PolicyUnfit("A policy names its policyholder. Give the firm of its trades.")
    if wrong := [day for day in (one.from_date, one.to_date) if day is not None and day >= LATEST]:
        raise PolicyUnfit(f"A policy cannot have {wrong[0]} as a day. Give one of this century.")
    if one.estimated is not None and not 0 <= one.estimated.minor <= MINOR_MAX:
        raise PolicyUnfit(
            f"A turnover of {one.estimated} cannot be expected. Give what is, zero or more."
        )


def _fits(policy: Policy, others: Sequence[Policy]) -> Policy | None:
    """Return the same policy if it is there; refuse one that overlaps another of its holder."""
    if policy.insured_to < policy.insured_from:
        raise PolicyUnfit(
            f"The policy of {policy.policyholder} would end on {policy.insured_to}, before it "
            f"begins on {policy.insured_from}. Give its first and its last day."
        )
    for one in others:
        if (one.insured_from, one.insured_to) == (policy.insured_from, policy.insured_to):
            return one
        if one.insured_from <= policy.insured_to and policy.insured_from <= one.insured_to:
            raise PolicyUnfit(
                f"{policy.policyholder} has a policy from {one.insured_from} to {one.insured_to}; "
                f"another from {policy.insured_from} to {policy.insured_to} would overlap it. "
                "Name days that do not."
            )
    return None


def _write(new: Sequence[tuple[Policy, Begin, CoverTerms]], at: datetime) -> None:
    made = record(kind="cover.policies-begun", at=at, fact={
        "lines": [
            {"from": str(one.insured_from), "policy": one.id, "scheme": one.scheme,
             "to": str(one.insured_to)}
            for one, _, _ in new
        ],
    }).entry_id  # fmt: skip
    with cursor() as cur:
        cur.executemany(
            "insert into cover_policy (id, scheme, policyholder, insured_from, insured_to, state, "
            "currency, estimated_minor, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (one.id, one.scheme, one.policyholder, one.insured_from, one.insured_to, one.state,
                 one.currency, asked.estimated.minor if asked.estimated else None, made)
                for one, asked, _ in new
            ],
        )  # fmt: skip
        # One begun later for an earlier day moves no period: certificates were given in them.
        cur.execute(
            "insert into cover_firstday (scheme, day) values (%s, %s) on conflict do nothing",
            (new[0][0].scheme, min(one.insured_from for one, _, _ in new)),
        )
    # Nothing was billed yet: a multiple of the premium grows with the bills.
    bound(
        [(one, maximum_liability(Money(0, one.currency), terms=terms)) for one, _, terms in new],
        at=at,
    )


def bound(policies: Sequence[tuple[Policy, Money | None]], *, at: datetime) -> None:
    """Let policies pay no more than so much in their periods; None leaves one without a bound."""
    values = [
        Value(
            paper=liability_paper(one.id), unit=most.currency, purpose=LIABILITY,
            amount_minor=most.minor,
        )
        for one, most in policies
        if most is not None
    ]  # fmt: skip
    if values:
        registry.take_in(values=values, now=at, because="the most that a policy pays in its period")
