"""What a run of a town comes to: what was written, or why nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LINES_MAX = 100


class GenerationRefused(ValueError):
    """The wish cannot be fulfilled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What was written."""

    trades: int
    papers: Mapping[str, int]  # records of each kind, repeats included
    files: int  # of papers, without truth.csv and hard_negatives.csv
    faulty: int  # trades with a fault of their own
    odd: int  # clean trades that look odd
    into: Path
    truth: Path
    hard_negatives: Path


def refuse_nonsense(  # noqa: PLR0913 - the wishes of one command, all by name
    *,
    town: str,
    trades: int,
    faults: float,
    lines: tuple[int, int],
    form: str,
    forms: tuple[str, ...],
    into: Path,
) -> None:
    """Raise unless the wishes make sense and `into` is free.

    Raises:
        GenerationRefused: A number makes no sense, or the folder holds something.
    """
    if trades < 1:
        raise GenerationRefused(f"{trades} trades cannot be written. Ask for one or more.")
    if not 0 <= faults <= 1:
        raise GenerationRefused(f"A share of {faults} faulty trades is none. Give 0 to 1.")
    if not 1 <= lines[0] <= lines[1] <= LINES_MAX:
        raise GenerationRefused(
            f"Orders of {lines[0]} to {lines[1]} lines cannot be. "
            f"Give a least and a most between 1 and {LINES_MAX}."
        )
    if form not in forms:
        raise GenerationRefused(f"{town} has no form {form!r}. Choose {' or '.join(forms)}.")
    if into.exists() and any(into.iterdir()):
        raise GenerationRefused(
            f"{into} holds files already, and papers of two runs would mix. "
            "Name another folder, or empty this one."
        )
