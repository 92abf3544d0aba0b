"""Whatever is posted, undone and repeated, the books agree with a plain model on every day."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradeloop.kit.money import Money
from tradeloop.ledger import actions, queries
from tradeloop.ledger.actions import AlreadyUndone, EntryUnknown, KeyReused, UndoImpossible
from tradeloop.ledger.facts import Entry, Posting

START = date(2026, 1, 1)
NOON = datetime(2026, 2, 1, 4, tzinfo=UTC)
DAYS = tuple(START + timedelta(days=day) for day in range(4))
ACCOUNTS = ("a:cash", "a:owes:b", "b:cash", "x:exchange")
CURRENCIES = ("USD", "CNY", "JPY")
RUN = itertools.count()

amounts = st.builds(Money, st.integers(1, 10**6) | st.just(2**62), st.sampled_from(CURRENCIES))
postings = st.builds(
    lambda sides, amount: Posting(debit=sides[0], credit=sides[1], amount=amount),
    st.permutations(ACCOUNTS), amounts,
)  # fmt: skip
entries = st.builds(
    lambda key, on, why, lines: Entry(key=key, on=on, why=why, postings=tuple(lines)),
    st.sampled_from("pqrstu"), st.sampled_from(DAYS), st.sampled_from(["sold", "bought"]),
    st.lists(postings, min_size=1, max_size=3),
)  # fmt: skip
undos = st.tuples(st.sampled_from("vwxpq"), st.sampled_from("pqrstuv"), st.sampled_from(DAYS))
histories = st.lists(st.lists(entries, min_size=1, max_size=3) | undos, max_size=12)


class Books:
    """The model: a list of entries, and the sums of their legs counted anew each time."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries: dict[str, Entry] = {}

    def post(self, given: list[Entry]) -> type[Exception] | None:
        """Take all entries or none; say what a refusal is called."""
        kept = dict(self.entries)
        for entry in given:
            if entry.reverses is not None and entry.key not in kept:
                if refused := self._refused(entry, kept):
                    return refused
            elif kept.get(entry.key, entry) != entry:
                return KeyReused
            kept[entry.key] = entry
        self.entries = kept
        return None

    def undo(self, key: str, undoes: str, on: date) -> type[Exception] | None:
        """Undo as the ledger does."""
        if undoes not in self.entries:
            return EntryUnknown
        return self.post([self.entries[undoes].undone(key=key, on=on, why="No")])

    @staticmethod
    def _refused(entry: Entry, kept: dict[str, Entry]) -> type[Exception] | None:
        target = kept[entry.reverses or ""]
        if any(other.reverses == target.key for other in kept.values()):
            return AlreadyUndone
        if target.reverses is not None or entry.on < target.on:
            return UndoImpossible
        return None

    def sums(self, on: date) -> Counter[tuple[str, str]]:
        """Return debits less credits of each account and currency at the end of a day."""
        found: Counter[tuple[str, str]] = Counter()
        for entry in self.entries.values():
            for posting in entry.postings if entry.on <= on else ():
                found[posting.debit, posting.amount.currency] += posting.amount.minor
                found[posting.credit, posting.amount.currency] -= posting.amount.minor
        return found


def attempt(action: Callable[[], object]) -> type[Exception] | None:
    try:
        action()
    except actions.PostingRefused as refusal:
        return type(refusal)
    return None


def scoped(run: int, entry: Entry) -> Entry:
    """The same entry with accounts and key of this run alone: all runs share one database."""
    return replace(
        entry,
        key=f"{run}-{entry.key}",
        postings=tuple(
            replace(posting, debit=f"{run}{posting.debit}", credit=f"{run}{posting.credit}")
            for posting in entry.postings
        ),
    )


def check_history(history: list[list[Entry] | tuple[str, str, date]]) -> None:
    run, books = next(RUN), Books()
    for step in history:
        if isinstance(step, tuple):
            key, undoes, on = f"{run}-{step[0]}", f"{run}-{step[1]}", step[2]
            expected = books.undo(key, undoes, on)
            told = attempt(
                lambda key=key, undoes=undoes, on=on: actions.undo(  # type: ignore[misc]
                    key=key, undoes=undoes, on=on, why="No", at=NOON
                )
            )
        else:
            given = [scoped(run, entry) for entry in step]
            expected = books.post(given)
            told = attempt(lambda given=given: actions.post(entries=given, at=NOON))  # type: ignore[misc]
        assert told == expected

    for day in DAYS:
        sums = books.sums(day)
        found = queries.balances(f"{run}", on=day)
        mine = {(one.account, one.debit.currency): one.balance.minor for one in found
                if (one.account, one.debit.currency) in sums}  # fmt: skip
        assert mine == dict(sums)
        assert queries.trial_balance(on=day).is_even
    for account in ACCOUNTS:
        for kept in queries.statement(f"{run}{account}", from_on=DAYS[1], to_on=DAYS[2]):
            name = f"{run}{account}", kept.opening.currency
            assert kept.opening.minor == books.sums(DAYS[0])[name]
            assert kept.closing.minor == books.sums(DAYS[2])[name]
            assert kept.opening.minor + sum(one.amount.minor for one in kept.movements) == (
                kept.closing.minor
            )
    assert queries.different_sums() == ()


SHARED_DATABASE = [HealthCheck.function_scoped_fixture]


@pytest.mark.usefixtures("database")
@settings(max_examples=25, deadline=None, suppress_health_check=SHARED_DATABASE)
@given(histories)
def test_every_short_history_agrees_with_the_model(
    history: list[list[Entry] | tuple[str, str, date]],
) -> None:
    check_history(history)


@pytest.mark.soak
@pytest.mark.usefixtures("database")
@settings(max_examples=500, deadline=None, suppress_health_check=SHARED_DATABASE)
@given(histories)
def test_thousands_of_histories_agree_with_the_model(
    history: list[list[Entry] | tuple[str, str, date]],
) -> None:
    check_history(history)
