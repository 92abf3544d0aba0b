"""What was noticed about a trade, how much it weighs, and what to do about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Kebab-case. A code is public, and never renamed."""


class FindingIncomplete(ValueError):
    """A finding lacks what its reader needs in order to act on it."""


class Weight(StrEnum):
    """How much a finding matters. Ordered by severity, not by spelling."""

    NOTE = "note"
    """Worth knowing; changes nothing."""
    REVIEW = "review"
    """A person has to look."""
    REFUSE = "refuse"
    """It cannot stand as it is."""

    @property
    def of_weight(self) -> bool:
        """Whether somebody has to act: a review or a refusal, but not a note."""
        return self > Weight.NOTE

    @property
    def severity(self) -> int:
        """Position from 0, the lightest."""
        return tuple(Weight).index(self)

    def __lt__(self, other: str) -> bool:
        """Say whether this is lighter than `other`, a weight or its word."""
        return self.severity < Weight(other).severity

    def __le__(self, other: str) -> bool:
        """Say whether this is no heavier than `other`."""
        return self.severity <= Weight(other).severity

    def __gt__(self, other: str) -> bool:
        """Say whether this is heavier than `other`."""
        return self.severity > Weight(other).severity

    def __ge__(self, other: str) -> bool:
        """Say whether this is no lighter than `other`."""
        return self.severity >= Weight(other).severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason, with the figures, the way out and the authority for it."""

    code: str  # kebab-case, as listed in the reference
    weight: Weight
    because: str  # what was seen and what was expected
    remedy: str  # what the reader can do next
    source: str  # law, notice, manual or wording that asks for it

    def __post_init__(self) -> None:
        """Refuse a code that is not kebab-case, and sentences that say nothing."""
        if not CODE.fullmatch(self.code):
            raise FindingIncomplete(
                f"{self.code!r} is no finding code. Write small letters and digits with single "
                "hyphens, such as sum-differs."
            )
        empty = [name for name in ("because", "remedy", "source") if not getattr(self, name)]
        if empty:
            raise FindingIncomplete(
                f"Finding {self.code} does not say its {', '.join(empty)}. "
                "Fill in each: a reader acts on it."
            )


def worst(weights: Iterable[Weight]) -> Weight | None:
    """Return the heaviest of `weights`, or None if there are none."""
    return max(weights, default=None)
