"""How far each shipment to one buyer is covered: recomputed from dated shipments and payments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tradeloop.cover import limits
from tradeloop.cover.books import Books, Open, Scope
from tradeloop.cover.facts import (
    Certificate,
    Clearing,
    Grant,
    History,
    HistoryUnsound,
    Payment,
    Shipment,
    Standing,
)
from tradeloop.cover.sound import check
from tradeloop.cover.terms import BeforeLoss, CapUse, CoverTerms, LateArrival, Undeclared
from tradeloop.kit.money import CurrencyMismatch, Money
from tradeloop.kit.terms import digest, in_force


def certify(
    history: History, *, terms: Sequence[CoverTerms], only: Collection[str] | None = None
) -> tuple[Certificate, ...]:  # fmt: skip
    """Return the certificate of every shipment of a buyer's history, in their order.

    A shipment is judged by the terms, the limit and the white list of its own day. It is covered
    as far as the limit has room; the rest is covered once payments make room, if the limit
    revolves and no loss has happened. What was granted is never taken back: not by a cut of the
    limit, and, unless the terms say so, not by an earlier shipment that arrives later. Payments
    from the day of the loss on are recoveries, and change nothing here.

    Args:
        history: One buyer; every amount in the currency of the limit. Things of equal `arrival`
            are taken in the order of their days, shipments before payments.
        terms: All versions that any of the shipments falls under.
        only: Whose certificates to return, beside those that got more than was granted before;
            None for all. Whatever it is, the whole history is played.

    Returns:
        Amounts in minor units; room is rounded down, in favour of the limit.

    Raises:
        HistoryUnsound: An id stands twice, an amount is not above zero, a day is impossible.
        NoTermsYet: A shipment that may be covered lies before the first version.
        CurrencyMismatch: An amount is in another currency than the limit.

    Source:
        Atradius and CPIC guides: a limit bounds what is owed at any time, and revolves; a part
        above it is covered when earlier invoices are paid; delivered goods keep their cover.
    """
    check(history)
    play = _Play(history=history, versions=tuple(terms))
    waiting: list[Payment] = []
    for event in _in_order(history, terms):
        if isinstance(event, Shipment):
            opened = _open(event, play)
            play.books.add(opened)
            if waiting:
                waiting = [left for one in waiting if (left := _pay(one, play.books))]
                play.last_paid_on = date.max
            if granted := history.granted.get(event.id):
                for one in granted:
                    play.books.grant(opened, one, opened.limit)
            elif opened.is_insured:
                because = "shipped within the limit"
                _grant(opened, on=event.shipped_on, cap=opened.limit, play=play, because=because)
            if play.may_have_room(event.shipped_on):
                _fill(play, on=event.shipped_on)
        elif history.loss_on is None or event.paid_on < history.loss_on:
            if left := _pay(event, play.books):
                waiting.append(left)
            _fill(play, on=event.paid_on)
            play.last_paid_on = max(event.paid_on, play.last_paid_on or event.paid_on)
    by_id = {one.shipment.id: one for one in play.books.opened}
    digests = {one.from_date: digest(one) for one in terms}
    return tuple(
        _certificate(one, digests[one.terms.from_date])
        for one in (by_id[shipment.id] for shipment in history.shipments)
        if only is None or one.shipment.id in only or _has_more(one, history)
    )


@dataclass(slots=True, kw_only=True)
class _Play:
    """One history while it is played."""

    history: History
    versions: tuple[CoverTerms, ...]
    books: Books = field(default_factory=Books)
    last_paid_on: date | None = None  # of the payments that came so far
    looked_early: bool = False  # room was last looked for on a day before that
    _standings: dict[tuple[str, date], Standing] = field(default_factory=dict)
    _limits: dict[tuple[str, date, Money, date], Money] = field(default_factory=dict)

    def terms_of(self, shipment: Shipment) -> CoverTerms:
        """Return the terms of a shipment's day; what is in nobody's cover may be older than all."""
        on = shipment.shipped_on
        if not shipment.eligible:
            on = max(on, min(one.from_date for one in self.versions))
        return in_force(self.versions, on)

    def standing(self, policyholder: str, on: date, terms: CoverTerms) -> Standing:
        """Return what counts for a policyholder on a day; asked often, worked out once."""
        if (policyholder, on) not in self._standings:
            self._standings[policyholder, on] = limits.standing(
                policyholder, on, terms=terms,
                limits=self.history.limits, listings=self.history.listings,
            )  # fmt: skip
        return self._standings[policyholder, on]

    def may_have_room(self, on: date) -> bool:
        """Say whether a shipment of a day may find room that nobody had looked for yet.

        Room comes from payments, and is looked for when they come. A shipment that was made before
        a payment that is known already may still find some; so may others after a decision.
        """
        paid_later = self.last_paid_on is not None and on <= self.last_paid_on
        looked_early, self.looked_early = self.looked_early, paid_later
        return paid_later or looked_early or bool(self.history.limits)

    def limit_now(self, one: Open, on: date) -> Money:
        """Return what decisions since leave of a shipment's limit, by the terms of its own day.

        One that was cut since gives no new cover; one that was raised is for later goods.
        """
        standard, _ = limits.of_terms(one.terms, white_listed=one.standing.white_listed)
        key = (one.shipment.policyholder, on, standard, one.terms.from_date)
        if key not in self._limits:
            self._limits[key], _ = limits.decided(
                one.shipment.policyholder, on, standard=standard, terms=one.terms,
                limits=self.history.limits,
            )  # fmt: skip
        return min(one.limit, self._limits[key])


def _in_order(history: History, terms: Sequence[CoverTerms]) -> list[Shipment | Payment]:
    latest = max((one.shipped_on for one in history.shipments), default=None)
    by_day = latest is not None and (
        in_force(terms, latest).late_arrival is LateArrival.BY_SHIPMENT_DATE
    )
    events: list[Shipment | Payment] = [*history.shipments, *history.payments]

    def place(event: Shipment | Payment) -> tuple[int, date, bool, str]:
        is_payment = isinstance(event, Payment)
        on = event.paid_on if isinstance(event, Payment) else event.shipped_on
        return (0 if by_day else event.arrival, on, is_payment, event.id)

    return sorted(events, key=place)


def _open(shipment: Shipment, play: _Play) -> Open:
    terms = play.terms_of(shipment)
    found = play.standing(shipment.policyholder, shipment.shipped_on, terms)
    if shipment.amount.currency != found.limit.currency:
        raise CurrencyMismatch(
            f"Shipment {shipment.id} is of {shipment.amount}, the limit {found.limit}. "
            "Convert the shipment first, at the rate of its day."
        )
    opened = Open(
        shipment=shipment, terms=terms, standing=found,
        period=_period(shipment, play.history, terms),
    )  # fmt: skip
    if shipment.id not in play.history.granted:  # what is certified stays so
        opened.refused = _refused(shipment, play, terms)
    takes_room = not shipment.declared and terms.undeclared is Undeclared.USES_LIMIT
    opened.is_insured = not opened.refused or takes_room
    return opened


def _refused(shipment: Shipment, play: _Play, terms: CoverTerms) -> str:
    """Return why a shipment is in nobody's cover; empty if it may be."""
    loss_on = play.history.loss_on
    if not shipment.declared:
        return "not declared to the insurer"
    if not shipment.eligible:
        return "not eligible"
    if loss_on is not None and shipment.shipped_on >= loss_on:
        return f"shipped after the loss of {loss_on}"
    overdue = play.books.overdue(shipment.policyholder, shipment.shipped_on, terms)
    if overdue is not None:
        return f"shipments were stopped: {overdue} was overdue"
    return ""


