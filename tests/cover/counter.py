"""Short words for the tests of zero-visit cover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from tradeloop.cover import actions
from tradeloop.cover.facts import Answered
from tradeloop.cover.holding import PURPOSE
from tradeloop.cover.queries import Issued, certificates
from tradeloop.cover.terms import CoverTerms
from tradeloop.cover.zero_visit import Covered, Covering, cover
from tradeloop.kit.money import Money
from tradeloop.parties.list_import import import_list
from tradeloop.parties.list_lines import named
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import NewPayment
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Value
from tradeloop.registry.known import paper_of
from tradeloop.schemes.load import find, versions
from tradeloop.store.database import cursor
from tradeloop.trades.offers import OfferedTrade

SCHEME = "yiwu-market-procurement"
SECRET = b"of this installation, 32 bytes.."
MERCHANT, OTHER_MERCHANT = "91330782DEMM00490R", "91330782DEMM00067M"
DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    """Return a moment of a day."""
    return datetime.combine(day, time(4), tzinfo=UTC)


def terms(**changed: object) -> tuple[CoverTerms, ...]:
    """Return the scheme's terms, some of them changed in every version."""
    from dataclasses import replace  # noqa: PLC0415 - one short word

    found = versions(find(SCHEME), "cover", into=CoverTerms)
    return tuple(replace(one, **changed) for one in found)  # type: ignore[arg-type]


def trade(
    number: str, major: int = 50_000, *, shipped_on: date = date(2026, 5, 10),
    seller: str = MERCHANT, buyer: str = "SYNTHETIC BUYER YIRQ004 TRADING", country: str = "IRQ",
    buyer_number: str | None = "SYN-ID-4", credit_days: int = 60, **changed: object,
) -> OfferedTrade:  # fmt: skip
    """Return a trade that passes, unless something of it is changed."""
    given: dict[str, object] = {
        "name": f"{seller}/{number}", "mode": "1039", "grade": "proven", "currency": "USD",
        "verified_minor": major * 100, "seller": seller, "buyer_name": buyer,
        "buyer_country": country, "buyer_number": buyer_number, "buyer_number_kind": "passport",
        "recorded_at": datetime.combine(shipped_on - 3 * DAY, time(9)),
        "due_on": shipped_on + credit_days * DAY, "payment_method": "O/A",
        "shipped_on": shipped_on, "declaration": "292320260000000166",
        "declared_currency": "USD", "declared": Decimal(100_000), "collected": None,
    }  # fmt: skip
    return OfferedTrade(**{**given, **changed})  # type: ignore[arg-type]


def register(trades: Sequence[OfferedTrade], on: date) -> None:
    """Let the registry know what the trades are worth."""
    registry.take_in(
        values=[
            Value(
                paper=paper_of(one.name), unit=one.currency or "USD", purpose=PURPOSE,
                amount_minor=one.verified_minor,
            )
            for one in trades
            if one.verified_minor > 0
        ],
        now=noon(on), because="a test",
    )  # fmt: skip


def offer(
    *trades: OfferedTrade, on: date = date(2026, 5, 12), registered: bool = True,
    by: Sequence[CoverTerms] | None = None, policies_begin: bool = True,
) -> Covered:  # fmt: skip
    """Offer trades, in their order."""
    if registered:
        register(trades, on)
    return cover([list(trades)], Covering(
        scheme=SCHEME, terms=by or terms(), on=on, now=lambda: noon(on), secret=SECRET,
        source="a test", policies_begin=policies_begin,
    ))  # fmt: skip


def answered(done: Covered, number: str) -> Answered:
    """Return the answer on one trade."""
    (one,) = [each for each in done.answers if each.trade.endswith(f"/{number}")]
    return one


def codes(done: Covered, number: str) -> list[str]:
    """Return the reasons against one trade."""
    return [one.code for one in answered(done, number).findings]


def issued(number: str) -> Issued:
    """Return the certificate of a trade as it stands."""
    (one,) = [each for each in certificates(SCHEME) if each.trade.endswith(f"/{number}")]
    return one


def covered(number: str) -> int:
    """Return how many whole dollars of a trade are covered now."""
    return issued(number).covered.minor // 100


def buyer_of(number: str) -> str:
    """Return the key of a trade's buyer."""
    return issued(number).buyer


def pay(major: int, buyer: str, *, on: date, seller: str = MERCHANT, id: str = "P-1") -> None:
    """Let a buyer pay, and the limit give its room."""
    receivables.pay(
        payments=[NewPayment(
            id=id, seller=seller, buyer=buyer, amount=Money(major * 100, "USD"), paid_on=on
        )],
        at=noon(on),
    )  # fmt: skip
    actions.give_room(scheme=SCHEME, buyers=[buyer], terms=terms(), at=noon(on))


def listed(code: str, text: str, *, on: date, screening: bool = False) -> None:
    """Import a list, as CSV."""
    table = [(n, line.split(",")) for n, line in enumerate(text.strip().splitlines(), 1)]
    import_list(
        code=code, rows=named(table)[0], now=noon(on), secret=SECRET, source="a test",
        screening=screening,
    )  # fmt: skip


def count(table: str) -> int:
    """Return how many rows a table of cover has."""
    with cursor() as cur:
        return cur.execute(f"select from cover_{table}".encode()).rowcount
