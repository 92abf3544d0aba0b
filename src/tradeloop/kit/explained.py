"""A figure that explains itself: line by line, each with its amount, its clause and its terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tradeloop.kit.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step. `change` is what it adds; all changes together are the result."""

    code: str  # kebab-case, never renamed
    says: str
    change: Money
    figure: Money  # where the calculation stands after this line
    clause: str  # the rule in words, and where it comes from
    terms: tuple[tuple[str, str], ...]  # each term used, and its value


@dataclass(frozen=True, slots=True)
class Explained:
    """A result and the lines that lead to it."""

    lines: tuple[Line, ...]

    @property
    def result(self) -> Money:
        """Where the last line arrived."""
        return self.lines[-1].figure

    @classmethod
    def start(
        cls,
        code: str,
        figure: Money,
        says: str,
        clause: str,
        terms: tuple[tuple[str, str], ...] = (),
    ) -> Self:
        """Begin with a figure."""
        line = Line(
            code=code, says=says, change=figure, figure=figure, clause=clause, terms=terms
        )  # fmt: skip
        return cls((line,))

    def then(
        self,
        code: str,
        figure: Money,
        says: str,
        clause: str,
        terms: tuple[tuple[str, str], ...] = (),
    ) -> Self:
        """Go on to another figure; the change is what lies between."""
        line = Line(
            code=code, says=says, change=figure - self.result, figure=figure, clause=clause,
            terms=terms,
        )  # fmt: skip
        return type(self)((*self.lines, line))