def _pay(payment: Payment, books: Books) -> Payment | None:
    """Clear shipments with a payment; return what is left of it, for shipments to come."""
    owed = list(books.owing.get((payment.policyholder, payment.book), ()))
    if payment.only is not None:
        owed = [one for one in owed if one.shipment.id == payment.only]
    if owed and owed[0].terms.payments_before_loss is BeforeLoss.AS_NAMED:
        owed.sort(key=lambda one: one.shipment.id != payment.names)
    left = payment.amount.minor
    for one in owed:
        part = min(left, one.owed_minor)
        on = max(payment.paid_on, one.shipment.shipped_on)
        cleared = Money(part, payment.amount.currency)
        books.clear(one, Clearing(payment=payment.id, on=on, amount=cleared))
        left -= part
        if not left:
            return None
    return replace(payment, amount=Money(left, payment.amount.currency))


def _fill(play: _Play, *, on: date) -> None:
    """Cover what the limit had no room for, as far as payments made room by a day."""
    if play.history.loss_on is not None and on >= play.history.loss_on:
        return
    short = [
        one
        for owing in play.books.owing.values()
        for one in owing
        if one.is_insured
        and one.granted_minor < one.owed_minor
        and one.shipment.shipped_on <= on
        and one.terms.cap_use is CapUse.REVOLVING
    ]
    # Most of the time a limit is full: one look at it spares one at each shipment beyond it. A
    # limit that was cut since has no more room than it had before.
    roomy = {
        kind: play.books.has_room(one, on, one.limit)
        for kind, one in {_kind(one, one.limit): one for one in short}.items()
    }
    short = [one for one in short if roomy[_kind(one, one.limit)]]
    full: set[tuple[Scope, int, int]] = set()
    for one in sorted(short, key=lambda each: each.place):
        cap = play.limit_now(one, on)
        kind = _kind(one, cap)
        if kind in full:
            continue
        if play.books.has_room(one, on, cap):
            _grant(one, on=on, cap=cap, play=play, because="earlier shipments were paid")
        else:
            full.add(kind)


