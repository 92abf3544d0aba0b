"""Both readers give the same facts of everything that the fast one takes, and neither raises."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_messages import Maker, damaged

import papers
from tradeloop.documents import fast, tolerant
from tradeloop.documents.facts import tables
from tradeloop.documents.layout import messages
from tradeloop.documents.recognise import Sort, recognise
from tradeloop.documents.shape import plain
from tradeloop.documents.sink import table_of
from tradeloop.documents.told import Placed

KINDS = sorted(messages())
KIND = st.sampled_from(KINDS)
CHANCE = st.integers(0, 2**32).map(Random)
Rows = dict[str, list[dict[str, object]]]
Told = list[tuple[object, ...]]
UNSIGNED = "signature-missing"


def quickly(data: bytes) -> tuple[Rows, Told] | None:
    """Return what the fast reader makes of a file, or None if it does not take it."""
    found = plain(data)
    parsed = found and fast.parse(1, "digest", found)
    if not parsed:
        return None
    facts = fast.to_facts([parsed])
    if facts.odd:
        return None
    told = _told(facts.told.get(0, []))
    return {name: _rows(rows.to_pylist()) for name, rows in facts.tables.items()}, told


def carefully(data: bytes) -> tuple[Rows, Told]:
    """Return what the tolerant reader makes of a file."""
    found = tolerant.read(data)
    rows = {}
    for name, some in found.rows.items():
        placed = [{**row, "file": 1, "source_digest": "digest"} for row in some]
        rows[name] = _rows(table_of(placed, tables()[name]).to_pylist())
    return rows, _told(found.told)


def _rows(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: (row["message"], row["record"], row.get("line", 0)))


def _told(placed: list[Placed]) -> Told:
    return sorted(
        (one.told.code, one.told.field, one.told.seen, one.told.expected, one.record, one.line)
        for one in placed
        if one.told.code != UNSIGNED
    )


def check(data: bytes) -> bool:
    """Assert that both readers agree; return whether the fast one took the file."""
    rows, told = carefully(data)
    quick = quickly(data)
    if quick is None:
        return False
    for name in quick[0].keys() | rows.keys():
        assert quick[0].get(name, []) == rows.get(name, []), name
    assert quick[1] == told
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_the_fast_reader_takes_every_legal_message(kind: str) -> None:
    taken = [check(Maker(kind, Random(seed)).whole()) for seed in range(12)]

    assert all(taken)


@given(KIND, CHANCE)
@settings(max_examples=250, deadline=None, derandomize=True)
def test_both_readers_agree_on_messages_with_odd_values(kind: str, r: Random) -> None:
    check(Maker(kind, r, odd=r.choice((0.005, 0.02, 0.2))).whole())


@given(KIND, CHANCE)
@settings(max_examples=500, deadline=None, derandomize=True)
def test_both_readers_agree_on_damaged_messages_and_neither_raises(kind: str, r: Random) -> None:
    data = damaged(Maker(kind, r).whole(records=r.randint(1, 3)), r)

    if recognise(data, "some.xml") is Sort.MESSAGES:
        check(data)
    else:
        plain(data)
        tolerant.read(data)


@given(st.binary(max_size=300), KIND, CHANCE)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_bytes_whatever_make_a_reader_raise(noise: bytes, kind: str, r: Random) -> None:
    data = Maker(kind, r).whole(records=1)
    at = r.randrange(len(data))

    for whole in (noise, data[:at] + noise + data[at:], data[:at], data[at:]):
        recognise(whole, "some.xml")
        plain(whole)
        tolerant.read(whole)


@pytest.mark.parametrize("odd", ["  2", "2\n", "\t2 "])
def test_a_declared_status_between_spaces_asks_for_a_signature_too(odd: str) -> None:
    data = papers.message("CEB303", appStatus=odd).encode()

    found = plain(data)

    told = {one.told.code for one in tolerant.read(data).told}
    assert UNSIGNED in told
    assert found is None or (found.declared and not found.signed)


@pytest.mark.parametrize(
    "odd", [b"\xff", "网".encode("gbk"), b"\xef\xbf\xbe", b"\x01", "é".encode()]
)
def test_the_root_element_may_hold_any_bytes(odd: bytes) -> None:
    data = papers.message("CEB303").encode().replace(b"G" * 36, b"G" * 35 + odd)

    check(data)


@pytest.mark.parametrize("odd", [b"\x0c", b"\x0b", b"\x00", b"\x1f"])
@pytest.mark.parametrize("beside", [b"<ceb:Order>", b"</ceb:CEB303Message>\n"])
def test_a_control_character_beside_a_tag_is_told(odd: bytes, beside: bytes) -> None:
    order = papers.message("CEB303").encode()
    before, after = (odd + beside, beside + odd)
    data = order.replace(beside, before if beside == b"<ceb:Order>" else after)

    check(data)

    assert "control-character" in {one.told.code for one in tolerant.read(data).told}


@pytest.mark.skipif(not papers.EXPORT_SAMPLES.is_dir(), reason=papers.NO_SHARED)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"CEB213", "CEB214"}])
def test_both_readers_agree_on_the_official_samples(kind: str) -> None:
    data = (papers.EXPORT_SAMPLES / f"{kind}Message.xml").read_bytes()

    check(data)

    rows, _ = carefully(data)
    assert len(rows[messages()[kind].table]) > 0
