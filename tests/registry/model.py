"""The registry as plainly as it can be written: dictionaries, one line after the other."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tradeloop.registry.facts import Ask, MoveAsk

LIVE = ("held", "committed")


@dataclass
class Book:
    """The figures of a value for one purpose."""

    amount: int = 0
    own: int | None = None
    held: int = 0
    committed: int = 0
    spent: int = 0

    def used(self) -> int:
        return self.held + self.committed + self.spent

    def left(self) -> int:
        return self.amount - self.used()


@dataclass
class Worth:
    """A value."""

    paper: str
    unit: str
    books: dict[str, Book] = field(default_factory=dict)
    frozen: bool = False
    into: Worth | None = None


@dataclass
class Hold:
    """A line and what became of it."""

    asked: Ask
    refusal: str | None
    granted: int
    free: int
    others: int
    worth: Worth | None
    state: str
    by: str
    rest: int
    spent: int = 0


class Model:
    """What the database must do."""

    def __init__(self) -> None:
        self.papers: dict[str, Worth | None] = {}
        self.values: dict[str, Worth] = {}
        self.holds: dict[UUID, Hold] = {}
        self.moves: dict[UUID, tuple[MoveAsk, str | None, int, str | None]] = {}

    def copied(self) -> Model:
        return copy.deepcopy(self)

    # -- values

    def take_in(
        self, paper: str, unit: str, purpose: str, amount: int, names: Sequence[str]
    ) -> str:
        worth = self.values.get(paper)
        if amount < 0:
            return "amount-negative"
        if worth and worth.unit != unit:
            return "unit-differs"
        if not worth and paper in self.papers:
            return "name-taken"
        if not worth:
            worth = self.values[paper] = Worth(paper, unit)
            self.papers[paper] = worth
        target = worth.into or worth
        for name in names:
            if name not in self.papers:
                self.papers[name] = target
            elif self.papers[name] is not target:
                self.papers[name] = None
        book = worth.books.get(purpose)
        if book and book.own == amount:
            return "unchanged"
        before = 0
        if book:
            before = book.own if book.own is not None else book.amount if target is worth else 0
        delta = amount - before
        outcome = "adjusted" if book else "opened"
        book = worth.books.setdefault(purpose, Book())
        book.own = amount
        whole = target.books.setdefault(purpose, Book())
        if target is worth or whole.own is None:
            whole.amount += delta
        return outcome

    def adjust(self, paper: str, purpose: str, unit: str, amount: int) -> str | None:
        worth = self.papers.get(paper)
        if amount < 0:
            return "amount-negative"
        if worth is None:
            return "several-values" if paper in self.papers else "unknown-capacity"
        if purpose not in worth.books:
            return "no-such-purpose"
        if worth.unit != unit:
            return "unit-differs"
        worth.books[purpose].amount = worth.books[purpose].own = amount
        return None

    def freeze(self, paper: str, *, frozen: bool) -> str | None:
        worth = self.papers.get(paper)
        if worth is None:
            return "several-values" if paper in self.papers else "unknown-capacity"
        worth.frozen = frozen
        return None

    def fold(self, into: str, parts: Sequence[str]) -> str | None:
        target = self.values.get(into)
        if any(part not in self.papers for part in parts):
            return "unknown-capacity"
        if any(self.papers[part] is None for part in parts):
            return "several-values"
        found = [self.papers[part] for part in parts]
        values = {id(one): one for one in found if one and one is not target}
        all_of_it = [*values.values(), *([target] if target else [])]
        lowest = min((one.unit for one in all_of_it), default="")
        children = [one.into for one in self.values.values()]
        wrong = sorted(
            (
                one.paper,
                "frozen" if one.frozen
                else "unit-differs" if one.unit != lowest
                else "folded-already",
            )
            for one in all_of_it
            if one.frozen or one.unit != lowest
            or (one is not target and any(one is child for child in children))
        )  # fmt: skip
        if wrong:
            return wrong[0][1]
        if target and not any(target is child for child in children):
            return "has-its-own-value"
        named = self.papers.get(into)
        if named and named is not target and id(named) not in values:
            return "name-taken"
        if not values:
            return None
        if not target:
            target = self.values[into] = Worth(into, lowest)
        for one in values.values():
            for purpose, book in one.books.items():
                whole = target.books.setdefault(purpose, Book())
                if whole.own is not None:
                    whole.own += book.amount
                for figure in ("amount", "held", "committed", "spent"):
                    setattr(whole, figure, getattr(whole, figure) + getattr(book, figure))
                    setattr(book, figure, 0)
            one.into = target
            for key, named in self.papers.items():
                if named is one:
                    self.papers[key] = target
            for hold in self.holds.values():
                if hold.worth is one and hold.state in LIVE:
                    hold.worth = target
        self.papers[into] = target
        return None

    # -- holds

    def hold(
        self, lines: Sequence[Ask], now: datetime, *, whole: bool
    ) -> list[tuple[str | None, int, int, int]]:
        tried = self.copied()
        answers = tried.one_by_one(lines, now)
        if any(line_refused(answers, i, "not-enough") and lines[i].id not in self.holds
               for i in range(len(lines))) and self._expire_in(lines, now):  # fmt: skip
            return self.hold(lines, now, whole=whole)
        if whole and any(refusal for refusal, *_ in answers):
            return self._refuse_all(lines, answers)
        self.__dict__ = tried.__dict__
        return answers

    def one_by_one(
        self, lines: Sequence[Ask], now: datetime
    ) -> list[tuple[str | None, int, int, int]]:
        answers = []
        for line in lines:
            before = self.holds.get(line.id)
            if before is None:
                before = self.holds[line.id] = self._grant(line, now)
            if before.asked != line:
                answers.append(("id-reused", 0, 0, 0))
            else:
                answers.append((before.refusal, before.granted, before.free, before.others))
        return answers

    def _grant(self, line: Ask, now: datetime) -> Hold:
        worth = self.papers.get(line.paper)
        book = worth.books.get(line.purpose) if worth else None
        least = line.amount_minor if line.at_least_minor is None else line.at_least_minor
        others = self._others(line, worth) if book else 0
        refusal = None
        granted = 0
        if line.amount_minor <= 0:
            refusal = "amount-not-positive"
        elif not 0 < least <= line.amount_minor:
            refusal = "least-not-within-amount"
        elif line.expires_at and line.expires_at <= now:
            refusal = "expires-too-early"
        elif line.paper not in self.papers:
            refusal = "unknown-capacity"
        elif worth is None:
            refusal = "several-values"
        elif book is None:
            refusal = "no-such-purpose"
        elif worth.unit != line.unit:
            refusal = "unit-differs"
        elif worth.frozen:
            refusal = "frozen"
        elif book.left() < least:
            refusal = "not-enough"
        else:
            granted = min(book.left(), line.amount_minor)
            if line.expires_at:
                book.held += granted
            else:
                book.committed += granted
        free = max(book.left(), 0) if book else 0
        return Hold(
            line, refusal, granted, free, others, worth,
            "refused" if refusal else "held" if line.expires_at else "committed",
            line.holder, granted,
        )  # fmt: skip

    def _others(self, line: Ask, worth: Worth | None) -> int:
        return sum(
            one.worth is worth and one.asked.purpose == line.purpose and one.state in LIVE
            and one.by != line.holder
            for one in self.holds.values()
        )  # fmt: skip

    def _refuse_all(
        self, lines: Sequence[Ask], answers: Sequence[tuple[str | None, int, int, int]]
    ) -> list[tuple[str | None, int, int, int]]:
        known = set(self.holds)
        said = []
        for line, (refusal, granted, free, others) in zip(lines, answers, strict=True):
            if line.id in known:
                said.append((refusal, granted, free, others))
                continue
            worth = self.papers.get(line.paper)
            book = worth.books.get(line.purpose) if worth else None
            left = max(book.left(), 0) if book else 0
            if line.id in self.holds:  # the same id again in this call
                first = self.holds[line.id]
                said.append(
                    (first.refusal, 0, first.free, first.others)
                    if first.asked == line else ("id-reused", 0, 0, 0)
                )  # fmt: skip
                continue
            reason = refusal or "another-line-refused"
            seen = self._others(line, worth) if book else 0
            self.holds[line.id] = Hold(
                line, reason, 0, left, seen, worth, "refused", line.holder, 0
            )
            said.append((reason, 0, left, seen))
        return said

    def _expire_in(self, lines: Sequence[Ask], now: datetime) -> bool:
        books = {(id(self.papers.get(one.paper)), one.purpose) for one in lines}
        due = [
            one for one in self.holds.values()
            if one.state == "held" and one.asked.expires_at <= now
            and (id(one.worth), one.asked.purpose) in books
        ]  # fmt: skip
        for one in due:
            self._free(one, "expired")
        return bool(due)

    def expire(self, now: datetime) -> None:
        for one in self.holds.values():
            if one.state == "held" and one.asked.expires_at <= now:
                self._free(one, "expired")

    def _free(self, hold: Hold, state: str) -> None:
        assert hold.worth is not None
        hold.worth.books[hold.asked.purpose].held -= hold.rest
        hold.rest = 0
        hold.state = state

    # -- moves

    def move(self, line: MoveAsk, now: datetime) -> tuple[str | None, int, str | None]:
        if line.id in self.moves:
            asked, *answer = self.moves[line.id]
            return tuple(answer) if asked == line else ("id-reused", 0, None)
        hold = self.holds.get(line.hold)
        if hold is None or (line.by is not None and line.by != hold.by):
            answer = ("unknown-hold", 0, None)
        else:
            refusal, moved = self._moved(hold, line, now)
            answer = (refusal, moved, hold.state)
        self.moves[line.id] = (line, *answer)
        return answer

    def _moved(self, hold: Hold, line: MoveAsk, now: datetime) -> tuple[str | None, int]:
        amount = hold.rest if line.amount_minor is None else line.amount_minor
        allowed = {
            "held": ("commit", "release", "expire", "hand-over"),
            "committed": ("release", "spend", "hand-over"),
        }
        if line.event not in allowed.get(hold.state, ()):
            return "move-not-allowed", 0
        if line.event == "hand-over":
            if not line.to:
                return "no-new-holder", 0
            if amount != hold.rest:
                return "not-in-part", 0
            hold.by = line.to
            return None, 0
        due = hold.asked.expires_at is not None and hold.asked.expires_at <= now
        if line.event == "expire":
            if not due:
                return "not-due", 0
            if amount != hold.rest:
                return "not-in-part", 0
        assert hold.worth is not None
        if line.event == "commit" and due:
            return "expired", 0
        if line.event == "commit" and hold.worth.frozen:
            return "frozen", 0
        if amount <= 0:
            return "amount-not-positive", 0
        if amount > hold.rest:
            return "more-than-held", 0
        book = hold.worth.books[hold.asked.purpose]
        if line.event == "commit":
            book.held -= hold.rest
            book.committed += amount
            hold.rest, hold.state = amount, "committed"
            return None, amount
        if hold.state == "held":
            book.held -= amount
        else:
            book.committed -= amount
        hold.rest -= amount
        if line.event == "spend":
            book.spent += amount
            hold.spent += amount
        if hold.rest == 0:
            hold.state = (
                "expired" if line.event == "expire" else "spent" if hold.spent else "released"
            )
        return None, amount


def line_refused(answers: Sequence[tuple[str | None, int, int, int]], i: int, why: str) -> bool:
    """Say whether line `i` was refused for this reason."""
    return answers[i][0] == why
