"""What the lots of all towns have in common, and what all places have where papers go."""

from __future__ import annotations

from typing import Protocol

from tradeloop.economy.papers.catalogue import Fault
from tradeloop.economy.papers.credit.plan import Plan
from tradeloop.economy.papers.paper import Paper


class Lot(Protocol):
    """Some trades that share papers, whatever the town."""

    @property
    def plan(self) -> Plan:
        """How it is odd, if at all."""

    @property
    def size(self) -> int:
        """How many trades it holds."""

    @property
    def day(self) -> int:
        """The day by which its papers are filed."""

    @property
    def keys(self) -> list[str]:
        """What its trades are called."""

    def papers(self) -> list[Paper]:
        """Return all its papers."""

    @property
    def more_wrong(self) -> list[tuple[str, str, str, str]]:
        """Rows of the truth about what follows of a fault on another trade."""

    @property
    def kept(self) -> list[tuple[str, bytes]]:
        """Its files of evidence: name and content."""

    @property
    def odd(self) -> list[tuple[str, str]]:
        """What looks odd about which trade, though nothing is wrong."""

    def shows_on(self, fault: Fault) -> list[str]:
        """Return the trades whose papers show the fault."""


class Sink(Protocol):
    """Where papers go."""

    @property
    def files(self) -> int:
        """How many files were written."""

    def write(self, paper: Paper, day: int) -> None:
        """Write one paper, filed by that day."""

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file of evidence."""

    def close(self) -> None:
        """Write what waits and finish."""
