"""The figures of many claims at once: what is insured of each, and what others took before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tradeloop.claims import debts
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.calculation import Calculated, Given, Terms, calculate
from tradeloop.claims.case import Case, Insured
from tradeloop.claims.clock import deadlines_of
from tradeloop.claims.rows import named
from tradeloop.cover.policies import liability_paper
from tradeloop.cover.pool import pool_paper, pool_year
from tradeloop.cover.terms import CapPer, CapUse, WhiteList
from tradeloop.kit.money import Money
from tradeloop.parties import queries as parties

POLICIES = """
select distinct on (l.claim_id) l.claim_id, p.id, p.scheme, p.insured_from, p.insured_to
from claims_line as l
join cover_certificate as c on c.number = l.certificate
join cover_policy as p on p.id = c.policy_id
where l.claim_id = any(%s) order by l.claim_id, c.shipped_on
"""
LIABILITY = """
select p.key, c.unit,
    b.amount_minor - b.held_minor - b.committed_minor - b.spent_minor as free_minor
from registry_paper as p
join registry_capacity as c on c.id = p.capacity_id
join registry_book as b on b.capacity_id = p.capacity_id and b.purpose = 'liability'
where p.key = any(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one claim took: of the buyer's limit, of the policyholder's first loss."""

    claim: str
    policyholder: str
    shipped_on: date  # the earliest of its covered shipments: it is of the period of that day
    loss_on: date
    amount: Money
    first_loss: Money
    is_white_listed: bool  # of the white list's own limit, not of everybody's
    place: int | None = None  # in the order of fixing; None: after all that are kept


@dataclass(slots=True, kw_only=True)
class Figures:
    """What claims rest on, read together; `took` is added to as claims are fixed in turn."""

    terms: Mapping[str, Terms]
    insured: Mapping[str, tuple[Insured, ...]]
    failed: Mapping[str, str]  # why a claim cannot be worked out
    counted: Mapping[tuple[str, str], tuple[str, ...]]
    policies: Mapping[str, Mapping[str, Any]]
    liability: Mapping[str, Money]
    pools: dict[str, Money]  # what is left of each pool, by its paper; taken from as claims are
    pools_fixed: Mapping[str, Money | None]  # of claims that took of one: how it bounded them
    taken: dict[tuple[str, str], list[Taken]]  # by scheme and buyer
    eldest: Mapping[str, str]  # of each buyer's key the one that stands for all
    on: date

    def of(self, case: Case) -> Calculated:
        """Return what is paid for one claim as things stand.

        Raises:
            FigureImpossible: None of its trades is covered, or a rate is missing.
        """
        if case.id in self.failed:
            raise debts.FigureImpossible(f"Claim {case.id}: {self.failed[case.id]}")
        insured = self.insured[case.id]
        terms = self.terms[case.id]
        # What was covered keeps its cover, so an earlier, higher limit is not cut by a later one.
        limit = max(one.limit for one in insured)
        nothing = Money(0, limit.currency)
        # Of a claim either all shipments are under the white list's own limit, or none is.
        is_own = terms.cover.white_list is WhiteList.OWN_LIMIT and all(
            one.is_white_listed for one in insured
        )
        others = self._others(case, terms, is_own=is_own)
        first = terms.claims.first_loss
        given = Given(
            claim=case.id, scheme=case.scheme, terms_on=case.terms_on,
            worked_on=self.on, insured=insured,
            limit=limit, is_own_limit=is_own, used=sum((one.amount for one in others), nothing),
            first_loss_left=None if first is None else self._first_loss_left(case, first),
            liability_left=self.liability.get(case.id), pool_left=None,
            notice_late_days=deadlines_of(
                case, terms=terms.claims, on=self.on
            ).deadlines.notice_late_days,
            counted=self.counted.get(case.pair, ()),
        )  # fmt: skip
        made = calculate(given, terms)
        left = self._pool_left(case)
        if left is None or made.pay <= left:
            return made
        return calculate(replace(given, pool_left=left), terms)

    def take(self, case: Case, made: Calculated) -> Taken:
        """Let a figure count for all that are worked out after it."""
        taken = taken_by(case, made)
        self.taken[case.scheme, self.eldest[case.buyer]].append(taken)
        if (pool := pool_of(case)) in self.pools:
            self.pools[pool] -= made.pay
        return taken

    def _pool_left(self, case: Case) -> Money | None:
        """Return what is left of the pool for this claim; of one that took of it, what was."""
        if case.id in self.pools_fixed:
            return self.pools_fixed[case.id]
        return self.pools.get(pool_of(case))

    def _others(self, case: Case, terms: Terms, *, is_own: bool) -> list[Taken]:
        found = self._before(case, self.taken[case.scheme, self.eldest[case.buyer]])
        found = [one for one in found if one.is_white_listed == is_own]
        if terms.cover.cap_per is CapPer.POLICYHOLDER_AND_BUYER:
            found = [one for one in found if one.policyholder == case.policyholder]
        return self._in_period(case, found) if terms.cover.cap_use is CapUse.PER_PERIOD else found

    def _first_loss_left(self, case: Case, whole: Money) -> Money:
        nothing = Money(0, whole.currency)
        mine = [
            one for (scheme, _), taken in self.taken.items() for one in taken
            if (scheme, one.policyholder) == (case.scheme, case.policyholder)
        ]  # fmt: skip
        before = self._in_period(case, self._before(case, mine))
        return max(whole - sum((one.first_loss for one in before), nothing), nothing)

    def _in_period(self, case: Case, taken: Sequence[Taken]) -> list[Taken]:
        """Return what was taken in the period of the claim's policy."""
        policy = self.policies[case.id]
        first, last = policy["insured_from"], policy["insured_to"]
        return [one for one in taken if first <= one.shipped_on <= last]

    @staticmethod
    def _before(case: Case, taken: Sequence[Taken]) -> list[Taken]:
        """Return what others took; once this claim has its own part, only those before it."""
        own = next((one.place for one in taken if one.claim == case.id), None)
        return [
            one for one in taken
            if one.claim != case.id
            and (own is None or (one.place is not None and one.place < own))
        ]  # fmt: skip


def taken_by(case: Case, made: Calculated) -> Taken:
    """Return what a figure takes, once it is fixed."""
    left, before = made.indemnity.first_loss_left, made.given.first_loss_left
    nothing = Money(0, made.pay.currency)
    return Taken(
        claim=case.id, policyholder=case.policyholder, shipped_on=case.terms_on,
        loss_on=case.loss_on or case.noticed_on, amount=made.takes,
        is_white_listed=made.given.is_own_limit,
        first_loss=before - left if before and left else before or nothing,
    )  # fmt: skip


def figures(cases: Sequence[Case], *, on: date) -> Figures:
    """Read all that the figures of some filed claims rest on, in a handful of questions."""
    terms = {case.id: terms_of(case.scheme, case.terms_on) for case in cases}
    ids = [case.id for case in cases]
    policies = {row["claim_id"]: row for row in named(POLICIES, ids)}
    eldest = parties.canonical({case.buyer for case in cases})
    insured, failed = debts.insured(cases, terms, on=on)
    return Figures(
        terms=terms, insured=insured, failed=failed,
        counted=debts.counted(sorted({case.pair for case in cases})), policies=policies,
        liability=_liability(policies), pools=_pools(cases), pools_fixed=_pools_fixed(ids),
        taken=_taken(cases, eldest), eldest=eldest, on=on,
    )  # fmt: skip


def maximum_of(policy: Mapping[str, Any]) -> str:
    """Return the name under which the registry keeps the maximum of a policy."""
    return liability_paper(policy["id"])


def pool_of(case: Case) -> str:
    """Return the name under which the registry keeps the pool that bears a claim."""
    return pool_paper(case.scheme, pool_year(case.terms_on))


def _pools(cases: Sequence[Case]) -> dict[str, Money]:
    return {
        row["key"]: Money(max(row["free_minor"], 0), row["unit"])
        for row in named(LIABILITY, sorted({pool_of(case) for case in cases}))
    }


def _pools_fixed(claims: Sequence[str]) -> Mapping[str, Money | None]:
    rows = named(
        "select u.claim_id, d.currency, "
        "(d.given::json -> 'pool_left' ->> 'minor')::bigint as minor "
        "from claims_used as u join claims_claim as c on c.id = u.claim_id "
        "join claims_decision as d on d.id = c.decision_id "
        "where u.claim_id = any(%s)",  # no pool bounded what was fixed before there was one
        list(claims),
    )
    return {
        row["claim_id"]: None if row["minor"] is None else Money(row["minor"], row["currency"])
        for row in rows
    }


def _liability(policies: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Money]:
    """Return for each claim what is left of its policy's maximum, or was when it was fixed."""
    papers = {claim: maximum_of(policy) for claim, policy in policies.items()}
    left = {row["key"]: row for row in named(LIABILITY, sorted(set(papers.values())))}
    if not left:
        return {}
    fixed = {
        row["claim_id"]: row["minor"]
        for row in named(
            "select u.claim_id, (d.given::json -> 'liability_left' ->> 'minor')::bigint as minor "
            "from claims_used as u join claims_claim as c on c.id = u.claim_id "
            "join claims_decision as d on d.id = c.decision_id "
            "where u.claim_id = any(%s) and u.liability_hold is not null",
            list(papers),
        )
    }
    return {
        claim: Money(fixed.get(claim, max(left[paper]["free_minor"], 0)), left[paper]["unit"])
        for claim, paper in papers.items()
        if paper in left
    }


def _taken(cases: Sequence[Case], eldest: Mapping[str, str]) -> dict[tuple[str, str], list[Taken]]:
    one_with = parties.one_with({case.buyer for case in cases})
    keys = [(case.scheme, key) for case in cases for key in one_with[case.buyer]]
    stands_for = {key: eldest[buyer] for buyer, others in one_with.items() for key in others}
    found: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    rows = named(
        "select u.*, c.terms_on from claims_used as u join claims_claim as c on c.id = u.claim_id "
        "where (u.scheme, u.buyer) in (select * from unnest(%s::text[], %s::text[])) "
        "or (u.first_loss_minor > 0 and (u.scheme, u.policyholder) in "
        "(select * from unnest(%s::text[], %s::text[]))) order by u.id",
        *[[scheme for scheme, _ in keys], [key for _, key in keys]],
        *[[one.scheme for one in cases], [one.policyholder for one in cases]],
    )
    for row in rows:
        buyer = stands_for.get(row["buyer"], row["buyer"])
        found[row["scheme"], buyer].append(
            Taken(
                claim=row["claim_id"], policyholder=row["policyholder"],
                shipped_on=row["terms_on"], loss_on=row["loss_on"],
                amount=Money(row["amount_minor"], row["currency"]),
                first_loss=Money(row["first_loss_minor"], row["currency"]),
                is_white_listed=row["is_white_listed"], place=row["id"],
            )
        )  # fmt: skip
    return found
