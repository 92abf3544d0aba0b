"""How fast messages become facts on disk, beside one process that reads them with lxml's iterparse.

Both sides do the same: read 1,000 files of 100 declaration lists with two lines each, take each
file's SHA-256, give every field its type and write Parquet. Prints the median of paired runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from lxml import etree

from tradeloop.documents.facts import ARROW, tables
from tradeloop.documents.gather import gather
from tradeloop.documents.layout import Field, messages
from tradeloop.documents.read import read
from tradeloop.economy import papers

FILES = 1_000
LISTS_A_FILE = 100
ODD_SHARE = 0.03
CEB = "{http://www.chinaport.gov.cn/ceb}"
ODD: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data.replace(b"<ceb:ieFlag>", b"<ceb:colour>red</ceb:colour><ceb:ieFlag>", 1),
    lambda data: data.replace(b"<ceb:gmodel>", b"<ceb:gmodel><![CDATA[x]]>", 1),
    lambda data: data.replace(b"<ceb:packNo>", b"<ceb:packNo>x", 1),
    lambda data: b"stray" + data,
)


def main() -> None:
    """Make the files, run both sides in turns, print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--runs", type=int, default=5, help="paired runs (default 5)")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder:
        work = Path(folder)
        plain, odd = _make_files(work)
        size = sum(path.stat().st_size for path in plain.iterdir())
        rows = [_one_round(plain, odd, work) for _ in range(asked.runs)]
    ours, peer, with_odd = (statistics.median(column) for column in zip(*rows, strict=True))
    result = {
        "files": FILES,
        "megabytes": round(size / 1e6, 1),
        "ours_mb_s": round(size / 1e6 / ours, 1),
        "iterparse_mb_s": round(size / 1e6 / peer, 1),
        "ours_vs_iterparse": round(statistics.median(row[1] / row[0] for row in rows), 2),
        "with_3_percent_odd_vs_plain": round(statistics.median(row[0] / row[2] for row in rows), 2),
        "ours_with_odd_mb_s": round(size / 1e6 / with_odd, 1),
    }
    print(json.dumps(result, indent=None if asked.json else 2))


def _make_files(work: Path) -> tuple[Path, Path]:
    """Write the plain files, and a second set of which every 33rd is odd."""
    town = work / "town"
    papers.generate(
        town="hangzhou", trades=2_000, seed=1, faults=0, form="papers", into=town,
        lines_min=2, lines_max=2,
    )  # fmt: skip
    given = [path.read_bytes() for path in sorted((town / "CEB603").iterdir())]
    given = [data for data in given if data.count(b"<ceb:Inventory>") == LISTS_A_FILE]
    plain, odd = work / "plain", work / "odd"
    plain.mkdir()
    odd.mkdir()
    every = round(1 / ODD_SHARE)
    for number in range(FILES):
        # A comment in front would be odd; another guid makes each file's bytes its own.
        data = given[number % len(given)].replace(b'guid="', b'guid="%06d' % number, 1)
        (plain / f"{number:04}.xml").write_bytes(data)
        if number % every == 0:
            data = ODD[number // every % len(ODD)](data)
        (odd / f"{number:04}.xml").write_bytes(data)
    return plain, odd


def _one_round(plain: Path, odd: Path, work: Path) -> tuple[float, float, float]:
    return (
        _timed(lambda: _ours(plain, work / "out")),
        _timed(lambda: _iterparse(plain, work / "out")),
        _timed(lambda: _ours(odd, work / "out")),
    )


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ours(folder: Path, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    batch = read(gather([folder]), into=out)
    assert sum(int(str(count["records"])) for count in batch.counts) == FILES * LISTS_A_FILE


def _iterparse(folder: Path, out: Path) -> None:
    """The peer: one process, columns gathered as lists, types given by Arrow at the end."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    message = messages()["CEB603"]
    head = {field.name: [] for field in message.head_fields}
    line = {field.name: [] for field in message.line_fields}
    places: list[tuple[str, int]] = []
    line_places: list[tuple[str, int, int]] = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        for number, (_, record) in enumerate(etree.iterparse(_stream(data), tag=CEB + "Inventory")):
            _take(record.find(CEB + "InventoryHead"), head)
            places.append((digest, number))
            for place, node in enumerate(record.iterfind(CEB + "InventoryList")):
                _take(node, line)
                line_places.append((digest, number, place))
            record.clear()
    assert len(places) == FILES * LISTS_A_FILE
    _write(out / "lists.parquet", head, message.head_fields, places)
    _write(out / "list_lines.parquet", line, message.line_fields, line_places)


def _stream(data: bytes) -> object:
    import io  # noqa: PLC0415 - the peer's own need

    return io.BytesIO(data)


def _take(node: etree._Element, columns: dict[str, list[str | None]]) -> None:
    found = {child.tag[len(CEB) :]: child.text for child in node}
    for name, column in columns.items():
        column.append(found.get(name))


def _write(
    path: Path,
    columns: dict[str, list[str | None]],
    fields: tuple[Field, ...],
    places: list[tuple[object, ...]],
) -> None:
    made = {}
    for field in fields:
        raw = pa.array(columns[field.name], pa.string())
        if field.type in {"time", "date"}:
            form = "%Y%m%d%H%M%S" if field.type == "time" else "%Y%m%d"
            made[field.column] = pc.strptime(raw, format=form, unit="us").cast(ARROW[field.type])
        else:
            made[field.column] = raw.cast(ARROW[field.type])
    for place, column in enumerate(zip(*places, strict=True)):
        made[f"place_{place}"] = pa.array(column)
    pq.write_table(pa.table(made), path, compression="zstd", compression_level=1)


if __name__ == "__main__":
    assert "lists" in tables()
    main()
