"""A season of papers comes into a lake bit by bit, in any order."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from cutting import Loose, loosened, written

from tradeloop.trades.lake.add import Added, add
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.standing import Verdict

ON = date(2026, 9, 1)
NO_PAPERS = ("truth.csv", "hard_negatives.csv")
AT = datetime(2026, 9, 1, 12)  # noqa: DTZ001 - local time, as all times here


def deal(folder: Path, into: Path, *, batches: int, seed: int) -> Sequence[Path]:
    """Deal the papers of a folder out to batches, a folder each, in random order.

    Messages come apart into records, JSON lines into lines; all other files go as they are.
    """
    r = random.Random(seed)
    papers: list[Loose | str | Path] = [*loosened(folder)]
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".jsonl":
            papers += path.read_text(encoding="utf-8").splitlines()
        elif path.is_file() and path.suffix != ".xml" and path.name not in NO_PAPERS:
            papers.append(path)
    r.shuffle(papers)
    folders = [into / f"{number:04}" for number in range(batches)]
    for number, one in enumerate(folders):
        one.mkdir(parents=True)
        _put(papers[number::batches], one, r)
    return [one for one in folders if any(one.iterdir())]


def _put(papers: Iterable[Loose | str | Path], into: Path, r: random.Random) -> None:
    records: dict[str, list[Loose]] = {}
    for number, paper in enumerate(papers):
        if isinstance(paper, Path):
            shutil.copy(paper, into)
        elif isinstance(paper, str):
            (into / f"{number}.jsonl").write_text(paper + "\n", encoding="utf-8")
        else:
            records.setdefault(paper.kind, []).append(paper)
    for kind, found in records.items():
        (into / f"{kind}.xml").write_text(written(found, kind, r), encoding="utf-8")


def bring(lake: Lake, *paths: Path, on: date = ON) -> Added:
    """Add papers to a lake, judged for customs."""
    return add(lake, paths, purposes=["customs"], on=on, made_at=AT, workers=1)


def season(lake: Lake, batches: Sequence[Path]) -> Iterator[Added]:
    """Add one batch after another."""
    for one in batches:
        yield bring(lake, one)


def kept(lake: Lake) -> list[Verdict]:
    """Return the verdicts that the lake keeps."""
    return list(lake.standing.verdicts("customs"))


def right(lake: Lake) -> list[Verdict]:
    """Return the verdicts that judging every paper anew gives."""
    with lake.judged(purpose="customs", on=ON) as done:
        return done.con.execute(
            "select trade, grade, currency, verified_minor from verdicts order by trade"
        ).fetchall()
