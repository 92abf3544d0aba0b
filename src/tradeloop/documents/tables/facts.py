"""Facts of tables on their way to Parquet, and what is told beside them, within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from tradeloop.documents import facts
from tradeloop.documents.sink import table_of
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import and_more

ROWS_HELD = 4_096
# Told once for each sheet and column, with how many more there are: they say something of a column.
OF_A_COLUMN = frozenset(
    {"date-as-number", "formula-text", "currency-unknown", "country-unknown", "trade-mode-unknown",
     "customs-office-unknown"}
)  # fmt: skip


@dataclass(slots=True)
class TablesRead:
    """What one file of tables gave: its facts as Arrow tables, what is told, records by kind."""

    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    told: list[Placed] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    refused: bool = False  # whether a table of papers was recognised and not taken
    kind: str | None = None  # what the file is, where no record says so

    @property
    def facts(self) -> int:
        """How many records became facts."""
        return sum(self.records.values()) - sum(self.rejected.values())


class Collector:
    """Takes rows and findings one by one; `done` gives what they came to."""

    def __init__(self, file: int, digest: str) -> None:
        """Begin with nothing; every row will bear the file's key and digest."""
        self._own: Mapping[str, object] = {"file": file, "source_digest": digest}
        self._rows: dict[str, list[Mapping[str, object]]] = {}
        self._columns: dict[tuple[str, int, str | None, bool], list[Placed]] = {}
        self._found = TablesRead()

    def add(self, table: str, row: Mapping[str, object]) -> None:
        """Take one row of a table of facts."""
        rows = self._rows.setdefault(table, [])
        rows.append({**row, **self._own})
        if len(rows) == ROWS_HELD:
            self._flush(table, rows)

    def count(self, kind: str, *, rejected: bool) -> None:
        """Count one record that came in."""
        self._found.records[kind] = self._found.records.get(kind, 0) + 1
        if rejected:
            self._found.rejected[kind] = self._found.rejected.get(kind, 0) + 1

    def has(self, kind: str) -> bool:
        """Whether a record of this kind came in."""
        return kind in self._found.records

    def tell(self, placed: Placed) -> None:
        """Take one finding."""
        told = placed.told
        if told.code in OF_A_COLUMN:
            key = (told.code, placed.message, told.field, placed.line > 0)
            self._columns.setdefault(key, []).append(placed)
        else:
            self._found.told.append(placed)

    def tell_all(self, told: Sequence[Told], kind: str) -> None:
        """Take findings that are about the whole file."""
        self._found.told += [Placed(one, kind) for one in told]

    def done(self) -> TablesRead:
        """Return what all of it came to."""
        for table, rows in self._rows.items():
            self._flush(table, rows)
        for first, *more in self._columns.values():
            told = and_more(first.told, len(more))
            self._found.told.append(
                Placed(told, first.kind, first.message, first.record, first.line, first.place)
            )
        self._columns.clear()
        return self._found

    def _flush(self, table: str, rows: list[Mapping[str, object]]) -> None:
        if rows:
            made = table_of(rows, facts.tables()[table])
            self._found.tables.setdefault(table, []).append(made)
            rows.clear()