def _kind(one: Open, cap: Money) -> tuple[Scope, int, int]:
    """Return what decides whether there is room: whose limit, what it counts, how much it is."""
    return one.scope, one.weight, cap.minor


def _grant(one: Open, *, on: date, cap: Money, play: _Play, because: str) -> None:
    room = play.books.room(one, on, cap)
    if room > 0:
        amount = Money(room, one.shipment.amount.currency)
        play.books.grant(one, Grant(on=on, amount=amount, because=because), cap)


def _period(shipment: Shipment, history: History, terms: CoverTerms) -> int | None:
    """Return in which period a shipment uses the limit: none, if that revolves or it uses none.

    Periods are counted from one day, on and back: a policy may begin before the first ones did.
    """
    if terms.cap_use is CapUse.REVOLVING or not shipment.eligible:
        return None
    first, day = history.insured_from, shipment.shipped_on
    if first is None:
        raise HistoryUnsound(
            f"The limit is for a period, and nobody says in which shipment on {day} lies. Give the "
            "first day of a period as insured_from."
        )
    months = 12 * (day.year - first.year) + day.month - first.month - (day.day < first.day)
    return months // terms.period_months


def _certificate(one: Open, terms: str) -> Certificate:
    currency = one.shipment.amount.currency
    granted = 0 if one.refused else one.granted_minor
    covered_unpaid = min(granted, one.owed_minor)
    return Certificate(
        shipment=one.shipment.id, shipped_on=one.shipment.shipped_on, amount=one.shipment.amount,
        insured_share_bp=one.standing.insured_share_bp, limit=one.limit,
        grants=() if one.refused else tuple(one.grants), covered=Money(granted, currency),
        clearings=tuple(one.clearings), covered_unpaid=Money(covered_unpaid, currency),
        uncovered_unpaid=Money(one.owed_minor - covered_unpaid, currency),
        white_listed=one.standing.white_listed, because=_because(one), terms=terms,
    )  # fmt: skip


def _has_more(one: Open, history: History) -> bool:
    before = history.granted.get(one.shipment.id, ())
    return one.granted_minor != sum(grant.amount.minor for grant in before)


def _because(one: Open) -> str:
    if one.refused:
        return f"Uninsured: {one.refused}."
    said = f"Limit {one.limit}, {one.standing.because}"
    short = one.shipment.amount.minor - one.granted_minor
    if short <= 0:
        return f"{said}; covered in full."
    rest = Money(short, one.shipment.amount.currency)
    if one.terms.cap_use is CapUse.REVOLVING:
        return f"{said}; {rest} above it would be covered if earlier shipments are paid."
    return f"{said}; {rest} above it stays uninsured in this period."
