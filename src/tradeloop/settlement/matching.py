"""Which payment pays what: by reference, by amount, by name; doubtful ones are left for a person.

Two of the three must agree. What was booked is never given out twice: the sums matched exceed
neither the payment nor what is open.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import Direction, Payment

REFERENCE_MIN = 4  # shorter ones stand in any text by chance
WORDS_MAX = 12  # of one reference
WORD = re.compile(r"[A-Z0-9]+|[^\W_A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable:
    """What somebody still owes."""

    id: str
    debtor_names: tuple[str, ...]
    open: Money
    references: tuple[str, ...]
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """So much of a payment pays so much of a receivable; `charge` is what banks kept on the way."""

    payment: Payment
    receivable: Receivable
    amount: Money
    charge: Money
    agreed: tuple[str, ...]
    differed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A payment that a person has to look at, with what it may pay."""

    payment: Payment
    left: Money
    may_pay: tuple[Receivable, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What payments came to; each one that is not spent in matches is told once."""

    matches: tuple[Match, ...]
    doubtful: tuple[Doubt, ...]
    unknown: tuple[Payment, ...]


def match(
    payments: Iterable[Payment],
    receivables: Iterable[Receivable],
    *,
    charges_max_minor: Mapping[str, int],
) -> Matched:
    """Match payments, each given once, to what is open.

    Args:
        payments: As `without_repeats` gives them. Debits and unbooked ones pay nothing.
        receivables: What is open; ids differ.
        charges_max_minor: Largest charge of banks that still settles a receivable, by currency;
            a currency not named has none.
    """
    found = _Matching(tuple(receivables), charges_max_minor)
    given = sorted(payments, key=lambda one: (one.booked_on or date.max, str(one.place)))
    incoming = found.incoming(given)
    silent = found.by_reference(incoming)
    found.by_amount_and_name(silent)
    return Matched(tuple(found.matches), tuple(found.doubtful), tuple(found.unknown))


@dataclass(slots=True)
class _Matching:
    receivables: Sequence[Receivable]
    charges_max_minor: Mapping[str, int]
    matches: list[Match] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    unknown: list[Payment] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    by_reference_text: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left = {one.id: one.open.minor for one in self.receivables}
        if len(self.left) < len(self.receivables):
            raise ValueError("Two receivables have one id. Give each once, with all that is open.")
        for one in self.receivables:
            for reference in one.references:
                text = "".join(_words(reference))
                if len(text) >= REFERENCE_MIN:
                    self.by_reference_text.setdefault(text, set()).add(one.id)

    def incoming(self, payments: Sequence[Payment]) -> list[Payment]:
        """Return what may pay; reversals, and what they may have reversed, go to a person."""
        reversed_ = {_way(one, back=True) for one in payments if one.is_reversal}
        incoming = []
        for one in payments:
            if one.is_reversal and one.is_booked:
                self._doubt(one, (), "it reverses an earlier booking: undo what that one paid")
            elif one.direction is not Direction.CREDIT or one.is_reversal:
                continue
            elif not one.is_booked:
                self._doubt(one, (), f"its status is {one.status}, so the money is not there yet")
            elif _way(one, back=False) in reversed_:
                self._doubt(one, self._named(one), "a reversal of the same amount may undo it")
            elif one.amount.minor == 0:
                self.unknown.append(one)
            else:
                incoming.append(one)
        return incoming

    def by_reference(self, payments: Sequence[Payment]) -> list[Payment]:
        """Match payments that name what they pay; return those that name nothing known."""
        named = [(one, self._named(one)) for one in payments]
        later = Counter(receivable.id for _, found in named for receivable in found)
        silent = []
        for payment, found in named:
            later.subtract(receivable.id for receivable in found)
            if not found:
                silent.append(payment)
                continue
            self._pay_named(payment, found, last=all(later[one.id] == 0 for one in found))
        return silent

    def _pay_named(self, payment: Payment, found: tuple[Receivable, ...], *, last: bool) -> None:
        same = tuple(one for one in found if one.open.currency == payment.amount.currency)
        if len(same) < len(found):
            self._doubt(payment, found, "the reference agrees, but the currency differs")
            return
        open_ = [one for one in found if self.left[one.id] > 0]
        total = sum(self.left[one.id] for one in open_)
        paid = payment.amount.minor
        if not open_:
            self._doubt(payment, found, "the reference agrees, but nothing is open")
            return
        names = [_names_agree(payment, one) for one in open_]
        short = total - paid
        fits = last and 0 < short <= self._charge_max(payment) and short < self.left[open_[-1].id]
        charge = short if fits else 0
        whole = short == charge
        if not whole and not all(names):
            because = f"the reference agrees, but {total - paid:+,} minor units and the name do not"
            self._doubt(payment, tuple(open_), because)
            return
        if short > charge and len(open_) > 1:
            self._doubt(payment, tuple(open_), "it pays less than all it names, and not which")
            return
        for place, (one, agrees) in enumerate(zip(open_, names, strict=True)):
            kept = charge if place == len(open_) - 1 else 0
            amount = min(self.left[one.id] - kept, paid)
            paid -= amount
            self._match(
                payment, one, amount, kept, _said(reference=True, name=agrees, amount=short == 0)
            )
        if paid > 0:
            self._doubt(payment, tuple(open_), "it pays more than is open", left=paid)

    def by_amount_and_name(self, payments: Sequence[Payment]) -> None:
        """Match payments without a reference where amount and name leave one answer only."""
        claims = {number: self._exact(payment) for number, payment in enumerate(payments)}
        wanted = Counter(one.id for found in claims.values() for one in found)
        for number, payment in enumerate(payments):
            found = claims[number]
            sure = [one for one in found if _names_agree(payment, one)]
            if len(sure) == 1 and wanted[sure[0].id] == 1 and len(found) == 1:
                amount = self.left[sure[0].id]
                self._match(
                    payment, sure[0], amount, 0, _said(reference=False, name=True, amount=True)
                )
            elif found:
                because = (
                    "amount and name agree with more than one" if sure else "only the amount agrees"
                )
                self._doubt(payment, tuple(sure or found), because)
            elif theirs := self._of_name(payment):
                self._doubt(payment, theirs, "only the name agrees")
            else:
                self.unknown.append(payment)

    def _exact(self, payment: Payment) -> list[Receivable]:
        return [
            one
            for one in self.receivables
            if one.open.currency == payment.amount.currency
            and self.left[one.id] == payment.amount.minor > 0
        ]

    def _of_name(self, payment: Payment) -> tuple[Receivable, ...]:
        return tuple(
            one for one in self.receivables if self.left[one.id] and _names_agree(payment, one)
        )

    def _named(self, payment: Payment) -> tuple[Receivable, ...]:
        """Return the receivables whose reference the payment bears, in their given order."""
        hits: set[str] = set()
        for text in (*payment.references.exact, *payment.references.remittance):
            words = _words(text)
            for start, end in combinations(range(len(words) + 1), 2):
                if end - start <= WORDS_MAX:
                    hits |= self.by_reference_text.get("".join(words[start:end]), set())
        return tuple(one for one in self.receivables if one.id in hits) if hits else ()

    def _charge_max(self, payment: Payment) -> int:
        return self.charges_max_minor.get(payment.amount.currency, 0)

    def _match(
        self,
        payment: Payment,
        receivable: Receivable,
        amount: int,
        charge: int,
        said: tuple[tuple[str, ...], tuple[str, ...]],
    ) -> None:
        if amount <= 0:
            return
        self.left[receivable.id] -= amount + charge
        currency = payment.amount.currency
        agreed, differed = said
        self.matches.append(
            Match(
                payment=payment,
                receivable=receivable,
                amount=Money(amount, currency),
                charge=Money(charge, currency),
                agreed=agreed,
                differed=differed,
            )
        )

    def _doubt(
        self, payment: Payment, may: tuple[Receivable, ...], because: str, left: int | None = None
    ) -> None:
        rest = payment.amount if left is None else Money(left, payment.amount.currency)
        self.doubtful.append(Doubt(payment=payment, left=rest, may_pay=may, because=because))


def _said(*, reference: bool, name: bool, amount: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what agreed and what differed."""
    pairs = {"reference": reference, "name": name, "amount": amount}
    return tuple(one for one in pairs if pairs[one]), tuple(one for one in pairs if not pairs[one])


def _way(payment: Payment, *, back: bool) -> tuple[object, ...]:
    """Return account, amount and direction; with `back`, those of what a reversal undoes."""
    return payment.account, payment.amount, (payment.direction is Direction.CREDIT) != back


def _names_agree(payment: Payment, receivable: Receivable) -> bool:
    name = "".join(_words(payment.counterparty.name or ""))
    return bool(name) and any(name == "".join(_words(one)) for one in receivable.debtor_names)


def _words(text: str) -> list[str]:
    """Return the words of a text in capitals; Chinese beside Latin letters is a word by itself."""
    return WORD.findall(unicodedata.normalize("NFKC", text).upper())
