"""A season of papers comes into a lake bit by bit, in any order."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from cutting import loosened, written

from tradeloop.trades.lake import Lake
from tradeloop.trades.lake_add import Added, add
from tradeloop.trades.standing import Verdict

ON = date(2026, 9, 1)
AT = datetime(2026, 9, 1, 12)  # noqa: DTZ001 - local time, as all times here


def deal(folder: Path, into: Path, *, batches: int, seed: int) -> Sequence[Path]:
    """Deal the papers of a folder out to batches, a folder each, in random order."""
    r = random.Random(seed)  # noqa: S311 - no secret
    records = list(loosened(folder))
    r.shuffle(records)
    folders = [into / f"{number:04}" for number in range(batches)]
    for number, one in enumerate(folders):
        one.mkdir(parents=True)
        mine = records[number::batches]
        for kind in sorted({record.kind for record in mine}):
            text = written((record for record in mine if record.kind == kind), kind, r)
            (one / f"{kind}.xml").write_text(text, encoding="utf-8")
    shutil.copy(folder / "firms.csv", r.choice(folders))
    return folders


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
