"""Each committed fact gets one place in the log, without gaps; what did not commit gets none."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction
from log_of_facts import NOON, a_signer, chance_of, execute, record, rows, sequenced, threads

from tradeloop.journal import actions, checkpoint, queries
from tradeloop.journal.keys import OtherLog
from tradeloop.journal.leaf import leaf_data, written
from tradeloop.journal.sequence import after_restore, run, sequence_once
from tradeloop.journal.tree import Edge, leaf_hash

pytestmark = pytest.mark.usefixtures("database")
SEED = 20260101


def places() -> list[tuple[int, int]]:
    return rows("select leaf_index, entry_id from journal_leaf order by leaf_index")  # type: ignore[return-value]


def recomputed_root() -> bytes:
    edge = Edge()
    edge.extend(
        leaf_hash(leaf_data(entry_id=number, kind=kind, at=written(at), commitment=commitment))
        for number, kind, at, commitment in rows(
            "select id, kind, at, commitment from journal_leaf "
            "join journal_entry on journal_entry.id = entry_id order by leaf_index"
        )
    )
    return edge.root()


def test_facts_get_places_in_their_order_and_a_signed_root(tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    facts = record(3)

    made = sequenced(signer)

    assert places() == [(n, fact.entry_id) for n, fact in enumerate(facts)]
    assert made.size == 3
    head = checkpoint.checked(made.note, signer.public)
    assert head.root == made.root == recomputed_root()
    assert queries.checkpoint() == made


@pytest.mark.parametrize("kind", ['odd "kind"\\', "贸易.核验\n\x01", "a\u2028b\u007f", "é😀/"])
@pytest.mark.parametrize(
    "at", [NOON, datetime.fromisoformat("0999-12-31T23:59:59.000001+08:00")], ids=str
)
def test_database_and_program_agree_on_the_bytes_of_a_leaf(
    tmp_path: Path, kind: str, at: datetime
) -> None:
    actions.record(kind=kind, at=at, fact={})

    assert sequenced(a_signer(tmp_path)).root == recomputed_root()


def test_when_nothing_is_new_nothing_is_signed(tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    assert sequence_once(now=NOON, signer=signer) is None
    record(1)
    sequenced(signer)

    assert sequence_once(now=NOON, signer=signer) is None
    assert rows("select size from journal_checkpoint") == [(1,)]


def test_the_log_grows_over_many_tiles_as_it_would_at_once(tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    for count in (1, 254, 1, 1, 300, 2):
        record(count)
        assert sequenced(signer).root == recomputed_root()

    assert [n for n, _ in places()] == list(range(559))


def test_keys_of_another_log_are_refused(tmp_path: Path) -> None:
    record(1)
    sequenced(a_signer(tmp_path))
    record(1)

    with pytest.raises(OtherLog, match="Bring the keys folder back"):
        sequence_once(now=NOON, signer=a_signer(tmp_path / "other"))

    assert len(places()) == 1


def test_a_long_transaction_holds_up_nobody_and_comes_when_it_ends(tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    wrote, may_end = threading.Event(), threading.Event()
    late: list[int] = []

    def long() -> None:
        with transaction.atomic():
            late.append(actions.record(kind="test.late", at=NOON, fact={}).entry_id)
            wrote.set()
            assert may_end.wait(30)

    with threads(long) as failed:
        assert wrote.wait(30)
        early = record(2)
        sequenced(signer)
        more = record(1)
        sequenced(signer)
        assert [one for _, one in places()] == [one.entry_id for one in (*early, *more)]
        may_end.set()

    assert failed == []
    sequenced(signer)
    assert [one for _, one in places()] == [*(one.entry_id for one in (*early, *more)), *late]


def test_a_fact_comes_after_those_it_knew_of(tmp_path: Path) -> None:
    first, known = threading.Event(), threading.Event()
    ids: dict[str, int] = {}

    def older() -> None:
        with transaction.atomic():
            execute("select pg_current_xact_id()")  # the older transaction, by number
            first.set()
            assert known.wait(30)
            ids["effect"] = actions.record(kind="test.effect", at=NOON, fact={}).entry_id

    with threads(older) as failed:
        assert first.wait(30)
        ids["cause"] = record(1)[0].entry_id
        known.set()

    assert failed == []
    sequenced(a_signer(tmp_path))
    assert [one for _, one in places()] == [ids["cause"], ids["effect"]]


def test_racing_writers_and_two_sequencers_leave_no_gap_and_nothing_twice(tmp_path: Path) -> None:
    signer, stop = a_signer(tmp_path), threading.Event()
    committed: list[int] = []

    def writer(seed: int) -> None:
        chance = chance_of(seed)
        for _ in range(40):
            with transaction.atomic():
                ids = [one.entry_id for one in record(chance.randint(1, 4))]
                if chance.random() < 0.3:
                    with transaction.atomic():  # a savepoint has a number of its own
                        ids += [one.entry_id for one in record(1)]
                if chance.random() < 0.1:
                    stop.wait(0.02)
                if chance.random() < 0.25:
                    transaction.set_rollback(True)
                    ids = []
            committed.extend(ids)

    def sequencer() -> None:
        run(signer=signer, stop=stop, now=lambda: NOON, every_s=0.001)

    with threads(sequencer, sequencer) as failed:
        with threads(*(lambda n=n: writer(SEED + n) for n in range(6))) as writers_failed:
            pass
        stop.set()
    sequence_once(now=NOON, signer=signer)

    assert failed == writers_failed == []
    assert [n for n, _ in places()] == list(range(len(committed)))
    assert sorted(entry for _, entry in places()) == sorted(committed)
    last = queries.checkpoint()
    assert last is not None
    assert (last.size, last.root) == (len(committed), recomputed_root())
    sizes = [size for (size,) in rows("select size from journal_checkpoint order by size")]
    assert len(sizes) > 1


def test_a_database_from_a_server_with_other_numbers_goes_on(tmp_path: Path) -> None:
    signer = a_signer(tmp_path)
    # Written by transactions whose numbers are far above those of this server.
    execute("alter table journal_entry disable trigger all")
    record(5)
    execute("update journal_entry set xact = xact + 1000000000")
    execute("alter table journal_entry enable trigger all")

    sequenced(signer)
    record(2)
    sequenced(signer)
    record(3)
    execute("update journal_progress set cluster = 'another'")
    sequenced(signer)
    record(1)
    after_restore(now=NOON, signer=signer)
    record(1)
    sequenced(signer)

    assert [n for n, _ in places()] == list(range(12))
    assert queries.checkpoint().root == recomputed_root()  # type: ignore[union-attr]
    assert after_restore(now=NOON, signer=signer) is None


def test_the_sequencer_outlives_its_connection(tmp_path: Path) -> None:
    signer, stop = a_signer(tmp_path), threading.Event()
    others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"

    def until(sql: str, *values: object) -> None:
        for _ in range(300):
            if rows(sql, *values):
                return
            stop.wait(0.02)
        pytest.fail(sql)

    with threads(lambda: run(signer=signer, stop=stop, now=lambda: NOON, every_s=0.01)) as failed:
        try:
            record(1)
            until("select 1 from journal_leaf where leaf_index = 0")
            assert rows(f"select pg_terminate_backend(pid) {others}")
            record(1)
            until("select 1 from journal_leaf where leaf_index = 1")
        finally:
            stop.set()

    assert failed == []
