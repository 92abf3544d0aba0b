"""The papers of a town that trades on credit, from a seed: files or tables, and the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tradeloop.economy.papers import truth
from tradeloop.economy.papers.catalogue import faults as catalogue
from tradeloop.economy.papers.clock import day_of
from tradeloop.economy.papers.credit import shenzhen, yiwu
from tradeloop.economy.papers.credit.faces import Lot, Sink
from tradeloop.economy.papers.credit.place import CreditTown, load
from tradeloop.economy.papers.credit.run import Run, new_run
from tradeloop.economy.papers.credit.shelves import shelves_for
from tradeloop.economy.papers.credit.tables import Tables
from tradeloop.economy.papers.folders import LISTED_BY, LISTED_FROM
from tradeloop.economy.papers.outcome import Generated, refuse_nonsense
from tradeloop.economy.papers.paper import Paper
from tradeloop.kit.cycles import without_cycles

LOTS_PER_TELLING = 500  # how often progress is told


LotOf: TypeAlias = Callable[[Run, int, int], Lot]  # run, number of the first trade, trades left
TOWNS: Mapping[str, LotOf] = {"yiwu": yiwu.lot_of, "shenzhen": shenzhen.lot_of}
SINKS: Mapping[str, Callable[[Path, int], Sink]] = {
    "papers": shelves_for("papers"),
    "parquet": Tables,
    "xlsx": shelves_for("xlsx"),
    "csv": shelves_for("csv"),
    "jsonl": shelves_for("jsonl"),
}


def generate_credit(  # noqa: PLR0913 - the wishes of one command, all by name
    *,
    town: str,
    trades: int,
    seed: int,
    faults: float,
    form: str,
    into: Path,
    progress: Callable[[int], None] | None,
    lines_min: int,
    lines_max: int | None,
) -> Generated:
    """Do what `generate` promises, for one of `TOWNS`."""
    place = load(town)
    most = lines_max or len(place.line_steps)
    refuse_nonsense(
        town=town,
        trades=trades,
        faults=faults,
        lines=(lines_min, most),
        form=form,
        forms=tuple(SINKS),
        into=into,
    )
    run = new_run(
        town=place,
        faults=catalogue(f"faults_{town}"),
        seed=seed,
        fault_rate=faults,
        lines_min=lines_min,
        lines_max=most,
    )
    written = _Written(SINKS[form](into, seed))
    told = 0
    with without_cycles():
        for count, lot in enumerate(lots(run, trades), 1):
            written.add(lot)
            told += lot.size
            if progress is not None and count % LOTS_PER_TELLING == 0:
                progress(told)
                told = 0
        written.firms(place)
    if progress is not None:
        progress(told)
    wrong = {row[0] for row in written.wrong}
    path = truth.write(into, written.wrong, written.odd)
    return Generated(
        trades=trades,
        papers=dict(sorted(written.papers.items())),
        files=written.sink.files,
        faulty=len(wrong),
        odd=len({trade for trade, _ in written.odd}),
        into=into,
        truth=path,
        hard_negatives=into / truth.ODD_FILE,
    )


def lots(run: Run, trades: int) -> Iterator[Lot]:
    """Return the lots that hold the first `trades` trades, in order."""
    lot_of, number = TOWNS[run.town.name], 0
    while number < trades:
        lot = lot_of(run, number, trades - number)
        yield lot
        number += lot.plan.size


@dataclass(slots=True)
class _Written:
    """What a run has written so far."""

    sink: Sink
    papers: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)

    def add(self, lot: Lot) -> None:
        """Write a lot's papers and remember the truth about it."""
        for paper in lot.papers():
            self.papers[paper.kind] = self.papers.get(paper.kind, 0) + 1
            self.sink.write(paper, lot.day)
        for name, content in lot.kept:
            self.sink.keep(name, content)
        self.wrong += truths(lot)
        self.odd += lot.odd

    def firms(self, place: CreditTown) -> None:
        """Write the firm table and finish."""
        for kind in place.listed:
            for firm in place.firms[kind]:
                self.papers["CN.firm"] = self.papers.get("CN.firm", 0) + 1
                self.sink.write(
                    Paper(
                        "CN.firm",
                        {
                            "customs_code": firm.customs_code,
                            "uscc": firm.uscc,
                            "name": firm.name,
                            "from_date": day_of(LISTED_FROM),
                            "source": LISTED_BY,
                        },
                    ),
                    place.starts_on,
                )
        self.sink.close()


def truths(lot: Lot) -> list[tuple[str, str, str, str]]:
    """Return a row for each trade on which a fault of the lot shows."""
    names = {fault.name for fault in lot.plan.faults}
    return [
        (trade, fault.name, fault.code, next((n for n in fault.masked_by if n in names), ""))
        for fault in lot.plan.faults
        for trade in lot.shows_on(fault)
    ] + lot.more_wrong
