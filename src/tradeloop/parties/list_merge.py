"""A new version of a list meets what earlier versions said: what stays, what ends, what comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from rapidfuzz.distance import OSA

from tradeloop.parties.list_lines import Unread

SLIPS_MAX = 2  # a line that cannot be read may mean a subject that differs by so many letters
UNREAD_MAX = 1_000  # with more of them nobody can say whom the version leaves out
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an entry says, but for its first day."""

    subject: str
    name: str | None
    country: str | None
    number: bytes | None
    value: str
    to_date: date | None
    source: str
    appeal_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entry of earlier versions; `last` is the last day that counts of it."""

    id: int
    content: Content
    from_date: date
    last: date | None
    upheld_on: date | None = None  # an appeal against it was

    def counts_from(self, day: date) -> bool:
        """Whether any of its days is that day or later."""
        return self.last is None or (self.last >= day and self.last >= self.from_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the new version; without a first day it counts from that of the version."""

    line: int
    content: Content
    from_date: date | None


@dataclass(slots=True)
class Merged:
    """What the new version changes."""

    added: list[tuple[Content, date]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)  # on the day before the version's first
    kept: int = 0
    warnings: list[str] = field(default_factory=list)


def merge(
    held: Iterable[Held], rows: Sequence[Row], *, from_date: date, unread: Sequence[Unread] = ()
) -> Merged:
    """Return what a version that counts from a day changes of a list.

    Of days before `from_date`, what was said of a subject stays. From then on only the version
    counts: what it says otherwise or no longer ends the day before. A line that says the same as an
    entry keeps it; of its other days those are added of which nothing was said.

    Args:
        held: All entries of the list.
        rows: Of one subject, no two for the same day.
        from_date: The first day of the version.
        unread: Lines that were not taken: whom one may mean stays listed.
    """
    known: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        known[one.content.subject].append(one)
    said: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        said[row.content.subject].append(row)
    done = Merged()
    for subject, its_rows in said.items():
        _subject(known.get(subject, []), its_rows, from_date, done)
    _missing(known, said, from_date, unread, done)
    return done


def _subject(held: Sequence[Held], rows: Sequence[Row], from_date: date, done: Merged) -> None:
    spoken: list[tuple[date, date | None]] = []
    for one in held:
        if not one.counts_from(from_date):
            spoken.append((one.from_date, one.last))
        elif any(_continues(one, row, from_date) for row in rows):
            spoken.append((one.from_date, one.last))
            done.kept += 1
        else:
            done.ended.append(one.id)
            spoken.append((one.from_date, from_date - DAY))
    for row in rows:
        begins = row.from_date or from_date
        if any(one.upheld_on and one.content.value == row.content.value
               and (row.from_date is None or row.from_date <= one.upheld_on)
               for one in held):  # fmt: skip
            done.warnings.append(
                f"line {row.line}: an appeal of {row.content.subject} was upheld, so it stays off "
                "the list; give the line a later first day to list it again"
            )
            continue
        for first, last in _gaps(begins, row.content.to_date, spoken):
            done.added.append((replace(row.content, to_date=last), first))


def _continues(held: Held, row: Row, from_date: date) -> bool:
    return held.content == row.content and (
        row.from_date is None or row.from_date <= max(held.from_date, from_date)
    )


def _gaps(
    first: date, last: date | None, spoken: Iterable[tuple[date, date | None]]
) -> list[tuple[date, date | None]]:
    """Return the days from `first` to `last` that lie in none of the periods.

    >>> day = lambda n: date(2026, 1, n)
    >>> [(a.day, b and b.day) for a, b in _gaps(day(1), None, [(day(3), day(5))])]
    [(1, 2), (6, None)]
    """
    found: list[tuple[date, date | None]] = []
    end = last or date.max
    at: date | None = first
    for begins, ends in sorted((a, b or date.max) for a, b in spoken):
        if at is None or begins > end:
            break
        if ends < at or ends < begins:
            continue
        if begins > at:
            found.append((at, begins - DAY))
        at = None if ends >= end else ends + DAY
    if at is not None and at <= end:
        found.append((at, last))
    return found


def _missing(
    known: Mapping[str, Sequence[Held]],
    said: Mapping[str, object],
    from_date: date,
    unread: Sequence[Unread],
    done: Merged,
) -> None:
    missing: dict[str, list[Held]] = {}
    for subject, held in known.items():
        if subject not in said and (its := [one for one in held if one.counts_from(from_date)]):
            missing[subject] = its
    if len(unread) > UNREAD_MAX and missing:
        done.kept += sum(map(len, missing.values()))
        done.warnings.append(
            f"{len(unread):,} lines were not read, so all {len(missing):,} whom no other line "
            "names stay listed; mend the file, and take it again"
        )
        return
    for line in unread:
        for subject in _meant(line, missing):
            done.kept += len(missing.pop(subject))
            done.warnings.append(
                f"line {line.line} was not read and may mean {subject}, which therefore stays "
                "listed; mend the line, or remove it"
            )
    done.ended += [one.id for its in missing.values() for one in its]


def _meant(unread: Unread, missing: Mapping[str, Sequence[Held]]) -> list[str]:
    """Return whom a line may mean that could not be read: the nearest key, or the same name."""
    named = [
        subject
        for subject, held in missing.items()
        if unread.name and any(one.content.name == unread.name for one in held)
    ]
    if named or not unread.subject:
        return named
    slips = {s: OSA.distance(unread.subject, s, score_cutoff=SLIPS_MAX) for s in missing}
    fewest = min(slips.values(), default=SLIPS_MAX + 1)
    return [s for s, found in slips.items() if found == fewest <= SLIPS_MAX]
