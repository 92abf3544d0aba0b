"""The audit of the log in the database: its copy, its tiles, and what should be in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

from tradeloop.journal.audit import ERASED, Audited, Damage, audit
from tradeloop.journal.checkpoint import PublicKeys
from tradeloop.journal.copied import lines
from tradeloop.journal.tree import (
    HASH_BYTES,
    TILE_HASHES,
    TILE_HEIGHT,
    edge_tiles,
    root_over,
    split,
)
from tradeloop.store.database import cursor, link

TILES_AT_ONCE = 200
# Seen by the sequencer when it last came by, and yet without a place.
WITHOUT_A_PLACE = """
select journal_entry.id, kind from journal_entry, journal_progress
where not exists (select from journal_leaf where entry_id = journal_entry.id)
    and pg_visible_in_snapshot(xact::text::xid8, snapshot::pg_snapshot)
    and cluster = (select system_identifier::text from pg_control_system())
"""
ERASED_WITHOUT_A_PLACE = """
select body from journal_entry
where kind = %s and not exists (select from journal_leaf where entry_id = journal_entry.id)
"""
WITH_A_PLACE = "select entry_id from journal_leaf where entry_id = any(%s::bigint[])"
PROGRESS = """
select coalesce((select size from journal_progress), 0),
    (select count(*) from journal_leaf), (select coalesce(max(size), 0) from journal_checkpoint)
"""
TILES = """
select tile.level, tile.number, tile.hashes,
    substr(above.hashes, (tile.number % 256)::int * 32 + 1, 32)
from journal_tile as tile
left join journal_tile as above on above.level = tile.level + 1 and above.number = tile.number / 256
order by tile.level, tile.number
"""


def audit_log(keys: PublicKeys, *, held: Sequence[str] = ()) -> Iterator[Damage | Audited]:
    """Tell each damage of the log in the database, and at last what there is.

    Everything is read in one snapshot; a few megabytes are held in memory.
    """
    with lines() as found:
        for said in audit(found, keys, held=held, erased=_erased_without_a_place()):
            if isinstance(said, Audited):
                yield from _without_a_place()
                yield from _progress()
                yield from _tiles(said.size)
            yield said


def _erased_without_a_place() -> list[int]:
    """Return which facts of the log were erased by facts that have no place in it yet."""
    told: list[int] = []
    with cursor() as cur:
        cur.execute(ERASED_WITHOUT_A_PLACE, (ERASED,))
        for (body,) in cur.fetchall():
            with suppress(ValueError, TypeError, KeyError):  # damage is told once it has its place
                told.append(int(json.loads(body)["entry"]))
        cur.execute(WITH_A_PLACE, (told,))
        return [entry for (entry,) in cur.fetchall()]


def _without_a_place() -> Iterator[Damage]:
    with link().cursor(name="journal_without_a_place") as rows:
        rows.execute(WITHOUT_A_PLACE.encode())
        for entry_id, kind in rows:
            yield Damage(f"entry {entry_id}", "leaf", "none", f"a place in the log ({kind})")


def _progress() -> Iterator[Damage]:
    with cursor() as cur:
        cur.execute(PROGRESS)
        row = cur.fetchone()
        size, leaves, signed = row or (0, 0, 0)
        if not size == leaves == signed:
            seen = f"{size}, with {leaves} leaves and a last checkpoint of {signed}"
            yield Damage("progress", "size", seen, "three times the same")


def _tiles(size: int) -> Iterator[Damage]:
    """Compare each tile's length, and its root with the hash that stands for it one level up."""
    counts = {level: size >> (TILE_HEIGHT * level) for level, _ in edge_tiles(size)}
    wanted = {level: -(-count // TILE_HASHES) for level, count in counts.items() if count}
    seen: Counter[int] = Counter()
    with link().cursor(name="journal_all_tiles") as rows:
        rows.itersize = TILES_AT_ONCE
        rows.execute(TILES.encode())
        for level, number, hashes, above in rows:
            seen[level] += 1
            where = f"tile {number} of level {level}"
            count = min(max(counts.get(level, 0) - number * TILE_HASHES, 0), TILE_HASHES)
            if len(hashes) != count * HASH_BYTES:
                said = f"{count} hashes of {HASH_BYTES}"
                yield Damage(where, "length", f"{len(hashes)} bytes", said)
            elif count == TILE_HASHES and (root := root_over(split(hashes))) != above:
                said = above.hex() if above else "nothing"
                yield Damage(where, "root", root.hex(), f"{said}, as level {level + 1} has it")
    for level, count in wanted.items():
        if seen[level] != count:
            yield Damage(f"level {level}", "tiles", str(seen[level]), str(count))
