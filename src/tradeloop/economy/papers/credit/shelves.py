"""Papers on shelves: by kind and month, some dozens or hundreds in a file, in mixed formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from tradeloop.documents.papers import paper_kinds
from tradeloop.economy.papers.clock import month
from tradeloop.economy.papers.credit.sheets import WRITERS
from tradeloop.economy.papers.dice import between, dice, steps, weighed
from tradeloop.economy.papers.paper import Paper

PAPERS_PER_FILE = (40, 300)
CHINESE_PERCENT = 65
MIXTURE: Mapping[str, int] = {  # how often people send each format
    "xlsx": 65, "csv": 8, "csv-plain": 5, "csv-gbk": 10, "jsonl": 12,
}  # fmt: skip
FORMS: Mapping[str, Mapping[str, int]] = {
    "papers": MIXTURE,
    "xlsx": {"xlsx": 1},
    "csv": {"csv": 1, "csv-gbk": 1},
    "jsonl": {"jsonl": 1},
}
EVIDENCE_FOLDER = "evidence"

Shelf: TypeAlias = tuple[str, str, int]  # kind, month, and which version of a paper it holds


class Shelves:
    """Collects papers until a file is full; versions of one paper never share a file."""

    def __init__(self, into: Path, seed: int, mixture: Mapping[str, int]) -> None:
        """Write below `into`; the seed decides how many papers share a file, and its format."""
        into.mkdir(parents=True, exist_ok=True)
        self._into = into
        self._seed = seed
        self._formats = tuple(mixture)
        self._steps = steps(tuple(mixture.values()))
        self._waiting: dict[Shelf, list[Paper]] = {}
        self._bound: dict[Shelf, int] = {}  # how many files of a shelf are written
        self._sizes: dict[Shelf, int] = {}
        self._versions: dict[tuple[object, ...], int] = {}
        self.files = 0

    def write(self, paper: Paper, day: int) -> None:
        """Put one paper on the shelf of its kind and of the month of `day`."""
        key = (paper.kind, *(paper.head.get(one.name) for one in paper_kinds()[paper.kind].key))
        version = self._versions.get(key, 0)
        self._versions[key] = version + 1
        shelf = (paper.kind, month(day), version)
        waiting = self._waiting.setdefault(shelf, [])
        waiting.append(paper)
        if len(waiting) == self._size(shelf):
            self._bind(shelf)

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file of evidence as it is."""
        folder = self._into / EVIDENCE_FOLDER
        folder.mkdir(exist_ok=True)
        folder.joinpath(name).write_bytes(content)
        self.files += 1

    def close(self) -> None:
        """Bind what waits on every shelf."""
        for shelf in sorted(self._waiting):
            self._bind(shelf)

    def _size(self, shelf: Shelf) -> int:
        """Return how many papers the shelf's next file holds."""
        if shelf not in self._sizes:
            r = dice(self._seed, "size", *shelf, self._bound.get(shelf, 0))
            self._sizes[shelf] = between(r, *PAPERS_PER_FILE)
        return self._sizes[shelf]

    def _bind(self, shelf: Shelf) -> None:
        papers = self._waiting.pop(shelf)
        self._sizes.pop(shelf, None)
        self._bound[shelf] = number = self._bound.get(shelf, 0) + 1
        kind, when, version = shelf
        later = f"-version-{version + 1}" if version else ""
        folder = self._into / kind
        folder.mkdir(exist_ok=True)
        r = dice(self._seed, "format", *shelf, number)
        write = WRITERS[self._formats[weighed(r, self._steps)]]
        chinese = r.random() * 100 < CHINESE_PERCENT
        name = f"{when[:4]}-{when[4:]}-{number:02}{later}"
        self.files += write(folder / name, papers, chinese)


def shelves_for(form: str) -> Callable[[Path, int], Shelves]:
    """Return what makes the shelves of a form: `papers` or one format alone."""
    return lambda into, seed: Shelves(into, seed, FORMS[form])
