"""Sheets become facts: heads, lines, or both in one table; each paper with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from tradeloop.documents.papers import PaperKind
from tradeloop.documents.tables.facts import Collector, TablesRead
from tradeloop.documents.tables.find import Search, Table, find_table
from tradeloop.documents.tables.headings import FLAT, LINES, Column
from tradeloop.documents.tables.record import At, Cells, Head, Records
from tradeloop.documents.tables.rows import Rows, TableRow
from tradeloop.documents.tables.sheet import Sheet, text_of
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import Value, excerpt

Key = tuple[Value, ...]


class SheetsReading:
    """The reading of all sheets of one workbook, or of one or two CSV files."""

    def __init__(self, collector: Collector, file_name: str) -> None:
        """Begin; the name of the file only says which of two kinds is meant."""
        self.collector = collector
        self.file_name = file_name
        self.records = Records(collector)
        self.heads: dict[str, list[Head]] = {}
        self.refused = False  # whether a table was recognised and not taken
        self.kinds: list[str] = []

    def run(self, sheets: Iterable[Sheet]) -> None:
        """Read every sheet: papers first, then the lines that belong to them."""
        searches = [(sheet, find_table(sheet, self.file_name)) for sheet in sheets]
        lined = {
            search.table.fit.kind.kind
            for _, search in searches
            if search.table and search.table.fit.part == LINES
        }
        searches = [
            (
                sheet,
                find_table(sheet, self.file_name, lined=True) if search.kind in lined else search,
            )
            for sheet, search in searches
        ]
        self.kinds = [search.table.fit.kind.kind for _, search in searches if search.table]
        for sheet, search in searches:
            self._tell_search(sheet, search)
        tables = [search.table for _, search in searches if search.table]
        for table in tables:
            if table.fit.part != LINES:
                self._read_papers(table)
        for table in tables:
            if table.fit.part == LINES:
                self._read_lines(table)

    @property
    def found(self) -> bool:
        """Whether any table of papers was there."""
        return bool(self.kinds)

    @property
    def kind(self) -> str:
        """The first kind of paper that was found."""
        return self.kinds[0] if self.kinds else ""

    def done(self) -> TablesRead:
        """Return what all sheets came to."""
        found = self.collector.done()
        found.refused = self.refused
        found.kind = self.kind or None
        return found

    def _tell_search(self, sheet: Sheet, search: Search) -> None:
        self.refused = self.refused or bool(search.kind)
        for told, place in search.told:
            self.collector.tell(Placed(told, search.kind, sheet.number, place=place))
        if search.table is None:
            return
        kind = search.table.fit.kind.kind
        for index, heading in search.table.extras:
            told = Told("column-unknown", excerpt(heading), None, None)
            place = sheet.place(search.table.row, index)
            self.collector.tell(Placed(told, kind, sheet.number, place=place))

    def _read_papers(self, table: Table) -> None:
        kind, flat = table.fit.kind, table.fit.part == FLAT
        head_columns = [one for one in table.fit.columns if not one.in_line]
        line_columns = [one for one in table.fit.columns if one.in_line]
        keys = [one for one in head_columns if one.field.is_key]
        rows, taken = Rows(table), _Taken()
        for row in rows:
            self._tell_rows(rows, kind)
            if not flat:
                head = self._head(table, row, head_columns)
                _add_up(rows, head_columns, head)
            else:
                head = taken.of(row, keys)
                if not taken.known:
                    head = self._head(table, row, head_columns)
                    taken.take(head.alone() if head else None, row, head_columns)
                    _add_up(rows, head_columns, head)
                elif head:
                    self._tell_difference(taken.differs(row), table, row, head)
                if head:
                    self._line(table, row, line_columns, head, rows)
            if head:
                self._extras(table, row, head)
        self._tell_rows(rows, kind)

    def _head(self, table: Table, row: TableRow, columns: Sequence[Column]) -> Head | None:
        head = self.records.head(
            table.fit.kind, self._cells(table, row, columns, 0), _at(table, row)
        )
        if head:
            self.heads.setdefault(table.fit.kind.kind, []).append(head.alone())
        return head

    def _line(
        self, table: Table, row: TableRow, columns: Sequence[Column], head: Head, rows: Rows
    ) -> None:
        cells = self._cells(table, row, columns, row.number, head)
        if not any(text_of(cell) for _, cell in cells):
            return
        values = self.records.line(head, cells, _at(table, row, head))
        for column in columns:
            rows.sums.add(column, values.get(column.field.name))

    def _read_lines(self, table: Table) -> None:
        kind = table.fit.kind
        line_columns = [one for one in table.fit.columns if one.in_line]
        keys = [one for one in table.fit.columns if not one.in_line]
        names = [one.field.name for one in keys]
        index: dict[Key, list[Head]] = {}
        for head in self.heads.get(kind.kind, ()):
            index.setdefault(tuple(head.values.get(name) for name in names), []).append(head)
        if not index and not self.collector.has(kind.kind):
            self._tell_no_heads(table)
            return
        rows = Rows(table)
        for row in rows:
            self._tell_rows(rows, kind)
            cells = self._cells(table, row, keys, row.number)
            key = self.records.key(cells, table.sheet.epoch)
            heads = index.get(key, [])
            if len(heads) == 1:
                self._line(table, row, line_columns, heads[0], rows)
                self._extras(table, row, heads[0])
            else:
                self._tell_homeless(table, row, key, keys, len(heads))
        self._tell_rows(rows, kind)

    def _tell_no_heads(self, table: Table) -> None:
        kind = table.fit.kind
        self.refused = True
        told = Told(
            "heads-missing", None, f"lines of {kind.kind}",
            "their papers in another sheet, or in a CSV file of the same name without "
            "“-lines” beside it",
        )  # fmt: skip
        place = table.place(table.row)
        self.collector.tell(Placed(told, kind.kind, table.sheet.number, place=place))

    def _tell_homeless(
        self, table: Table, row: TableRow, key: Key, keys: Sequence[Column], heads: int
    ) -> None:
        kind = table.fit.kind.kind
        seen = excerpt(" / ".join("" if value is None else str(value) for value in key))
        expected = "one paper with this number" if not heads else f"one paper, not {heads}"
        told = Told("line-without-head", keys[0].field.name, seen, expected)
        place = table.place(row.number, keys[0])
        self.collector.tell(Placed(told, kind, table.sheet.number, 0, row.number, place))

    def _tell_difference(
        self, column: Column | None, table: Table, row: TableRow, head: Head
    ) -> None:
        if column is None:
            return
        seen, first = excerpt(text_of(row.cell(column))), f"as in row {head.record}"
        told = Told("head-differs", column.field.name, seen, first)
        place = table.place(row.number, column)
        kind = head.kind.kind
        self.collector.tell(Placed(told, kind, head.message, head.record, row.number, place))

    def _tell_rows(self, rows: Rows, kind: PaperKind) -> None:
        table = rows.table
        for told, row, place in rows.told:
            where = (0, row) if table.fit.part == LINES else (row, 0)
            self.collector.tell(Placed(told, kind.kind, table.sheet.number, *where, place))
        rows.told.clear()

    def _cells(
        self,
        table: Table,
        row: TableRow,
        columns: Sequence[Column],
        line: int,
        head: Head | None = None,
    ) -> Cells:
        """Return the cells of some columns; a formula without a value is told and holds nothing."""
        cells = [(column, row.cell(column)) for column in columns]
        unvalued = table.sheet.unvalued
        if not unvalued:
            return cells
        for column in columns:
            formula = unvalued.get((row.number, column.index))
            if formula is not None:
                told = Told("formula-unvalued", column.field.name, excerpt(formula), "a value")
                record = head.record if head else row.number
                place = table.place(row.number, column)
                kind, number = table.fit.kind.kind, table.sheet.number
                self.collector.tell(Placed(told, kind, number, record, line, place))
        return [
            (column, None if (row.number, column.index) in unvalued else cell)
            for column, cell in cells
        ]

    def _extras(self, table: Table, row: TableRow, head: Head) -> None:
        pairs = [
            (heading, row.cells[index]) for index, heading in table.extras if index < len(row.cells)
        ]
        if pairs:
            lone = row.number == head.record and table.fit.part != LINES
            self.records.extras(pairs, head, _at(table, row, None if lone else head))


class _Taken:
    """The papers of a flat table that were taken already, by their keys."""

    def __init__(self) -> None:
        self._heads: dict[tuple[str, ...], tuple[Head | None, TableRow, Sequence[Column]]] = {}
        self._last: tuple[str, ...] | None = None
        self.known = False

    def of(self, row: TableRow, keys: Sequence[Column]) -> Head | None:
        """Return the paper that a row belongs to; keys left empty are those of the row above."""
        key = tuple(text_of(row.cell(column)) for column in keys)
        if self._last is None or any(
            here not in {"", above} for here, above in zip(key, self._last, strict=True)
        ):
            self._last = key
        self.known = self._last in self._heads
        return self._heads[self._last][0] if self.known else None

    def take(self, head: Head | None, row: TableRow, columns: Sequence[Column]) -> None:
        """Remember the paper of the row that `of` was asked about last."""
        if self._last is not None:
            self._heads[self._last] = (head, row, columns)

    def differs(self, row: TableRow) -> Column | None:
        """Return the first column in which a row says something else of its paper."""
        if self._last is None:
            return None
        _, first, columns = self._heads[self._last]
        for column in columns:
            here = text_of(row.cell(column))
            if here and here != text_of(first.cell(column)):
                return column
        return None


def _at(table: Table, row: TableRow, head: Head | None = None) -> At:
    """Return where a row stands: of a paper, or with `head` of a line of it."""
    place = partial(table.place, row.number)
    sheet = table.sheet
    if head is None:
        return At(sheet.number, row.number, 0, place, sheet.epoch)
    return At(head.message, head.record, row.number, place, sheet.epoch)


def _add_up(rows: Rows, columns: Sequence[Column], head: Head | None) -> None:
    if head:
        for column in columns:
            rows.sums.add(column, head.values.get(column.field.name))
