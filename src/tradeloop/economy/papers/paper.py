"""A paper before it is written: its kind, its fields by their customs names, and its lines.

Amounts, quantities, prices and weights (kg) are whole numbers of 0.00001, so 1.25 is 125000.
Times are milliseconds and days are days, both since 1970 (`clock`). A field that is absent or
None is empty on the paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

WHOLE = 100_000
Row: TypeAlias = dict[str, Any]  # text or whole number, as the field asks


@dataclass(slots=True)
class Paper:
    """One record of a message."""

    kind: str  # CEB303
    head: Row
    lines: list[Row] = field(default_factory=list)

    def again(self, **changes: Any) -> Paper:  # noqa: ANN401 - a field is text or number
        """Return a second version of this paper, with `changes` in its head."""
        return Paper(self.kind, self.head | changes, [dict(line) for line in self.lines])


def times(quantity: int, price: int) -> int:
    """Return quantity times price in 0.00001, rounded down (our figures leave no rest)."""
    return quantity * price // WHOLE


def amount_text(value: int) -> str:
    """Return a number of 0.00001 as the papers write it.

    >>> amount_text(1_250_000), amount_text(-50_000), amount_text(300_000)
    ('12.5', '-0.5', '3')
    """
    whole, part = divmod(abs(value), WHOLE)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:05}".rstrip("0") if part else f"{sign}{whole}"
