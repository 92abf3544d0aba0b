"""One worker's task: some files become Parquet parts of facts, and a note of what each came to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
from lxml import etree

from tradeloop.bulk.disk import as_disk_full
from tradeloop.documents import dec, fact_files, fast, tolerant
from tradeloop.documents.facts import tables
from tradeloop.documents.gather import MIB, Source, Unreadable, read_bytes
from tradeloop.documents.outcome import (
    Batch,
    Outcome,
    file_key,
    first_reason,
    pair_key,
    told_row,
)
from tradeloop.documents.recognise import Sort, kind_of_kept, recognise, root_name
from tradeloop.documents.shape import plain
from tradeloop.documents.sink import table_of, write_part
from tradeloop.documents.tables import files as table_files
from tradeloop.documents.tables.facts import TablesRead
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.tolerant import Read

FLUSH_BYTES = 8 * MIB  # plain files held as text columns before they become facts together

BECAUSE: Mapping[Sort, str] = {
    Sort.EMPTY: "the file is empty; get it again",
    Sort.DOCTYPE: "it declares a document type (DTD), which no customs message does; refused",
    Sort.NOT_XML: "it is named as XML but holds no element; get it again",
}


TABLES = frozenset({Sort.DELIMITED, Sort.JSON_LINES, Sort.WORKBOOK, Sort.DECLARATION})
READ_TABLES: Mapping[Sort, Callable[..., TablesRead]] = {
    Sort.DELIMITED: table_files.read_csv,
    Sort.JSON_LINES: table_files.read_jsonl,
    Sort.WORKBOOK: table_files.read_workbook,
    Sort.DECLARATION: dec.read_declarations,
}


def read_task(sources: Sequence[Source], *, into: Path, part: str) -> Batch:
    """Read `sources`, write their facts as one part of each table, return what each came to.

    Raises:
        DiskFull: There was no room for a part.
    """
    work = _Work()
    try:
        for source in sources:
            work.take(source)
        work.flush()
    except OSError as error:  # the fast reader writes a small file of its own
        raise as_disk_full(error, into) from error
    for table, pieces in sorted(work.facts.items()):
        write_part(into, table, part, pa.concat_tables(pieces).unify_dictionaries())
    return work.batch


class _Work:
    """The facts gathered so far, and the plain files that wait to be read together."""

    def __init__(self) -> None:
        self.batch = Batch()
        self.facts: dict[str, list[pa.Table]] = {}
        self.waiting: dict[str, list[tuple[Outcome, fast.Parsed]]] = {}
        self.bytes = 0

    def take(self, source: Source) -> None:
        """Read one file, or set it aside to be read with others of its kind."""
        outcome = Outcome(source.path, "unreadable", bytes=source.bytes)
        self.batch.outcomes.append(outcome)
        if fact_files.is_fact_file(source):
            self._take_fact_file(source, outcome)
            return
        try:
            data = read_bytes(source)
        except Unreadable as error:
            outcome.because = str(error)
            return
        outcome.bytes = len(data)
        outcome.digest = source.digest or hashlib.sha256(data).hexdigest()
        outcome.file = file_key(outcome.digest)
        sort = recognise(data, source.path)
        if sort in BECAUSE:
            outcome.because = BECAUSE[sort]
        elif sort is Sort.MESSAGES:
            self._take_messages(data, outcome)
        elif sort in TABLES:
            self._take_tables(sort, data, outcome, source.lines)
        elif sort is Sort.OTHER_XML:
            self._keep_other_xml(data, outcome)
        else:
            outcome.status, outcome.kind = "kept", kind_of_kept(data, source.path)

    def flush(self) -> None:
        """Turn the plain files that wait into facts; those with an odd value are read anew."""
        for files in self.waiting.values():
            found = fast.to_facts([parsed for _, parsed in files])
            for table, rows in found.tables.items():
                self.facts.setdefault(table, []).append(rows)
            for place, (outcome, parsed) in enumerate(files):
                if place in found.odd:
                    self._read_tolerantly(parsed.plain.whole, outcome)
                else:
                    self._count_plain(outcome, parsed)
                    self._tell(outcome, found.told.get(place, ()))
        self.waiting.clear()
        self.bytes = 0

    def _take_messages(self, data: bytes, outcome: Outcome) -> None:
        found = plain(data)
        parsed = found and fast.parse(outcome.file or 0, outcome.digest or "", found)
        if not parsed:
            self._read_tolerantly(data, outcome)
            return
        self.waiting.setdefault(parsed.plain.message.kind, []).append((outcome, parsed))
        self.bytes += len(data)
        if self.bytes > FLUSH_BYTES:
            self.flush()

    def _count_plain(self, outcome: Outcome, parsed: fast.Parsed) -> None:
        found = parsed.plain
        outcome.status, outcome.kind = "read", found.message.kind
        self._count(outcome, found.message.kind, found.records, 0)
        if found.declared and not found.signed:
            told = Told("signature-missing", "Signature", "none", "ds:Signature")
            self._tell(outcome, [Placed(told, found.message.kind, 1)])

    def _read_tolerantly(self, data: bytes, outcome: Outcome) -> None:
        self._add(tolerant.read(data), outcome)

    def _take_tables(self, sort: Sort, data: bytes, outcome: Outcome, of: Source | None) -> None:
        """Read a file of tables, together with the file of its lines if it has one."""
        lines, beside = None, None
        if of is not None:
            beside = Outcome(of.path, "unreadable", bytes=of.bytes)
            self.batch.outcomes.append(beside)
            lines = self._lines(of, beside)
            if beside.digest:
                outcome.file = pair_key(outcome.digest or "", beside.digest)
        read = partial(
            READ_TABLES[sort], data, file=outcome.file or 0, digest=outcome.digest or "",
            name=outcome.path.rpartition("/")[2],
        )  # fmt: skip
        try:
            found = read(lines=lines) if lines else read()
        except Unreadable as error:
            outcome.because = str(error)
            return
        self._add_tables(found, outcome)
        if beside and lines:
            beside.status, beside.kind = outcome.status, outcome.kind
            beside.because = outcome.because

    def _lines(self, source: Source, outcome: Outcome) -> tuple[str, bytes] | None:
        try:
            data = read_bytes(source)
        except Unreadable as error:
            outcome.because = str(error)
            return None
        outcome.bytes, outcome.digest = len(data), hashlib.sha256(data).hexdigest()
        outcome.file = file_key(outcome.digest)
        return source.path.rpartition("/")[2], data

    def _add_tables(self, found: TablesRead, outcome: Outcome) -> None:
        for table, pieces in found.tables.items():
            self.facts.setdefault(table, []).extend(pieces)
        self._count_and_tell(found, outcome)
        if found.facts:
            outcome.status = "read"
        elif found.records or found.refused:
            outcome.because, outcome.position = first_reason(found)
        else:
            outcome.status, outcome.kind = "kept", "table"

    def _add(self, found: Read, outcome: Outcome) -> None:
        for table, rows in found.rows.items():
            own = {"file": outcome.file, "source_digest": outcome.digest}
            made = table_of([{**row, **own} for row in rows], tables()[table])
            self.facts.setdefault(table, []).append(made)
        self._count_and_tell(found, outcome)
        if found.facts:
            outcome.status = "read"
        elif found.records or not _all_unknown(found):
            outcome.because, outcome.position = first_reason(found)
        else:
            outcome.status = "kept"

    def _count_and_tell(self, found: Read | TablesRead, outcome: Outcome) -> None:
        for kind, records in found.records.items():
            self._count(outcome, kind, records, found.rejected.get(kind, 0))
        outcome.kind = outcome.kind or ", ".join(found.records) or None
        self._tell(outcome, found.told)

    def _keep_other_xml(self, data: bytes, outcome: Outcome) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if not outcome.path.lower().endswith(".xml"):
                outcome.status = "kept"
                return
            outcome.because = f"not well-formed XML: {error.msg}; get it again"
            outcome.position = f"line {error.lineno}"
            return
        outcome.status = "kept"
        told = Told("message-unknown", None, root_name(data), "a root such as ceb:CEB603Message")
        self._tell(outcome, [Placed(told, "")])

    def _take_fact_file(self, source: Source, outcome: Outcome) -> None:
        found = fact_files.look(source)
        outcome.status, outcome.because, outcome.kind = found.status, found.because, found.table
        outcome.digest = found.digest
        outcome.file = file_key(found.digest) if found.digest else None
        if found.table and found.status == "read":
            self.batch.tables.setdefault(found.table, []).append(source.place)
            for kind, records in found.records.items():
                self._count(outcome, kind, records, 0)

    def _count(self, outcome: Outcome, kind: str, records: int, rejected: int) -> None:
        self.batch.counts.append(
            {"path": outcome.path, "kind": kind, "records": records, "rejected": rejected}
        )

    def _tell(self, outcome: Outcome, told: Sequence[Placed]) -> None:
        self.batch.told += [told_row(outcome, placed) for placed in told]


def _all_unknown(found: Read) -> bool:
    return bool(found.told) and all(one.told.code != "file-truncated" for one in found.told)
