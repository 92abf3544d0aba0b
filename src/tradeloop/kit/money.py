"""Whole minor units of one currency, and the few ways in which they may be divided."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from math import prod
from types import MappingProxyType
from typing import Self, TypeAlias

from tradeloop.kit import codes

BasisPoints: TypeAlias = int
"""Hundredths of one per cent: 10_000 is the whole."""

WHOLE: BasisPoints = 10_000

DIGITS_MAX = 38
"""Longest amount that a paper may state, before or after the point; DECIMAL(38) of the engines."""

MINOR_DIGITS: Mapping[str, int] = MappingProxyType(
    {row["iso"]: int(row["minor_digits"]) for row in codes.table("currencies")}
)
"""Digits after the point, for each currency of ISO 4217 that has a minor unit."""

Rounding: TypeAlias = Callable[[int, int], int]
"""(numerator, denominator) to a whole number; the denominator is positive."""


class CurrencyUnknown(ValueError):
    """The letters name no currency in which an amount can be stated."""


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies cannot be added or compared."""


class AmountOutOfRange(ValueError):
    """The number is not finite, or far longer than any amount on a paper."""


class SharesUndefined(ValueError):
    """The weights do not say how the amount is to be shared."""


def half_up(numerator: int, denominator: int) -> int:
    """Round to the nearest; a half goes away from zero: 2.5 gives 3, -2.5 gives -3."""
    size, rest = divmod(abs(numerator), denominator)
    return _signed(size + (2 * rest >= denominator), like=numerator)


def half_even(numerator: int, denominator: int) -> int:
    """Round to the nearest; a half goes to the even neighbour: 2.5 gives 2, -3.5 gives -4."""
    size, rest = divmod(abs(numerator), denominator)
    return _signed(size + (2 * rest + size % 2 > denominator), like=numerator)


def down(numerator: int, denominator: int) -> int:
    """Round towards zero: 2.9 gives 2, -2.9 gives -2."""
    return _signed(abs(numerator) // denominator, like=numerator)


def up(numerator: int, denominator: int) -> int:
    """Round away from zero: 2.1 gives 3, -2.1 gives -3."""
    return _signed(-(-abs(numerator) // denominator), like=numerator)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, in its minor units: Money(123_450, "USD") is 1,234.50 USD."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is not a whole number of a known currency."""
        if type(self.minor) is not int:
            raise TypeError(
                f"{self.minor!r} is not a whole number of minor units. "
                "Use Money.from_decimal for an amount as a paper writes it."
            )
        _minor_digits(self.currency)

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str, *, rounding: Rounding) -> Self:
        """Return `amount`, in major units as a paper writes it, rounded once to the minor unit.

        Raises:
            TypeError: `amount` is not a Decimal. A float has lost digits before it comes here.
            AmountOutOfRange: `amount` is NaN, infinite, or longer than `DIGITS_MAX`.
            CurrencyUnknown: `currency` is not in `MINOR_DIGITS`.
        """
        if not isinstance(amount, Decimal):
            raise TypeError(
                f"{amount!r} is a {type(amount).__name__}. "
                "Read the text of the paper as a Decimal, and pass that."
            )
        if not amount.is_finite() or abs(amount.adjusted()) > DIGITS_MAX:
            raise AmountOutOfRange(
                f"{amount} is no amount: it needs at most {DIGITS_MAX} digits on either side of "
                "the point. Look at the paper: a field may have slipped."
            )
        numerator, denominator = amount.as_integer_ratio()
        return cls(rounding(numerator * 10 ** _minor_digits(currency), denominator), currency)

    def __add__(self, other: Self) -> Self:
        """Return the sum; both in one currency."""
        return self._with(self.minor + self._same(other).minor)

    def __sub__(self, other: Self) -> Self:
        """Return the difference, which may be negative; both in one currency."""
        return self._with(self.minor - self._same(other).minor)

    def __lt__(self, other: Self) -> bool:
        """Say which is less; both in one currency."""
        return self.minor < self._same(other).minor

    def __le__(self, other: Self) -> bool:
        """Say which is no more; both in one currency."""
        return self.minor <= self._same(other).minor

    def __str__(self) -> str:
        """Write it for people: 1,234.50 USD."""
        digits = MINOR_DIGITS[self.currency]
        sign = "-" if self.minor < 0 else ""
        major, rest = divmod(abs(self.minor), 10**digits)
        point = f".{rest:0{digits}}" if digits else ""
        return f"{sign}{major:,}{point} {self.currency}"

    def part(self, *rates: BasisPoints, rounding: Rounding) -> Self:
        """Return this amount times each of `rates`, rounded once, after the last of them."""
        return self._with(rounding(self.minor * prod(rates), WHOLE ** len(rates)))

    def split(self, weights: Sequence[int], *, residual_to: int) -> tuple[Self, ...]:
        """Share this amount by weight, so that the shares add up to it exactly.

        Args:
            weights: One for each share, none negative, not all zero.
            residual_to: Position of the share that takes every minor unit left over.

        Returns:
            One share for each weight, rounded towards zero before the residual is added, so
            that a reversed amount splits into the reversed shares.

        Raises:
            SharesUndefined: A weight is negative, all are zero, or `residual_to` names no share.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise SharesUndefined(
                f"Cannot share {self} by {list(weights)}. Give weights of zero or more, "
                "at least one of them above zero."
            )
        if residual_to not in range(len(weights)):
            raise SharesUndefined(
                f"There is no share {residual_to} to take what is left of {self}. "
                f"Name one from 0 to {len(weights) - 1}."
            )
        shares = [down(self.minor * weight, whole) for weight in weights]
        shares[residual_to] += self.minor - sum(shares)
        return tuple(self._with(share) for share in shares)

    def _with(self, minor: int) -> Self:
        return type(self)(minor, self.currency)

    def _same(self, other: Self) -> Self:
        if other.currency != self.currency:
            raise CurrencyMismatch(
                f"{self} and {other} are in different currencies. "
                "Convert one of them at a dated rate, then ask again."
            )
        return other


def _signed(size: int, *, like: int) -> int:
    return -size if like < 0 else size


def _minor_digits(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise CurrencyUnknown(
            f"{currency!r} is no currency of ISO 4217 with a minor unit. Write its three letters "
            "(USD); for a customs number (502) look them up with codes.currency first."
        ) from None
