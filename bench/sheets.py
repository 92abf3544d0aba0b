"""How fast a workbook of 50,000 market trades becomes facts, beside openpyxl that only reads it.

One .xlsx with a sheet of 50,000 papers and one of 100,000 lines. Ours reads it to Parquet: every
value checked, each line put to its paper. The peers only go through the cells: openpyxl in its
fastest mode, and python-calamine, on which ours stands. Each runs in a process of its own, in
turns; prints the median seconds and the peak of memory.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

from tradeloop.documents.papers import paper_kinds
from tradeloop.documents.templates import columns_of_lines, heading

PAPERS = 50_000
LINES_A_PAPER = 2

OURS = """
from pathlib import Path
from tradeloop.documents.gather import gather
from tradeloop.documents.read import read
into = Path(sys.argv[2])
batch = read(gather([Path(sys.argv[1])]), into=into, workers=1)
[outcome] = batch.outcomes
assert outcome.status == "read", outcome
assert not batch.told, batch.told[:3]
assert [one["records"] - one["rejected"] for one in batch.counts] == [int(sys.argv[3])]
"""
OPENPYXL = """
import openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
assert sum(1 for sheet in book for row in sheet.iter_rows(values_only=True)) > int(sys.argv[3])
"""
CALAMINE = """
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
assert sum(1 for sheet in sheets for row in sheet.iter_rows()) > int(sys.argv[3])
"""
FRAME = """
import resource, sys, time
began = time.perf_counter()
{body}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - began, peak)
"""


def main() -> None:
    """Write the workbook, run each side in turns, print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--runs", type=int, default=3, help="runs of each side (default 3)")
    options.add_argument("--papers", type=int, default=PAPERS, help="how many papers")
    asked = options.parse_args()
    sides = {"ours": OURS, "openpyxl": OPENPYXL, "calamine": CALAMINE}
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    with tempfile.TemporaryDirectory(prefix="bench-sheets-") as folder:
        work = Path(folder)
        book = work / "trades.xlsx"
        _write(book, asked.papers)
        for turn in range(asked.runs):
            for name, body in sides.items():
                seen[name].append(_run(body, book, work / f"{name}-{turn}", asked.papers))
        size = book.stat().st_size
    seconds = {name: statistics.median(one[0] for one in runs) for name, runs in seen.items()}
    result: dict[str, object] = {"papers": asked.papers, "megabytes": round(size / 1e6, 1)}
    for name, runs in seen.items():
        result[f"{name}_seconds"] = round(seconds[name], 2)
        result[f"{name}_peak_mib"] = round(max(one[1] for one in runs))
    result["ours_vs_openpyxl"] = round(seconds["openpyxl"] / seconds["ours"], 2)
    result["ours_vs_calamine"] = round(seconds["calamine"] / seconds["ours"], 2)
    print(json.dumps(result, indent=None if asked.json else 2))


def _run(body: str, book: Path, into: Path, papers: int) -> tuple[float, float]:
    into.mkdir()
    code = FRAME.format(body=body)
    command = [sys.executable, "-c", code, str(book), str(into), str(papers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def _write(path: Path, papers: int) -> None:
    """Write the examples of the template over and over, under numbers of their own."""
    kind = paper_kinds()["MP.trade"]
    book = openpyxl.Workbook(write_only=True)
    heads, lines = book.create_sheet("heads"), book.create_sheet("lines")
    columns = columns_of_lines(kind)
    heads.append([heading(field) for field in kind.head_fields])
    lines.append([heading(field) for field in columns])
    for number in range(papers):
        own = {"trade_no": f"SYN-T-{number:06}"}
        heads.append([_cell(own.get(one.name, one.example), one.type) for one in kind.head_fields])
        for line in range(1, LINES_A_PAPER + 1):
            own["line_no"] = str(line)
            lines.append([_cell(own.get(one.name, one.example), one.type) for one in columns])
    book.save(path)


def _cell(text: str, kind: str) -> object:
    return float(text) if text and kind in {"decimal", "quantity", "integer"} else text


if __name__ == "__main__":
    main()
