"""Short words for the tests of the registry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tradeloop.registry import actions
from tradeloop.registry.facts import Answer, Ask, MoveAnswer, MoveAsk, Value
from tradeloop.store.database import cursor

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=72)
ORDER = "order:CN.3301960A01:2026-0001"
LIST = "list:CN.customs:29242026I000000001"
DECLARATION = "declaration:CN.customs:310120260000000001"


def worth(
    amount: int, paper: str = ORDER, *, unit: str = "USD", purpose: str = "finance",
    names: tuple[str, ...] = (), now: datetime = NOON,
) -> str:  # fmt: skip
    """Let a paper prove so much; return what that did."""
    value = Value(paper=paper, unit=unit, purpose=purpose, amount_minor=amount, names=names)
    (taken,) = actions.take_in(values=[value], now=now, because="a test")
    return taken.outcome


def line(
    amount: int, paper: str = ORDER, *, id: UUID | None = None, holder: str = "Northbank",
    least: int | None = None, unit: str = "USD", purpose: str = "finance",
    expires_at: datetime | None = LATER,
) -> Ask:  # fmt: skip
    """Return a line that asks for so much."""
    return Ask(
        id=id or uuid4(), paper=paper, purpose=purpose, holder=holder, unit=unit,
        amount_minor=amount, at_least_minor=least, expires_at=expires_at,
    )  # fmt: skip


def ask(*lines: Ask, now: datetime = NOON, whole: bool = False) -> tuple[Answer, ...]:
    """Ask for the lines in one call."""
    return actions.hold(lines=lines, now=now, whole=whole)


def said(*lines: Ask, now: datetime = NOON, whole: bool = False) -> list[int | str]:
    """Ask for the lines in one call; return what each was granted, or why not."""
    return [one.refusal or one.granted_minor for one in ask(*lines, now=now, whole=whole)]


def do(
    hold: UUID, event: str, amount: int | None = None, *, id: UUID | None = None,
    by: str | None = None, to: str | None = None, now: datetime = NOON,
) -> MoveAnswer:  # fmt: skip
    """Do one thing to a hold."""
    (answer,) = actions.move(
        lines=[
            MoveAsk(id=id or uuid4(), hold=hold, event=event, amount_minor=amount, by=by, to=to)
        ],
        now=now,
    )
    return answer


def stands(paper: str = ORDER, purpose: str = "finance") -> tuple[int, int, int, int]:
    """Return (amount, held, committed, spent) of a paper's value."""
    with cursor() as cur:
        cur.execute(
            "select amount_minor, held_minor, committed_minor, spent_minor "
            "from registry_book join registry_paper using (capacity_id) "
            "where key = %s and purpose = %s",
            (paper, purpose),
        )
        row = cur.fetchone()
    assert row is not None
    return row
