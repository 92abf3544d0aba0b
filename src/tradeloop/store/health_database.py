"""What is looked at in the database: its settings, its clock, its schema, the journal's lag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tradeloop.store import schema
from tradeloop.store.database import CLOCK_SKEW_S_MAX, cursor
from tradeloop.store.health import Scene, Seen, State, line
from tradeloop.store.own import VERSION_MIN

CLOCK_SKEW_S_WARN = 5
LAG_S_WARN = 60
ON = ("on",)
SETTINGS: Mapping[str, tuple[tuple[str, ...], State, str]] = {
    "fsync": (ON, State.WRONG, "alter system set fsync = on: without it a crash loses commits"),
    "synchronous_commit": (
        ("on", "remote_write", "remote_apply"), State.WRONG,
        "alter system set synchronous_commit = on: else an answer precedes its commit",
    ),
    "full_page_writes": (
        ON, State.WRONG, "alter system set full_page_writes = on: else a torn page stays torn",
    ),
    "autovacuum": (ON, State.WARNING, "alter system set autovacuum = on: else hot tables swell"),
    "data_checksums": (
        ON, State.WARNING, "Stop the server and run pg_checksums --enable, to see a damaged disk",
    ),
    "server_encoding": (("UTF8",), State.WRONG, "Move to a database in UTF8"),
}  # fmt: skip


def server(_: Scene) -> Iterable[Seen]:
    """Look at the version, and at the settings on which promises rest."""
    with cursor() as cur:
        cur.execute("select current_setting('server_version_num')::int / 10000, version()")
        major, name = cur.fetchone() or (0, "")
        yield line(
            "PostgreSQL", seen=name.partition(" on ")[0], expected=f"{VERSION_MIN} or newer",
            good=major >= VERSION_MIN, otherwise="Upgrade the server",
        )  # fmt: skip
        cur.execute("select name, setting from pg_settings where name = any(%s)", (list(SETTINGS),))
        found = dict(cur.fetchall())
    for name, (good, bad, remedy) in SETTINGS.items():
        yield line(
            name, seen=found.get(name, "not there"), expected=" or ".join(good),
            good=found.get(name) in good, bad=bad, otherwise=remedy,
        )  # fmt: skip


def clock(scene: Scene) -> Iterable[Seen]:
    """Look how far the server's clock is from ours; beyond a bound it refuses our times."""
    with cursor() as cur:
        cur.execute("select 1")  # the connection is there before time is taken
        before = scene.now()
        cur.execute("select clock_timestamp()")
        (theirs,) = cur.fetchone() or (before,)
        after = scene.now()
    apart_s = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    yield line(
        "clocks", seen=f"{apart_s:.1f} s apart", expected=f"at most {CLOCK_SKEW_S_WARN} s",
        good=apart_s <= CLOCK_SKEW_S_WARN, otherwise="Let both machines set their clocks by NTP",
        bad=State.WARNING if apart_s <= CLOCK_SKEW_S_MAX else State.WRONG,
    )  # fmt: skip


def tables(_: Scene) -> Iterable[Seen]:
    """Look whether tables and functions are those of this version; nothing is changed."""
    schema.refuse_half_restored()
    schema.refuse_newer()
    yield line(
        "tables", seen="of this version" if schema.is_ready() else "older, or not made yet",
        expected="of this version", good=schema.is_ready(), bad=State.WARNING,
        otherwise="The next command that opens the home brings them up; back it up first",
    )  # fmt: skip


def journal_lag(scene: Scene) -> Iterable[Seen]:
    """Look how many facts have no place in the log yet, and for how long."""
    if not schema.is_ready():
        return
    with cursor() as cur:
        cur.execute(
            "select count(*), min(at) from journal_entry "
            "where not exists (select from journal_leaf where entry_id = journal_entry.id)"
        )
        waiting, oldest = cur.fetchone() or (0, None)
    age_s = max((scene.now() - oldest).total_seconds(), 0.0) if oldest else 0.0
    told = f"{waiting:,} facts wait, the oldest for {age_s:.0f} s" if waiting else "none waits"
    yield line(
        "journal", seen=told, expected=f"none waits longer than {LAG_S_WARN} s",
        good=age_s <= LAG_S_WARN, bad=State.WARNING,
        otherwise="The sequencer does not run, or a transaction was left open",
    )  # fmt: skip
