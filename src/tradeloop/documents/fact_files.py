"""Tables of facts that come as Parquet: looked at here, and read in place by the checks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tradeloop.documents.facts import kind_of_table, tables
from tradeloop.documents.gather import Source

TABLE_KEY = b"tradeloop.table"


@dataclass(frozen=True, slots=True)
class FactFile:
    """What a Parquet file is to us."""

    status: str  # read, kept, unreadable
    because: str | None = None
    table: str | None = None
    digest: str | None = None
    records: Mapping[str, int] = field(default_factory=dict)


def is_fact_file(source: Source) -> bool:
    """Whether to look at this file as at Parquet, without reading it whole."""
    return source.path.lower().endswith(".parquet") and not source.because


def look(source: Source) -> FactFile:
    """Return which table of facts the file holds and how many records; nothing raises."""
    if source.member is not None:
        return FactFile("unreadable", "Parquet inside an archive; unpack the archive first")
    path = Path(source.place)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        parquet = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        return FactFile("unreadable", f"not a Parquet file that opens: {error}; get it again")
    with parquet:
        name = _table_name(path, parquet.schema_arrow)
        if name is None:
            return FactFile("kept", digest=digest)
        if because := _unfit(parquet.schema_arrow, tables()[name]):
            return FactFile("unreadable", because, name, digest)
        return FactFile("read", None, name, digest, _records(parquet, name))


def _table_name(path: Path, schema: pa.Schema) -> str | None:
    told = (schema.metadata or {}).get(TABLE_KEY, b"").decode("utf-8", "replace")
    for name in (told, path.stem, path.stem.partition("-")[0], path.parent.name):
        if name in tables():
            return name
    return None


def _unfit(seen: pa.Schema, wanted: pa.Schema) -> str | None:
    """Return why the file is no such table: a column that is missing or of another type."""
    for column in wanted:
        place = seen.get_field_index(column.name)
        if place < 0:
            if not column.nullable:
                return f"column {column.name} is missing; every row needs its place"
            continue
        have = seen.field(place).type
        if pa.types.is_dictionary(have):
            have = have.value_type
        want = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if have != want and not pa.types.is_null(have) and not _widens(have, want):
            return f"column {column.name} has type {have}; expected {want}"
    return None


def _widens(have: pa.DataType, want: pa.DataType) -> bool:
    """Whether each value of `have` is one of `want` too."""
    if pa.types.is_decimal(have) and pa.types.is_decimal(want):
        whole = have.precision - have.scale <= want.precision - want.scale
        return bool(whole and have.scale <= want.scale)
    kinds = (pa.types.is_integer, pa.types.is_timestamp, pa.types.is_date)
    text = (pa.types.is_string, pa.types.is_large_string)
    return any(kind(have) and kind(want) for kind in kinds) or (
        any(kind(have) for kind in text) and pa.types.is_string(want)
    )


def _records(parquet: pq.ParquetFile, name: str) -> dict[str, int]:
    if name in kind_of_table():
        return {kind_of_table()[name]: parquet.metadata.num_rows}
    if name != "answers":
        return {}
    found: dict[str, int] = {}
    for batch in parquet.iter_batches(columns=["kind"]):
        for one in batch.column(0).value_counts().to_pylist():
            found[one["values"]] = found.get(one["values"], 0) + one["counts"]
    return found
