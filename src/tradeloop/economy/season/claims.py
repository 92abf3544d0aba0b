"""Simulated merchants tell of losses, claim, bring papers; simulated handlers decide."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from tradeloop.claims import actions, queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.case import Case
from tradeloop.claims.clock import deadlines_of
from tradeloop.claims.decide import NothingToPay
from tradeloop.claims.lifecycle import State
from tradeloop.claims.unfit import ClaimRefused
from tradeloop.cover.watch import OverdueInsured, overdue_insured
from tradeloop.economy.papers.dice import dice
from tradeloop.economy.season.clock import Clock
from tradeloop.economy.season.habits import Habits, happens, of_weight, within
from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.receivables.actions import begin_loss
from tradeloop.receivables.queries import owed
from tradeloop.store.database import cursor

HANDLERS = ("handler-1 (simulated)", "handler-2 (simulated)")
RULES = "desk (simulated)"
PAPERS = ("proof-of-debt", "communication", "collection", "merchant-account")
BROUGHT_AT_FIRST = 2  # by who waits to be asked
DEFAULT = "the buyer does not pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """A notice or claim that did not fit: nothing of it is in the books, only the answer here."""

    name: str
    policyholder: str
    trade: str
    on: date
    code: str
    because: str


@dataclass(slots=True, kw_only=True)
class Claims:
    """What the town's merchants and the insurer's handlers have in mind between two days."""

    scheme: str
    seed: int
    habits: Habits
    clock: Clock
    fates: dict[str, str] = field(default_factory=dict)  # by claim, once it is filed
    waits: dict[str, date] = field(default_factory=dict)  # claims to the day of filing
    stayed: dict[str, date] = field(default_factory=dict)
    not_taken: list[NotTaken] = field(default_factory=list)
    told: int = 0

    def tell(self) -> None:
        """Let merchants tell of insured debts that are past their day for some time."""
        on, late = self.clock.day, defaultdict[tuple[str, str], list[OverdueInsured]](list)
        found = overdue_insured(self.scheme, on=on, notice_days=lambda _: 0)
        claimable = _claimable([one.trade for one in found])
        for one in found:
            past = (one.extended_to or one.due_on) < on
            if past and one.trade in claimable and one.open.minor >= self._least:
                late[one.policyholder, one.buyer].append(one)
        # The key of a buyer is another in each home: debts are told in the order of their names.
        for (seller, buyer), debts in sorted(late.items(), key=lambda item: item[1][0].trade):
            if any(on >= self._told_on(one) for one in debts):
                self._notice(seller, buyer, sorted(one.trade for one in debts))

    def file(self) -> None:
        """File the claims whose waiting is over; take back those that were paid meanwhile."""
        ready = [name for name, on in self.waits.items() if on <= self.clock.day]
        for case in queries.cases(ready):
            del self.waits[case.id]
            amounts = self._open(case)
            if not amounts:
                actions.withdraw(
                    claim=case.id, because="the buyer has paid", by=person_of(case.policyholder),
                    at=self.clock.now(),
                )  # fmt: skip
                continue
            actions.claim(
                id=case.id, amounts=amounts, by=person_of(case.policyholder), at=self.clock.now(),
                begin_loss=begin_loss,
            )  # fmt: skip
            fate = self._fate(case)
            self.fates[case.id] = fate
            brought = BROUGHT_AT_FIRST if fate in {"supplement", "silent"} else len(PAPERS)
            self._bring(case.id, PAPERS[:brought], fate)
            if fate == "disputed":
                self._stay(case.id)

    def go_on(self) -> None:
        """Let handlers and merchants do what each filed claim waits for, one thing a day."""
        for name, state in standing(State.SUPPLEMENT_ASKED, State.HELD, State.STAYED):
            if state is State.SUPPLEMENT_ASKED:
                self._answer(name)
            elif state is State.HELD:
                self._look_into(name)
            elif self.stayed[name] <= self.clock.day:
                self._judged(name)
        actions.assess(at=self.clock.now(), by=RULES)
        for name, _ in standing(State.CALCULATED):
            self._approve(name)

    def try_what_is_refused(self, uncovered: str | None) -> None:
        """Let merchants try, once each, what the books refuse: too early, uncovered, twice."""
        tried = {one.code for one in self.not_taken}
        if uncovered and "shipment-uncovered" not in tried:
            self._tried("shipment-uncovered", uncovered)
        early = next((name for name, on in self.waits.items() if on > self.clock.day), None)
        if early and "claim-too-early" not in tried:
            case = queries.case(early)
            self._tried("already-claimed", case.trades[0])
            try:
                actions.claim(
                    id=early, amounts=self._open(case), by=person_of(case.policyholder),
                    at=self.clock.now(), begin_loss=begin_loss,
                )  # fmt: skip
            except ClaimRefused as error:
                self._not_taken("claim-too-early", case.trades[0], str(error))

    @property
    def _least(self) -> int:
        least: int = self.habits.claims["least_minor"]
        return least

    def _told_on(self, one: OverdueInsured) -> date:
        r, told = dice(self.seed, "tells", one.trade), self.habits.claims
        is_late = happens(r, told["told_late_percent"])
        days = within(r, told["told_late_after_days" if is_late else "told_after_days"])
        return (one.extended_to or one.due_on) + timedelta(days=days)

    def _notice(self, seller: str, buyer: str, trades: Sequence[str]) -> None:
        self.told += 1
        name = f"S{self.seed}-{self.told:05}"
        actions.notice(
            id=name, scheme=self.scheme, policyholder=seller, buyer=buyer, trades=trades,
            known_on=self.clock.day, because=DEFAULT, by=person_of(seller), at=self.clock.now(),
        )  # fmt: skip
        case = queries.case(name)
        terms = terms_of(self.scheme, case.terms_on).claims
        over = deadlines_of(case, terms=terms, on=self.clock.day).deadlines.waiting_over
        assert over is not None  # noqa: S101 - the notice is complete, so the waiting has an end
        self.waits[name] = over.on

    def _open(self, case: Case) -> Mapping[str, Money]:
        covered = {line.trade for line in case.lines if line.certificate}
        debts = owed(on=self.clock.day, trades=case.trades)
        return {
            one.trade: one.open
            for one in debts
            if one.trade in covered and one.open.minor >= self._least
        }

    def _fate(self, case: Case) -> str:
        first: Sequence[str] = self.habits.claims["first"]
        if len(self.fates) < len(first):
            return first[len(self.fates)]
        return of_weight(dice(self.seed, "claims", *case.trades), self.habits.claims["fates"])

    def _bring(self, name: str, kinds: Sequence[str], fate: str) -> None:
        case = queries.case(name)
        claimed = case.claimed
        assert claimed is not None  # noqa: S101 - papers are brought to what was filed
        digits = MINOR_DIGITS[claimed.currency]
        says = {
            "buyer": case.buyer, "currency": claimed.currency,
            "amount": f"{claimed.minor // 10**digits}.{claimed.minor % 10**digits:0{digits}}",
        }  # fmt: skip
        for kind in kinds:
            more = {"paid_by": "cash"} if (fate, kind) == ("cash", "communication") else {}
            body = f"Synthetic {kind} of claim {name}: the buyer owes {claimed}.\n"
            actions.add_evidence(
                id=uuid5(NAMESPACE_OID, f"{name} {kind}"), claim=name, kind=kind,
                name=f"{kind}.txt", body=body.encode(), by=person_of(case.policyholder),
                at=self.clock.now(), says={**says, **more},
            )  # fmt: skip

    def _answer(self, name: str) -> None:
        if self.fates[name] != "silent":
            self._bring(name, PAPERS[BROUGHT_AT_FIRST:], self.fates[name])
            return
        case = queries.case(name)
        terms = terms_of(self.scheme, case.terms_on).claims
        last = deadlines_of(case, terms=terms, on=self.clock.day).deadlines.supplement_by
        if last is not None and last.on < self.clock.day:
            self._refuse(name, "silent")

    def _look_into(self, name: str) -> None:
        if self.fates[name] == "cash":
            self._refuse(name, "cash")
            return
        for signal in queries.case(name).signals:
            if signal.is_open and signal.id is not None:
                actions.clear_signal(
                    claim=name, signal=signal.id, why="looked at: these are other goods",
                    by=HANDLERS[1], at=self.clock.now(),
                )  # fmt: skip

    def _stay(self, name: str) -> None:
        actions.stay(
            claim=name, because="the buyer says that the goods were not as agreed", by=HANDLERS[0],
            at=self.clock.now(),
        )  # fmt: skip
        self.stayed[name] = self.clock.day + timedelta(days=self.habits.claims["court_days"])

    def _judged(self, name: str) -> None:
        if happens(dice(self.seed, "court", name), self.habits.claims["lost_percent"]):
            self._refuse(name, "disputed")
            return
        actions.resume(
            claim=name, because="a court found that the debt is owed", by=HANDLERS[0],
            at=self.clock.now(),
        )  # fmt: skip

    def _approve(self, name: str) -> None:
        for person in HANDLERS:
            decision = queries.case(name).decision or 0
            try:
                done = actions.approve(
                    claim=name, decision=decision, by=person, at=self.clock.now()
                )
            except NothingToPay:
                self._refuse(name, "nothing")
                return
            if done.is_new:  # something changed meanwhile: both look at the new figure
                return

    def _refuse(self, name: str, why: str) -> None:
        actions.refuse(claim=name, by=HANDLERS[0], at=self.clock.now(), **self.habits.refusals[why])

    def _tried(self, code: str, trade: str) -> None:
        (debt,) = owed(on=self.clock.day, trades=[trade])
        try:
            actions.notice(
                id=f"S{self.seed}-{code}", scheme=self.scheme, policyholder=debt.seller,
                buyer=debt.buyer, trades=[trade], known_on=self.clock.day, because=DEFAULT,
                by=person_of(debt.seller), at=self.clock.now(),
            )  # fmt: skip
        except ClaimRefused as error:
            self._not_taken(code, trade, str(error))

    def _not_taken(self, code: str, trade: str, because: str) -> None:
        self.not_taken.append(
            NotTaken(
                name=f"S{self.seed}-{code}", policyholder=trade.partition("/")[0], trade=trade,
                on=self.clock.day, code=code, because=because,
            )
        )  # fmt: skip


def person_of(seller: str) -> str:
    """Return who signs for a merchant."""
    return f"merchant {seller}"


def secret_of(seed: int, seller: str) -> bytes:
    """Return the secret of a simulated merchant's telephone: nobody's, and the same each time."""
    return hashlib.sha256(f"season {seed} {seller}".encode()).digest()[:20]


def standing(*states: State) -> list[tuple[str, State]]:
    """Return the claims in some states, in the order in which they were told."""
    with cursor() as cur:
        cur.execute(
            'select id, state from claims_claim where state = any(%s) order by id collate "C"',
            ([one.value for one in states],),
        )
        return [(name, State(state)) for name, state in cur.fetchall()]


def _claimable(trades: Sequence[str]) -> set[str]:
    """Return the trades of which something is covered, and that are in no claim."""
    with cursor() as cur:
        cur.execute(
            "select r.trade from receivables_receivable as r "
            "join cover_certificate as c on c.receivable_id = r.id and c.covered_minor > 0 "
            "where r.trade = any(%s) and not exists "
            "(select from claims_line as l where l.trade = r.trade and l.is_live)",
            (list(trades),),
        )
        return {trade for (trade,) in cur.fetchall()}
