"""What one currency is worth in another on a day: a dated, sourced rate, applied exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tradeloop.kit.money import MINOR_DIGITS, Money, Rounding
from tradeloop.store.database import cursor

CROSSED_BY = "CNY"
"""China's published rates all have it on one side, so two of them make any other pair."""

STANDING = "not exists (select from ledger_rate as later where later.corrects_id = r.id)"
COLUMNS = (
    "r.id, r.base_id, r.quote_id, r.quoted_on, r.source, r.rate, r.per, r.recorded_at, "
    "r.corrects_id, r.why"
)

LATEST = f"""
select distinct on (r.base_id, r.quote_id) {COLUMNS}
from ledger_rate as r
where (r.base_id, r.quote_id) in (select * from unnest(%s::text[], %s::text[]))
  and r.source = %s and r.quoted_on between %s and %s and {STANDING}
order by r.base_id, r.quote_id, r.quoted_on desc
"""  # noqa: S608 - put together from our own constants

NEAREST = f"""
select r.base_id, r.quote_id, r.source,
    max(r.quoted_on) filter (where r.quoted_on <= %s), min(r.quoted_on) filter (where r.quoted_on > %s)
from ledger_rate as r
where (r.base_id, r.quote_id) in (select * from unnest(%s::text[], %s::text[])) and {STANDING}
group by r.base_id, r.quote_id, r.source
order by r.base_id, r.quote_id, r.source
"""  # noqa: S608, E501 - the same


class NoRate(LookupError):
    """No rate of the source is dated near enough before the day."""


