"""The one sequencer: facts of finished transactions get their place, and the log is signed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

import psycopg
from django.db import OperationalError, transaction

from tradeloop.journal.facts import Checkpoint
from tradeloop.journal.keys import OtherLog, Signer
from tradeloop.journal.stored import tiles
from tradeloop.journal.tree import Edge, edge_tiles, split
from tradeloop.store.database import cursor, leave

LOCK = 7_216_002  # any number, the same in every process: one at a time gives places
EVERY_S = 0.5
HASHES_A_ROW = 8192

START = """
select pg_advisory_xact_lock(%s), set_config('synchronous_commit', 'on', true)
"""
WHERE_WE_ARE = """
select (select system_identifier::text from pg_control_system()), log, size, cluster, snapshot
from (select) as always left join journal_progress on true
"""
# A fact is new if it is seen now and was not seen then: its transaction ran, or had not begun.
# In the order of ids: a fact that was recorded in the knowledge of another comes after it.
TAKE = """
with fresh as materialized (
    select id, row_number() over (order by id) - 1 + %(size)s as leaf_index,
        journal_leaf_hash(id, kind, at, commitment) as hash
    from journal_entry
    where {new}
),
placed as (insert into journal_leaf (leaf_index, entry_id) select leaf_index, id from fresh)
select pg_current_snapshot()::text, hashes
from (select) as always
left join (
    select leaf_index / %(hashes_a_row)s as part,
        string_agg(hash, ''::bytea order by leaf_index) as hashes
    from fresh group by part
) as parts on true
order by part
"""
SINCE = "xact >= %(next)s or xact = any(%(running)s::bigint[])"
WITHOUT_A_PLACE = "not exists (select from journal_leaf where entry_id = journal_entry.id)"
FORGET_NUMBERS = """
update journal_entry set xact = 0
where xact >= %s and exists (select from journal_leaf where entry_id = journal_entry.id)
"""
KEEP_TILES = """
insert into journal_tile (level, number, hashes)
select * from unnest(%s::smallint[], %s::bigint[], %s::bytea[])
on conflict (level, number) do update set hashes = excluded.hashes
"""
KEEP_CHECKPOINT = "insert into journal_checkpoint (size, root, note, at) values (%s, %s, %s, %s)"
KEEP_PROGRESS = """
insert into journal_progress (id, log, size, cluster, snapshot) values (1, %s, %s, %s, %s)
on conflict (id) do update
set size = excluded.size, cluster = excluded.cluster, snapshot = excluded.snapshot
"""


@dataclass(frozen=True, slots=True)
class _Progress:
    size: int
    cluster: str
    snapshot: str | None  # None where the transaction numbers of the facts mean nothing


def sequence_once(*, now: datetime, signer: Signer) -> Checkpoint | None:
    """Give all facts of finished transactions their place, in one transaction.

    Returns:
        The new checkpoint, or None if nothing was new.

    Raises:
        OtherLog: The signer is of another log; nothing was written.
    """
    return _sequence(now=now, signer=signer, restored=False)


def after_restore(*, now: datetime, signer: Signer) -> Checkpoint | None:
    """Give all facts without a place theirs, in a database that came from another server.

    Another server counts its transactions anew: what the facts say of theirs is forgotten. The
    sequencer does this by itself if it sees that the server is another; safe to repeat.
    """
    return _sequence(now=now, signer=signer, restored=True)


def run(
    *, signer: Signer, stop: Event, now: Callable[[], datetime], every_s: float = EVERY_S
) -> None:
    """Sequence until `stop` is set; a database that is away for a while is waited for."""
    while not stop.is_set():
        try:
            sequence_once(now=now(), signer=signer)
        except (OperationalError, psycopg.OperationalError) as error:
            logging.getLogger(__name__).warning("The journal waits for its database: %s", error)
            leave()
        stop.wait(every_s)
    leave()


@transaction.atomic(durable=True)
def _sequence(*, now: datetime, signer: Signer, restored: bool) -> Checkpoint | None:
    with cursor() as cur:
        cur.execute(START, (LOCK,))
        at = _progress(cur, signer)
        if restored:
            at = _Progress(at.size, at.cluster, None)
        snapshot, taken = _take(cur, at)
        if at.snapshot is None:
            oldest_running = int(snapshot.split(":")[0])
            cur.execute(FORGET_NUMBERS, (oldest_running,))
            cur.execute(KEEP_PROGRESS, (signer.log, at.size, at.cluster, snapshot))
        if not taken:
            return None
        edge = Edge(at.size, tiles(edge_tiles(at.size)))
        _keep_tiles(cur, edge.extend(leaf for row in taken for leaf in split(row)))
        root = edge.root()
        note = signer.checkpoint(size=edge.size, root=root)
        cur.execute(KEEP_CHECKPOINT, (edge.size, root, note, now))
        cur.execute(KEEP_PROGRESS, (signer.log, edge.size, at.cluster, snapshot))
        return Checkpoint(size=edge.size, root=root, note=note, at=now)


def _progress(cur: psycopg.Cursor[tuple[object, ...]], signer: Signer) -> _Progress:
    cur.execute(WHERE_WE_ARE)
    row = cur.fetchone()
    assert row is not None  # noqa: S101 - a left join from one row gives one
    cluster, log, size, known_cluster, snapshot = row
    if log is None:
        return _Progress(0, str(cluster), None)
    if log != signer.log:
        raise OtherLog(
            f"The database holds log {log}; the keys are of {signer.log}. "
            "Bring the keys folder back from the backup that the database came from."
        )
    known = str(snapshot) if cluster == known_cluster else None
    return _Progress(int(str(size)), str(cluster), known)


def _take(cur: psycopg.Cursor[tuple[object, ...]], at: _Progress) -> tuple[str, tuple[bytes, ...]]:
    """Give the new facts their places; return what was seen, and their hashes in long rows."""
    given: dict[str, object] = {"size": at.size, "hashes_a_row": HASHES_A_ROW}
    if at.snapshot is not None:
        _, after, running = at.snapshot.split(":")
        given |= {"next": int(after), "running": [int(one) for one in running.split(",") if one]}
    new = WITHOUT_A_PLACE if at.snapshot is None else SINCE
    # Planned anew each time: a plan for any numbers would read the whole table.
    cur.execute(TAKE.format(new=new).encode(), given, prepare=False)
    rows = cur.fetchall()
    return str(rows[0][0]), tuple(row[1] for row in rows if isinstance(row[1], bytes))


def _keep_tiles(
    cur: psycopg.Cursor[tuple[object, ...]], changed: dict[tuple[int, int], bytes]
) -> None:
    levels, numbers = zip(*changed, strict=True)
    cur.execute(KEEP_TILES, (list(levels), list(numbers), list(changed.values())))
