"""Random histories of the registry, each compared with the plain model call by call."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from registry.model import Model
from registry.shop import NOON
from tradeloop.registry import actions, queries
from tradeloop.registry.facts import Ask, MoveAsk, Value
from tradeloop.store.database import cursor

PURPOSES = ("finance", "insurance")
HOLDERS = ("Northbank", "Eastbank", "Westbank")
UNITS = ("USD", "USD", "USD", "EUR")
EVENTS = ("commit", "commit", "release", "spend", "spend", "expire", "hand-over")
DEEDS = {
    "hold": 8, "move": 6, "retry": 3, "take_in": 3, "adjust": 1, "fold": 1, "freeze": 1, "tick": 2,
    "expire": 1,
}  # fmt: skip


class History:
    """One history: the same deeds to the database and to the model, from one seed."""

    def __init__(self, seed: int) -> None:
        """Begin with nothing; names carry the seed, so histories share a database."""
        self.chance = random.Random(seed)
        self.seed = seed
        self.model = Model()
        self.now = NOON
        self.lines: list[Ask] = []
        self.calls: list[tuple[list[Ask], bool]] = []
        self.moves: list[MoveAsk] = []
        self.papers = [f"order:CN.{seed}:{n}" for n in range(4)]
        self.names = [f"list:CN.{seed}:{n}" for n in range(4)]
        self.declarations = [f"declaration:CN.{seed}:{n}" for n in range(2)]

    def play(self, steps: int) -> None:
        """Do so many deeds; after each, all figures agree."""
        for paper in self.papers[:3]:
            self._take_in(paper)
        for _ in range(steps):
            deed = self.chance.choices([*DEEDS], weights=[*DEEDS.values()])[0]
            getattr(self, f"do_{deed}")()
            self._compare()

    # -- deeds

    def do_tick(self) -> None:
        """Let time pass."""
        self.now += timedelta(hours=self.chance.randrange(1, 30))

    def do_take_in(self) -> None:
        """Bring a paper, new or amended."""
        self._take_in(self.chance.choice(self.papers + self.declarations))

    def do_adjust(self) -> None:
        """Amend a value by hand."""
        paper, purpose = self._paper(), self.chance.choice(PURPOSES)
        unit, amount = self.chance.choice(UNITS), self.chance.randrange(-2, 120)
        told = actions.adjust(
            id=self._id(), paper=paper, purpose=purpose, unit=unit, amount_minor=amount,
            now=self.now, because="a history",
        )  # fmt: skip
        assert told.refusal == self.model.adjust(paper, purpose, unit, amount)

    def do_freeze(self) -> None:
        """Freeze or thaw a value; mostly thaw."""
        paper, frozen = self._paper(), self.chance.random() < 0.3
        told = (
            actions.freeze(id=self._id(), paper=paper, now=self.now, because="a history")
            if frozen
            else actions.thaw(id=self._id(), paper=paper, now=self.now)
        )
        assert told.refusal == self.model.freeze(paper, frozen=frozen)

    def do_fold(self) -> None:
        """Fold a few values into a declaration."""
        if self.chance.random() < 0.5:
            return
        into = self.chance.choice(self.declarations)
        parts = [self._paper() for _ in range(self.chance.randrange(1, 3))]
        told = actions.fold(id=self._id(), into=into, parts=parts, now=self.now)
        assert told.refusal == self.model.fold(into, parts)

    def do_expire(self) -> None:
        """Sweep what ran out."""
        while actions.expire(now=self.now):
            pass
        self.model.expire(self.now)

    def do_hold(self) -> None:
        """Ask for a few lines, now and then with an id used before."""
        lines = [self._line() for _ in range(self.chance.choice((1, 1, 2, 3, 6)))]
        whole = self.chance.random() < 0.3
        if self.chance.random() < 0.1:
            self._lose(lines, whole=whole)
            return
        self._ask(lines, whole=whole)
        self.calls.append((lines, whole))

    def do_move(self) -> None:
        """Move a few holds."""
        if not self.lines:
            return
        self._move([self._move_line() for _ in range(self.chance.choice((1, 1, 2, 4)))])

    def do_retry(self) -> None:
        """Repeat an earlier call, as one does whose answer was lost."""
        if self.calls and self.chance.random() < 0.6:
            lines, whole = self.chance.choice(self.calls)
            self._ask(lines, whole=whole)
        elif self.moves:
            self._move([self.chance.choice(self.moves)])

    # -- how

    def _take_in(self, paper: str) -> None:
        given = Value(
            paper=paper, unit=self.chance.choice(UNITS), purpose=self.chance.choice(PURPOSES),
            amount_minor=self.chance.randrange(-1, 120),
            names=tuple(self.chance.sample(self.names, self.chance.randrange(3))),
        )  # fmt: skip
        (told,) = actions.take_in(values=[given], now=self.now, because="a history")
        expected = self.model.take_in(
            given.paper, given.unit, given.purpose, given.amount_minor, given.names
        )
        assert told.outcome == expected

    def _ask(self, lines: list[Ask], *, whole: bool) -> None:
        told = actions.hold(lines=lines, now=self.now, whole=whole)
        expected = self.model.hold(lines, self.now, whole=whole)
        assert [(a.refusal, a.granted_minor, a.free_minor, a.others) for a in told] == expected

    def _move(self, lines: list[MoveAsk]) -> None:
        told = actions.move(lines=lines, now=self.now)
        expected = [self.model.move(line, self.now) for line in lines]
        assert [(a.refusal, a.moved_minor, a.state) for a in told] == expected
        self.moves += lines

    def _lose(self, lines: list[Ask], *, whole: bool) -> None:
        """Ask in a transaction that is rolled back: it never was."""
        with transaction.atomic():
            actions.hold(lines=lines, now=self.now, whole=whole)
            transaction.set_rollback(True)

    def _line(self) -> Ask:
        if self.lines and self.chance.random() < 0.12:
            again = self.chance.choice(self.lines)
            if self.chance.random() < 0.3:
                again = replace(again, amount_minor=again.amount_minor + 1)
            return again
        amount = self.chance.randrange(-1, 70)
        line = Ask(
            id=self._id(), paper=self._paper(), purpose=self.chance.choice(PURPOSES),
            holder=self.chance.choice(HOLDERS), unit=self.chance.choice(UNITS),
            amount_minor=amount,
            at_least_minor=self.chance.choice((None, None, amount // 2, 1, amount + 1)),
            expires_at=None if self.chance.random() < 0.2  # committed at once
            else self.now + timedelta(hours=self.chance.randrange(-1, 90)),
        )  # fmt: skip
        self.lines.append(line)
        return line

    def _move_line(self) -> MoveAsk:
        if self.moves and self.chance.random() < 0.1:
            again = self.chance.choice(self.moves)
            return again if self.chance.random() < 0.7 else replace(again, event="release")
        event = self.chance.choice(EVENTS)
        return MoveAsk(
            id=self._id(),
            hold=self._id() if self.chance.random() < 0.03 else self.chance.choice(self.lines).id,
            event=event,
            amount_minor=self.chance.choice((None, None, self.chance.randrange(-1, 60))),
            by=self.chance.choice((None, None, *HOLDERS)),
            to=self.chance.choice(HOLDERS) if event == "hand-over" else None,
        )

    def _paper(self) -> str:
        return self.chance.choice(self.papers * 4 + self.names * 3 + self.declarations * 2)

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def _compare(self) -> None:
        with cursor() as cur:
            cur.execute(
                "select c.paper, b.purpose, amount_minor, own_minor, held_minor, committed_minor, "
                "spent_minor, over_used_since is not null "
                "from registry_book as b join registry_capacity as c on c.id = b.capacity_id "
                "where c.paper like %s",
                (f"%:CN.{self.seed}:%",),
            )
            found = {row[:2]: row[2:] for row in cur.fetchall()}
        assert found == {
            (worth.paper, purpose): (
                book.amount, book.own, book.held, book.committed, book.spent,
                book.used() > book.amount,
            )
            for worth in self.model.values.values()
            for purpose, book in worth.books.items()
        }  # fmt: skip


def play(seed: int, steps: int = 60) -> None:
    """Play one history; what the database did and what the model did agree at every step."""
    History(seed).play(steps)


def agree() -> None:
    """Every book is what the journal, and what its holds, add up to."""
    assert queries.disagreements() == ()