class RateUnknown(LookupError):
    """No rate has that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`per` units of `base` cost `rate` units of `quote`, says `source` of the day `on`."""

    id: int
    base: str
    quote: str
    on: date
    source: str
    rate: Decimal
    per: int
    recorded_at: datetime
    corrects: int | None
    why: str | None

    def __str__(self) -> str:
        """Write it for people: 100 JPY = 4.6123 CNY (2026-03-02, PBC, rate 17)."""
        said = f"{self.per} {self.base} = {plain(self.rate)} {self.quote}"
        return f"{said} ({self.on}, {self.source}, rate {self.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """How one currency becomes another, exactly, by one rate or by two."""

    base: str
    to: str
    steps: tuple[Rate, ...]  # none if both are one currency

    @property
    def rate_id(self) -> str:
        """The ids of its rates, as in `17` or `17+23`; empty if nothing is converted."""
        return "+".join(str(rate.id) for rate in self.steps)

    @property
    def ratio(self) -> Fraction:
        """Major units of `to` for one major unit of `base`."""
        ratio, currency = Fraction(1), self.base
        for step in self.steps:
            worth = Fraction(step.rate) / step.per
            if currency == step.base:
                ratio, currency = ratio * worth, step.quote
            else:
                ratio, currency = ratio / worth, step.base
        return ratio

    def convert(
        self, money: Money, *, rounding: Rounding, times: Fraction = Fraction(1)
    ) -> Money:  # fmt: skip
        """Return `money`, or a part of it, in the other currency, rounded once, at the very end.

        Raises:
            NoRate: `money` is in another currency than `base`.
        """
        if money.currency != self.base:
            raise NoRate(f"{money} is not in {self.base}. Look up the rate of its own currency.")
        shift = Fraction(10) ** (MINOR_DIGITS[self.to] - MINOR_DIGITS[self.base])
        exact = money.minor * times * self.ratio * shift
        return Money(rounding(exact.numerator, exact.denominator), self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """An amount in another currency; a caller keeps `rate_id`, people read `explained`."""

    money: Money
    rate_id: str
    explained: str


def convert(  # noqa: PLR0913 - each of them changes the amount, so none has a default
    money: Money, *, to: str, on: date, source: str, age_days_max: int, rounding: Rounding
) -> Converted:
    """Return `money` in another currency, at the rate of a day, rounded once at the end.

    Args:
        money: In whole minor units; may be below zero.
        to: ISO letters.
        on: The day whose rate counts: which one, the scheme says.
        source: Only rates of this source are used.
        age_days_max: The oldest rate that will do, in calendar days before `on`; 0 for that day.
        rounding: To the minor unit of `to`.

    Raises:
        NoRate: There is none so near; the message names the nearest ones known.
        CurrencyUnknown: `to` is no currency of ISO 4217.
    """
    quote = quoted(money.currency, to, on=on, source=source, age_days_max=age_days_max)
    return _converted(money, quote, rounding)


def convert_again(money: Money, *, to: str, rate_id: str, rounding: Rounding) -> Converted:
    """Return what `convert` returned when it named `rate_id`, whatever was corrected since.

    Raises:
        RateUnknown: `rate_id` names no rates, or not those between the two currencies.
    """
    ids = [int(one) for one in rate_id.split("+") if one.isascii() and one.isdecimal()]
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from ledger_rate as r where r.id = any(%s)".encode(),  # noqa: S608 - our own
            (ids,),
        )
        found = {rate.id: rate for rate in (_rate(row) for row in cur.fetchall())}
    quote = Quote(
        base=money.currency, to=to, steps=tuple(found[one] for one in ids if one in found)
    )
    if quote.rate_id != rate_id or not _leads(quote):
        raise RateUnknown(
            f"Rate {rate_id!r} does not lead from {money.currency} to {to}. "
            "Give the id that the conversion named."
        )
    return _converted(money, quote, rounding)


def quoted(base: str, to: str, *, on: date, source: str, age_days_max: int) -> Quote:
    """Return how `base` becomes `to` on a day; one look-up, then any number of amounts.

    The pair itself is preferred, then the other way round, then both through CNY; each time the
    rate of that day, or the latest before it within `age_days_max`.

    Raises:
        NoRate: There is none so near.
        CurrencyUnknown: One of them is no currency of ISO 4217.
    """
    for currency in (base, to):
        Money(0, currency)
    if base == to:
        return Quote(base=base, to=to, steps=())
    pairs = _pairs(base, to)
    first_on = date.fromordinal(max(on.toordinal() - age_days_max, date.min.toordinal()))
    with cursor() as cur:
        cur.execute(LATEST.encode(), (*_columns(pairs), source, first_on, on))
        known = {(rate.base, rate.quote): rate for rate in (_rate(row) for row in cur.fetchall())}

    def either(one: str, other: str) -> Rate | None:
        return known.get((one, other)) or known.get((other, one))

    if direct := either(base, to):
        return Quote(base=base, to=to, steps=(direct,))
    first, second = either(base, CROSSED_BY), either(CROSSED_BY, to)
    if first and second:
        return Quote(base=base, to=to, steps=(first, second))
    nearest = "; ".join(_nearest(pairs, on)) or "none at all: import some with `rates import`"
    raise NoRate(
        f"No rate of {source} leads from {base} to {to} on {on}, or within {age_days_max} days "
        f"before it. Known are {nearest}."
    )


def listed(
    *,
    base: str | None = None, quote: str | None = None,
    from_on: date = date.min, to_on: date = date.max, limit: int = 1000,
) -> tuple[Rate, ...]:  # fmt: skip
    """Return rates of some days, newest first, with those that were corrected."""
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from ledger_rate as r "  # noqa: S608 - our own constant
            "where (%s::text is null or r.base_id = %s) and (%s::text is null or r.quote_id = %s) "
            "and r.quoted_on between %s and %s "
            "order by r.quoted_on desc, r.base_id, r.quote_id, r.source, r.id limit %s".encode(),
            (base, base, quote, quote, from_on, to_on, limit),
        )
        return tuple(_rate(row) for row in cur.fetchall())


def plain(number: Decimal) -> str:
    """Return a number without a power of ten and without zeros that say nothing.

    >>> plain(Decimal("7.100000")), plain(Decimal("100"))
    ('7.1', '100')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _converted(money: Money, quote: Quote, rounding: Rounding) -> Converted:
    result = quote.convert(money, rounding=rounding)
    by = " and ".join(str(step) for step in quote.steps)
    explained = f"{money} = {result} by {by}" if by else f"{money} is not converted"
    return Converted(money=result, rate_id=quote.rate_id, explained=explained)


def _leads(quote: Quote) -> bool:
    currency = quote.base
    for step in quote.steps:
        if currency not in {step.base, step.quote}:
            return False
        currency = step.quote if currency == step.base else step.base
    return currency == quote.to


def _pairs(base: str, to: str) -> list[tuple[str, str]]:
    ways = [(base, to), (base, CROSSED_BY), (CROSSED_BY, to)]
    return [pair for one, other in ways if one != other for pair in ((one, other), (other, one))]


def _columns(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [base for base, _ in pairs], [quote for _, quote in pairs]


def _nearest(pairs: list[tuple[str, str]], on: date) -> Iterator[str]:
    with cursor() as cur:
        cur.execute(NEAREST.encode(), (on, on, *_columns(pairs)))
        for base, quote, source, before, after in cur.fetchall():
            days = " and ".join(str(day) for day in (before, after) if day)
            yield f"{base}/{quote} of {source} on {days}"


def _rate(row: tuple[object, ...]) -> Rate:
    names = ("id", "base", "quote", "on", "source", "rate", "per", "recorded_at", "corrects", "why")
    return Rate(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]
