"""A few papers are judged by the same questions, in milliseconds, by a PostgreSQL kept warm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date

from tradeloop.store.server import passing_server
from tradeloop.trades.lake.few_session import RESULTS, Results, Session, Tables


@dataclass(slots=True)
class Few:
    """A session that judges a few papers for one purpose, as of one day at a time."""

    address: str
    _sessions: dict[str, Session] = field(default_factory=dict)

    def judge(
        self, tables: Tables, *, purpose: str, on: date, wanted: Sequence[str] = RESULTS
    ) -> Results:
        """Return what `trades.judge` would make of the same facts.

        Args:
            tables: Rows by table; each row has the columns of `given_schemas`, as text.
            purpose: One of `judge.PURPOSES`.
            on: The day as of which to judge.
            wanted: Which results; verdicts alone come sooner.
        """
        return self.begin(tables, purpose=purpose, on=on, wanted=wanted)()

    def begin(
        self, tables: Tables, *, purpose: str, on: date, wanted: Sequence[str] = RESULTS
    ) -> Callable[[], Results]:
        """Begin to judge, and return what waits for the results: the server works meanwhile."""
        if purpose not in self._sessions:
            self._sessions[purpose] = Session(self.address, purpose)
        return self._sessions[purpose].begin(tables, on, wanted)

    def close(self) -> None:
        """End the sessions."""
        for session in self._sessions.values():
            session.con.close()
        self._sessions.clear()


@contextmanager
def few() -> Iterator[Few]:
    """Keep a judge of few papers warm for the length of a `with` block."""
    with ExitStack() as stack:
        judge = Few(stack.enter_context(passing_server()))
        stack.callback(judge.close)
        yield judge
