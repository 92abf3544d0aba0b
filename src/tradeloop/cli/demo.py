"""`make demo`: a synthetic town on disk, its trades judged, the truth compared, one explained."""

from __future__ import annotations

import csv
import re
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import typer

from tradeloop.cli import explain, generate, verify
from tradeloop.cli.screen import console, watching
from tradeloop.economy.papers.truth import TRUTH_FILE
from tradeloop.trades import queries
from tradeloop.trades.actions import judged

TOWN = "hangzhou"
TRADES = 20_000
SEED = 1
FAULTS = 0.03
PURPOSE = "customs"
JUDGED_ON = date(2026, 11, 1)
OURS = re.compile(r"CEB\d{3}|(firms|truth|hard_negatives)\.csv")


def main(folder: Path) -> None:
    """Make the town below `folder`, judge it, and explain the first faulty trade."""
    if folder.is_dir() and all(OURS.fullmatch(path.name) for path in folder.iterdir()):
        shutil.rmtree(folder)  # an earlier demo, whole or interrupted, and nothing else
    started = time.monotonic()
    typer.echo(f"1. A synthetic town: {TRADES:,} parcels, {FAULTS:.0%} of them faulty.\n")
    generate.run(town=TOWN, trades=TRADES, seed=SEED, faults=FAULTS, form="papers", out=folder)
    with (folder / TRUTH_FILE).open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    typer.echo(f"\n2. tradeloop verify {folder} --on {JUDGED_ON}\n")
    with (
        watching() as watch,
        judged([folder], purpose=PURPOSE, on=JUDGED_ON, watch=watch) as done,
    ):
        report = queries.report(done.con, done.batch, purpose=PURPOSE, on=JUDGED_ON)
        story = queries.story(done.con, truth[0]["trade"], on=JUDGED_ON)
        compared = _compared(done.con, truth)
    to = console()
    verify.show(report, to)
    typer.echo(f"\n3. Against {folder / TRUTH_FILE}\n\n{compared}")
    typer.echo(
        f"\n4. One of them has the fault {truth[0]['fault']}: tradeloop explain "
        f"{truth[0]['trade']} {folder} --on {JUDGED_ON}\n"
    )
    explain.show(story, to)
    typer.echo(f"\nDone in {time.monotonic() - started:.0f} s. The papers are in {folder}.")


def _compared(con: duckdb.DuckDBPyConnection, truth: Sequence[dict[str, str]]) -> str:
    """Say how many planted faults were found, and how many clean trades were doubted."""
    told = con.execute(
        "select distinct trade, code, weight <> 'note' from findings where trade is not null"
    ).fetchall()
    found = {(trade, code) for trade, code, _ in told}
    plain = [row for row in truth if not row["masked_by"]]
    hits = sum((row["trade"], row["code"]) in found for row in plain)
    faulty = {row["trade"] for row in truth}
    doubted = {trade for trade, _, of_weight in told if of_weight and trade not in faulty}
    return (
        f"{hits:,} of {len(plain):,} planted faults were found under their code "
        f"({len(truth) - len(plain)} more hide behind another fault); "
        f"{len(doubted):,} of {TRADES - len(faulty):,} clean trades were doubted."
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
