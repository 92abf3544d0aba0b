"""Which kind of paper a row of headings stands for, and which column holds which field.

A heading is known by its words in Chinese or English, in any order, with what people add to it:
`金额 | Amount`, `毛重（千克）`, `币种*`. Nothing is guessed: two kinds that fit as well are told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tradeloop.documents.papers import PaperField, PaperKind, paper_kinds

HEADS, LINES, FLAT = "heads", "lines", "flat"
INNER = "inner"  # lines within their paper, as JSON has them
FITS_FROM = 0.6  # of the headings that a kind needs; below it a table is of another kind
GROUPS_MIN = 2
NOISE = re.compile(r"[\s_.:*\-]+")
BRACKETS = re.compile(r"\(([^()]*)\)")
PARTS = re.compile(r"[|/\n]|(?<=[\u4e00-\u9fff)])\s+(?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Column:
    """One column that holds a field."""

    index: int
    field: PaperField
    heading: str
    in_line: bool  # whether it belongs to the lines of a paper


@dataclass(frozen=True, slots=True)
class Fit:
    """How the headings fit one kind of paper, read as its heads, its lines or both in one."""

    kind: PaperKind
    part: str
    columns: tuple[Column, ...]
    doubled: tuple[tuple[Column, int], ...]  # a column, and where its field stands again
    missing: tuple[tuple[PaperField, ...], ...]  # each a group of which one is needed
    needed: int
    hinted: bool

    @property
    def rank(self) -> tuple[bool, int, bool, float]:
        """What makes one fit better than another."""
        return not self.missing, len(self.columns), self.hinted, self.share

    @property
    def share(self) -> float:
        """How much of what the kind needs is there."""
        return (self.needed - len(self.missing)) / self.needed

    @property
    def good(self) -> bool:
        """Whether this can be a table of the kind at all."""
        found = self.needed - len(self.missing)
        return found >= min(GROUPS_MIN, self.needed) and self.share >= FITS_FROM


def fits(headings: Sequence[str], hint: str) -> list[Fit]:
    """Return how the headings fit each kind, the best first; only those with a column in common."""
    hint = normal(hint)
    found = []
    for kind in paper_kinds().values():
        hinted = any(normal(name) in hint for name in (kind.kind, kind.table, kind.name_zh))
        for part in (HEADS, LINES, FLAT) if kind.line_table else (HEADS,):
            fit = _fit(kind, part, headings, hinted=hinted)
            if fit.columns:
                found.append(fit)
    return sorted(found, key=lambda one: one.rank, reverse=True)


def fit_of(kind: PaperKind, part: str, headings: Sequence[str]) -> Fit:
    """Return how the headings fit one kind that is known already."""
    return _fit(kind, part, headings, hinted=True)


@cache
def known_words() -> frozenset[str]:
    """Return every heading of every kind, in its plain form."""
    return frozenset(
        word
        for kind in paper_kinds().values()
        for fields in (kind.head_fields, kind.line_fields)
        for word in _words(fields)
    )


def is_heading(text: str) -> bool:
    """Whether a cell's text is a heading of some kind of paper."""
    return any(word in known_words() for word in _candidates(text))


@lru_cache(maxsize=8_192)
def normal(text: str) -> str:
    """Return a heading's plain form.

    >>> normal("Trade No. *"), normal("毛重（千克）"), normal("trade_no")
    ('tradeno', '毛重(千克)', 'tradeno')
    """
    return NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def groups(fields: Sequence[PaperField]) -> list[tuple[PaperField, ...]]:
    """Return the fields that are needed, those that stand for each other together."""
    found: dict[str, list[PaperField]] = {}
    for field in fields:
        if field.required:
            found.setdefault(field.group or f"={field.name}", []).append(field)
    return [tuple(group) for group in found.values()]


def _fit(kind: PaperKind, part: str, headings: Sequence[str], *, hinted: bool) -> Fit:
    head = {LINES: kind.key, INNER: ()}.get(part, kind.head_fields)
    line = kind.line_fields if part != HEADS else ()
    head_words, line_words = _words(tuple(head)), _words(tuple(line))
    columns: dict[tuple[str, bool], Column] = {}
    doubled = []
    for index, heading in enumerate(headings):
        found = _resolve(heading, head_words, line_words) if heading else None
        if found is None:
            continue
        column = Column(index, found[0], heading, in_line=found[1])
        first = columns.setdefault((column.field.name, column.in_line), column)
        if first is column or _parted(columns, first, column, line_words):
            continue
        doubled.append((first, index))
    there = set(columns)
    needs = [(group, False) for group in groups(head)] if part != LINES else []
    if part == LINES:
        needs = [(kind.key[:1], False)]  # its other keys are wanted only where one is not enough
    needs += [(group, True) for group in groups(line)]
    missing = tuple(
        group
        for group, in_line in needs
        if not any((field.name, in_line) in there for field in group)
    )
    return Fit(kind, part, tuple(columns.values()), tuple(doubled), missing, len(needs), hinted)


def _parted(
    columns: dict[tuple[str, bool], Column],
    first: Column,
    again: Column,
    line: Mapping[str, PaperField],
) -> bool:
    """Give one of two columns of one field to the lines, where only its heading is theirs too.

    `总件数` is the paper's alone, so that `箱数` beside it is the line's.
    """
    theirs = [found for one in (first, again) if (found := _resolve(one.heading, {}, line))]
    if first.in_line or len(theirs) != 1 or (theirs[0][0].name, True) in columns:
        return False
    moved, kept = (first, again) if _resolve(first.heading, {}, line) else (again, first)
    columns[kept.field.name, False] = kept
    columns[theirs[0][0].name, True] = Column(
        moved.index, theirs[0][0], moved.heading, in_line=True
    )
    return True


def _resolve(
    heading: str, head: Mapping[str, PaperField], line: Mapping[str, PaperField]
) -> tuple[PaperField, bool] | None:
    for word in _candidates(heading):
        if word in head:
            return head[word], False
        if word in line:
            return line[word], True
    return None


@lru_cache(maxsize=8_192)
def _candidates(heading: str) -> tuple[str, ...]:
    """Return the words that a heading may be known by, the most exact first."""
    return tuple(dict.fromkeys(word for word in _spoken(heading) if word))


def _spoken(heading: str) -> Iterator[str]:
    yield normal(heading)
    parts = [part for part in PARTS.split(unicodedata.normalize("NFKC", heading)) if part]
    if len(parts) > 1:
        yield from map(normal, parts)
    for text in (heading, *parts):
        yield normal(BRACKETS.sub("", unicodedata.normalize("NFKC", text)))


@cache
def _words(fields: tuple[PaperField, ...]) -> Mapping[str, PaperField]:
    found: dict[str, PaperField] = {}
    for field in fields:
        for word in (field.name, *field.zh, *field.en):
            found.setdefault(normal(word), field)
    return found


def bracketed(heading: str) -> str:
    """Return what stands in the brackets of a heading, such as a currency.

    >>> bracketed("金额（USD）")
    'USD'
    """
    found = BRACKETS.search(unicodedata.normalize("NFKC", heading))
    return found[1].strip() if found else ""
