"""Where the table begins on a sheet: its row of headings, among titles and other tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tradeloop.documents.tables.headings import FLAT, Column, Fit, fits, is_heading
from tradeloop.documents.tables.sheet import Cell, Sheet, is_empty, text_of
from tradeloop.documents.told import Told
from tradeloop.documents.values import excerpt

ROWS_SEARCHED = 30
HEADING_LENGTH_MAX = 200
BOTH_FROM = 3  # columns of heads and of lines, from which a table is meant to hold both


@dataclass(frozen=True, slots=True)
class Table:
    """A table of papers on a sheet."""

    sheet: Sheet
    fit: Fit
    row: int  # of its headings
    headings: tuple[str, ...]  # those of its own block; empty where a column has none

    @property
    def extras(self) -> tuple[tuple[int, str], ...]:
        """The columns that hold no field of the kind, with their headings."""
        held = {column.index for column in self.fit.columns}
        held |= {index for _, index in self.fit.doubled}
        return tuple(
            (index, heading)
            for index, heading in enumerate(self.headings)
            if heading and index not in held
        )

    def place(self, row: int, column: Column | None = None) -> str:
        """Return where a cell of the table is, as its user finds it."""
        if column is None:
            return self.sheet.place(row)
        return self.sheet.place(row, column.index, column.heading)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found on a sheet: a table or none, and what is told of it, with its place."""

    table: Table | None = None
    told: tuple[tuple[Told, str | None], ...] = ()
    empty: bool = False
    kind: str = ""  # whose table was refused


def find_table(sheet: Sheet, file_name: str, *, lined: bool = False) -> Search:
    """Return the table that a sheet holds; a table that cannot be told for sure is refused.

    `lined`: its lines stand elsewhere, so that columns of goods beside papers only sum them up.
    """
    best: tuple[Fit, int, tuple[str, ...], int | None] | None = None
    rivals: list[Fit] = []
    blank = True
    for number, cells in islice(sheet.rows(), ROWS_SEARCHED):
        texts = tuple(map(_heading, cells))
        blank = blank and not any(text_of(cell) for cell in cells)
        own, beside = _blocks(texts)
        hint = f"{sheet.name} {file_name}"
        found = fits(own, hint)
        if beside is None and found and (cut := _doubled_beside(found[0], own)):
            own, beside = own[: cut[0]], cut[1]
            found = fits(own, hint)
        if found and (best is None or found[0].rank > best[0].rank):
            best, rivals = (found[0], number, own, beside), found
    if best is None:
        return Search(empty=blank)
    fit, row, headings, beside = best
    fit = fit if lined else _whole(fit, rivals)
    if not fit.good:
        return Search(None, _nearest(fit, sheet.place(row)))
    if tied := _tied(rivals):
        told = Told(
            "table-unknown", None, f"fits {' and '.join(tied)} alike",
            "a sheet or a file that is named as its kind",
        )  # fmt: skip
        return Search(None, ((told, sheet.place(row)),), kind=tied[0])
    if refusals := tuple(_refusals(sheet, fit, row)):
        return Search(None, refusals, kind=fit.kind.kind)
    notes = [] if beside is None else [_several(sheet, row, beside, "to the side")]
    return Search(Table(sheet, fit, row, headings), tuple(notes))


def _heading(cell: Cell) -> str:
    """Return a cell as a heading; a number or a long text is none."""
    if not isinstance(cell, str) or len(cell) > HEADING_LENGTH_MAX:
        return ""
    return " ".join(cell.split())


def looks_like_headings(cells: Sequence[Cell]) -> bool:
    """Whether a row below a table's headings is another row of headings."""
    texts = []
    for cell in cells:
        if is_empty(cell):
            continue
        # Nearly every row of papers ends here, before any word is looked up.
        if not _heading(cell) or str(cell)[0].isdigit():
            return False
        texts.append(_heading(cell))
    if len(texts) < 2 or not is_heading(texts[0]):  # noqa: PLR2004 - one word is no table
        return False
    return 2 * sum(map(is_heading, texts)) > len(texts)


def _blocks(texts: tuple[str, ...]) -> tuple[tuple[str, ...], int | None]:
    """Return the headings of the first table, and where a second one begins beside it.

    A column without a heading may be part of the table; it parts two tables if a heading that
    stood before it stands again behind it.
    """
    block: dict[str, int] = {}  # by heading, in which block it stood first
    gaps: list[tuple[int, int]] = []  # where each gap and the block behind it begin
    last = 0
    for index, text in enumerate(texts):
        if not text:
            continue
        if block and not texts[index - 1]:
            gaps.append((last + 1, index))
        last = index
        if block.setdefault(text, len(gaps)) < len(gaps):
            return texts[: gaps[-1][0]], gaps[-1][1]
    return texts, None


def _doubled_beside(fit: Fit, texts: tuple[str, ...]) -> tuple[int, int] | None:
    """Return where the table ends and another begins, if a gap parts a field from its double."""
    for first, again in fit.doubled:
        gaps = [index for index in range(first.index + 1, again) if not texts[index]]
        if gaps:
            begins = gaps[-1] + 1
            ends = max(index for index in range(begins) if texts[index]) + 1
            return ends, begins
    return None


def _several(sheet: Sheet, row: int, column: int, where: str) -> tuple[Told, str]:
    told = Told("tables-several", None, f"a second table {where}", "one table on a sheet")
    return told, sheet.place(row, column)


def _nearest(fit: Fit, place: str) -> tuple[tuple[Told, str | None], ...]:
    if len(fit.columns) < 3:  # noqa: PLR2004 - a common word or two make no likeness
        return ()
    known = ", ".join(column.heading for column in fit.columns[:6])
    wanted = "; ".join(_accepted(fit, index) for index in range(min(len(fit.missing), 4)))
    told = Told("table-unknown", None, f"nearest to {fit.kind.kind} by {known}", f"also {wanted}")
    return ((told, place),)


def _whole(fit: Fit, rivals: Sequence[Fit]) -> Fit:
    """Return the fit that reads papers and lines in one, where the headings are plainly of both.

    Else one heading that is missing would lose all lines, or all papers, without a word.
    """
    for one in rivals:
        if one.kind is fit.kind and one.part == FLAT and one.good:
            lines = sum(column.in_line for column in one.columns)
            own = sum(not (column.in_line or column.field.is_key) for column in one.columns)
            return one if min(lines, own) >= BOTH_FROM else fit
    return fit


def _tied(rivals: Sequence[Fit]) -> list[str]:
    first = rivals[0]
    kinds = {one.kind.kind for one in rivals if one.rank == first.rank}
    return sorted(kinds) if len(kinds) > 1 else []


def _refusals(sheet: Sheet, fit: Fit, row: int) -> Iterator[tuple[Told, str | None]]:
    for index, group in enumerate(fit.missing):
        told = Told("heading-missing", group[0].name, "no such heading", _accepted(fit, index))
        yield told, sheet.place(row)
    for first, again in fit.doubled:
        places = f"{sheet.place(row, first.index)} and {sheet.place(row, again)}"
        told = Told("heading-doubled", first.field.name, excerpt(places), "one column")
        yield told, sheet.place(row, again)


def _accepted(fit: Fit, index: int) -> str:
    words = [word for field in fit.missing[index] for word in (*field.zh, *field.en)]
    return excerpt(" or ".join(words[:6]))
