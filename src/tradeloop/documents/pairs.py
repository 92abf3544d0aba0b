"""Two CSV files that belong together: papers in `X.csv`, their lines in `X-lines.csv` beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from tradeloop.documents.gather import Source, Unreadable, read_bytes

LINES = re.compile(r"(.+)[-_ ](?:lines|明细)(\.(?:csv|tsv))", re.IGNORECASE)

Repeat = tuple[Source, str]  # a file whose bytes came before, and their digest


def pair(sources: Sequence[Source]) -> tuple[list[Source], list[Source]]:
    """Return the files with lines beside them, each holding its lines, and all other files."""
    by_path = {source.path: source for source in sources if not source.because}
    lines: dict[str, Source] = {}
    for path, source in by_path.items():
        found = LINES.fullmatch(path)
        if found and (of := by_path.get(found[1] + found[2])) is not None:
            lines.setdefault(of.path, source)
    taken = {source.path for source in lines.values()} | set(lines)
    pairs = [
        replace(by_path[path], bytes=by_path[path].bytes + one.bytes, lines=one)
        for path, one in lines.items()
    ]
    return pairs, [source for source in sources if source.path not in taken]


def without_repeats(pairs: Sequence[Source]) -> tuple[list[Source], list[Repeat]]:
    """Return the pairs without those whose bytes came before, and the files of these."""
    seen: set[tuple[str, ...]] = set()
    firsts, repeats = [], []
    for one in pairs:
        digests = _digests(one)
        if digests and digests in seen and one.lines:
            repeats += [(replace(one, lines=None), digests[0]), (one.lines, digests[1])]
            continue
        firsts.append(one)
        if digests:
            seen.add(digests)
    return firsts, repeats


def _digests(pair: Source) -> tuple[str, ...]:
    try:
        files = [pair, pair.lines] if pair.lines else [pair]
        return tuple(hashlib.sha256(read_bytes(one)).hexdigest() for one in files)
    except Unreadable:
        return ()
