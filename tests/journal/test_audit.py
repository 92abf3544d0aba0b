"""Whoever changes, drops, doubles or reorders anything in the log is found by the audit."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from log_of_facts import NOON, a_signer, chance_of, execute, record, sequenced

from tradeloop.journal import actions, checkpoint, log_file
from tradeloop.journal.audit import Audited, Damage, audit, entry_damages
from tradeloop.journal.audited import audit_log
from tradeloop.journal.copied import lines
from tradeloop.journal.keys import Signer
from tradeloop.journal.leaf import leaf_data
from tradeloop.journal.tree import leaf_hash

pytestmark = pytest.mark.usefixtures("database")
SCHEMA = Path(__file__).resolve().parents[2] / "docs/reference/json/log-line.schema.json"
SEED = 7
SIZE = 1_200
Line = dict[str, Any]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return a_signer(tmp_path)


def filled(signer: Signer, size: int = SIZE) -> list[Line]:
    """Fill a log in many parts, erase some bodies, and return its lines."""
    chance = chance_of(SEED)
    count = 0
    while count < size:
        step = min(chance.choice([1, 3, 90, 260]), size - count)
        ids = [one.entry_id for one in record(step, kind=chance.choice(["a.b", "贸易.c"]))]
        count += step
        if chance.random() < 0.3:
            actions.erase(entry_id=chance.choice(ids), because="law", at=NOON)
            count += 1
        sequenced(signer)
    with lines() as found:
        return list(found)


def damages(found: list[Line], signer: Signer, held: Sequence[str] = ()) -> list[Damage]:
    return [one for one in audit(found, signer.public, held=held) if isinstance(one, Damage)]


def test_a_log_that_nobody_touched_has_no_damage(signer: Signer, tmp_path: Path) -> None:
    found = filled(signer)
    *none, result = audit(found, signer.public)

    assert none == []
    assert isinstance(result, Audited)
    assert result.size >= SIZE
    assert result.erased > 0
    assert [one for one in audit_log(signer.public) if isinstance(one, Damage)] == []
    assert log_file.write(tmp_path / "log.jsonl", signer.public, found) == len(found) + 1
    keys, read = log_file.read(tmp_path / "log.jsonl")
    assert keys == signer.public
    assert list(read) == found
    schema = json.loads(SCHEMA.read_text())
    for text in (tmp_path / "log.jsonl").read_text().splitlines()[::10]:
        jsonschema.validate(json.loads(text), schema)


def bent(value: int | str | None, chance: random.Random) -> int | str:
    """Return another value of the same look, where there is one."""
    if value is None:
        return "00" * 16
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 1000])
    n = chance.randrange(len(value))
    letter = chance.choice([c for c in "0123456789abcdef{" if c != value[n]])
    return value[:n] + letter + value[n + 1 :]


def test_each_field_of_a_thousand_entries_is_guarded_by_itself(signer: Signer) -> None:
    chance = chance_of(SEED)
    entries = [line["entry"] for line in filled(signer) if "entry" in line]
    for entry in chance.sample(entries, 1_000):
        assert list(entry_damages(entry)) == []
        for field in entry.keys() - {"index"}:
            for changed in (bent(entry[field], chance), None, True):
                if changed is entry[field]:
                    continue
                (first, *_) = entry_damages(entry | {field: changed}) or (None,)
                assert first is not None, (field, changed)
                assert f"leaf {entry['index']}," in first.where


def test_the_whole_audit_names_the_damaged_line(signer: Signer) -> None:
    chance = chance_of(SEED)
    found = filled(signer)
    places = [n for n, line in enumerate(found) if "entry" in line]
    for n in chance.sample(places, 5):
        for field, value in found[n]["entry"].items():
            changed = copy.copy(found)
            changed[n] = {"entry": found[n]["entry"] | {field: bent(value, chance)}}
            told = damages(changed, signer)
            index = changed[n]["entry"]["index"]
            assert any(f"leaf {index}," in one.where for one in told), field
            assert len(told) <= 3, told


def test_another_spelling_of_a_salt_is_a_damage(signer: Signer) -> None:
    entry = next(
        line["entry"] for line in filled(signer)
        if "entry" in line and (line["entry"]["salt"] or "0").upper() != line["entry"]["salt"]
        and line["entry"]["salt"]
    )  # fmt: skip

    for salt in (entry["salt"].upper(), f" {entry['salt']}"):
        assert [one.field for one in entry_damages(entry | {"salt": salt})] == ["salt or body"]


def test_a_name_that_stands_twice_is_a_damage(signer: Signer, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log_file.write(path, signer.public, filled(signer))
    path.write_text(path.read_text().replace('"kind":', '"kind":"test.sold","kind":', 1))

    keys, read = log_file.read(path)

    first = next(one for one in audit(read, keys) if isinstance(one, Damage))
    assert (first.where, first.field) == ("after 0 facts", "line")


def rehashed(entry: Line) -> Line:
    """Return the entry with a leaf hash that fits it, as a careful forger would."""
    data = leaf_data(
        entry_id=entry["id"], kind=entry["kind"], at=entry["at"],
        commitment=bytes.fromhex(entry["commitment"]),
    )  # fmt: skip
    return entry | {"leaf": leaf_hash(data).hex()}


def test_a_careful_forgery_is_found_by_the_next_checkpoint(signer: Signer) -> None:
    found = filled(signer)
    chance = chance_of(SEED)
    places = [n for n, line in enumerate(found) if "entry" in line]
    for n in chance.sample(places, 12):
        entry = found[n]["entry"]
        for change in ({"kind": "x.y"}, {"id": 999_999}, {"at": "2020-01-01T00:00:00.000000Z"}):
            forged = [*found[:n], {"entry": rehashed(entry | change)}, *found[n + 1 :]]
            told = damages(forged, signer)
            assert told
            assert "root over leaves" in told[0].field


def test_swapped_dropped_and_doubled_entries_are_found(signer: Signer) -> None:
    found = filled(signer)
    chance = chance_of(SEED)
    places = [n for n, line in enumerate(found) if "entry" in line]
    for n in chance.sample(places[:-1], 6):
        line, following = found[n], next(one for one in found[n + 1 :] if "entry" in one)
        swapped = copy.copy(found)
        swapped[n], swapped[found.index(following)] = following, line
        renumbered = copy.deepcopy(swapped)
        renumbered[n]["entry"]["index"] = line["entry"]["index"]
        renumbered[found.index(following)]["entry"]["index"] = following["entry"]["index"]
        for changed in (
            swapped, renumbered, [*found[:n], *found[n + 1 :]], [*found[:n], line, *found[n:]],
        ):  # fmt: skip
            assert damages(changed, signer), n


def test_any_change_of_a_checkpoint_is_found(signer: Signer) -> None:
    chance = chance_of(SEED)
    found = filled(signer, 300)
    places = [n for n, line in enumerate(found) if "checkpoint" in line]
    for n in places:
        said = found[n]["checkpoint"]
        for field in ("size", "root", "note"):
            changed = copy.copy(found)
            changed[n] = {"checkpoint": said | {field: bent(said[field], chance)}}
            assert damages(changed, signer), field
    swapped = copy.copy(found)
    swapped[places[0]], swapped[places[1]] = found[places[1]], found[places[0]]
    assert damages(swapped, signer)
    assert damages(found[:-1], signer), "the last checkpoint is gone"


def test_lines_that_are_none_are_told(signer: Signer) -> None:
    found = filled(signer, 20)

    for odd in ({}, {"entry": 1}, {"unreadable": "x"}, {"entry": {}}, {"checkpoint": {}}):
        assert damages([*found[:5], odd, *found[5:]], signer)


def test_a_shorter_log_is_whole_in_itself_but_not_for_whoever_holds_a_checkpoint(
    signer: Signer,
) -> None:
    found = filled(signer, 300)
    places = [n for n, line in enumerate(found) if "checkpoint" in line]
    held = found[places[-1]]["checkpoint"]["note"]
    shorter = found[: places[-2] + 1]

    told = damages(shorter, signer, held=[held])

    assert [one.field for one in told] == ["size"]
    assert "you hold" in told[0].expected
    assert damages(found, signer, held=[held, found[places[0]]["checkpoint"]["note"]]) == []


def test_a_log_forged_with_the_stolen_key_is_found_by_a_held_checkpoint(signer: Signer) -> None:
    record(5)
    held = sequenced(signer)
    forged = signer.checkpoint(size=5, root=bytes(32))
    assert checkpoint.checked(forged, signer.public)
    with lines() as lines_now:
        found = list(lines_now)

    told = damages(found, signer, held=[forged, held.note])

    assert [one.where for one in told] == ["log at 5"]


STATEMENTS = {
    "kind": "update journal_entry set kind = 'x.y' where id = 300",
    "at": "update journal_entry set at = at + interval '1 microsecond' where id = 300",
    "id": "update journal_entry set id = 9999 where id = 300",
    "commitment": "update journal_entry set commitment = sha256('') where id = 300",
    "salt": "update journal_entry set salt = '\\x00' where id = 300",
    "body": "update journal_entry set body = '{}' where id = 300",
    "erased in silence": "update journal_entry set body = null, salt = null where id = 300",
    "entry gone": "delete from journal_entry where id = 300",
    "leaf gone": "delete from journal_leaf where leaf_index = 299",
    "last leaf gone": "delete from journal_leaf where leaf_index = 599",
    "leaf of another": "update journal_leaf set entry_id = 9999 where leaf_index = 299",
    "leaves swapped": "update journal_leaf set leaf_index = -leaf_index where entry_id in (7, 8); "
    "update journal_leaf set leaf_index = 13 + leaf_index where entry_id in (7, 8)",
    "tile": "update journal_tile set hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) "
    "where level = 0 and number = 1",
    "tile above": "update journal_tile set hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) "
    "where level = 1",
    "tile gone": "delete from journal_tile where level = 1",
    "tile cut": "update journal_tile set hashes = substr(hashes, 33) where number = 2",
    "root": "update journal_checkpoint set root = sha256('') where size = 600",
    "note": "update journal_checkpoint set note = note || 'x'",
    "last checkpoint gone": "delete from journal_checkpoint where size = 600",
    "progress": "update journal_progress set size = 599",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_damage_in_the_database_is_found(signer: Signer, name: str) -> None:
    for count in (250, 349, 1):
        record(count)
        sequenced(signer)
    for table in ("entry", "leaf", "tile", "checkpoint"):
        execute(f"alter table journal_{table} disable trigger all")

    execute(STATEMENTS[name])

    told = [one for one in audit_log(signer.public) if isinstance(one, Damage)]
    assert told
    assert len(told) <= 5 or name == "tile cut", told
    if name in {"kind", "at", "commitment", "salt", "body", "erased in silence"}:
        assert len(told) == 1
        assert "entry 300" in told[0].where


def test_a_fact_that_the_sequencer_passed_over_is_told(signer: Signer) -> None:
    record(3)
    sequenced(signer)
    (waiting,) = record(1)
    assert not [one for one in audit_log(signer.public) if isinstance(one, Damage)]
    execute("alter table journal_entry disable trigger all")

    execute("update journal_entry set xact = 1 where id = %s", waiting.entry_id)

    told = [one for one in audit_log(signer.public) if isinstance(one, Damage)]
    assert [(one.where, one.field) for one in told] == [(f"entry {waiting.entry_id}", "leaf")]


def test_an_erasure_that_waits_for_its_place_in_the_log_explains_the_empty_body(
    signer: Signer,
) -> None:
    first, *_ = record(3)
    sequenced(signer)
    (waiting,) = record(1)
    for one in (first, waiting):
        actions.erase(entry_id=one.entry_id, because="law", at=NOON)

    assert not [one for one in audit_log(signer.public) if isinstance(one, Damage)]
    sequenced(signer)
    assert not [one for one in audit_log(signer.public) if isinstance(one, Damage)]


CHANGES: dict[str, Callable[[], None]] = {
    "a tile": lambda: execute("update journal_tile set hashes = '\\x00'"),
    "a tile gone": lambda: execute("delete from journal_tile"),
    "a leaf": lambda: execute("update journal_leaf set leaf_index = 7"),
    "a checkpoint": lambda: execute("delete from journal_checkpoint"),
    "all facts": lambda: execute("truncate journal_entry"),
    "all tiles": lambda: execute("truncate journal_tile"),
    "a number": lambda: execute("update journal_entry set xact = 5"),
    "a number before its place": lambda: execute("update journal_entry set xact = 0 where id = 2"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_database_refuses_to_change_the_log(signer: Signer, name: str) -> None:
    record(1)
    sequenced(signer)
    record(1)

    with pytest.raises(Exception, match="only grows"):
        CHANGES[name]()

    assert not [one for one in audit_log(signer.public) if isinstance(one, Damage)]
