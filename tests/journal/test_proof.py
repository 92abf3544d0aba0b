"""A proof holds for anybody with the public key, offline; for what was changed it does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from log_of_facts import NOON, a_signer, execute, record, rows, sequenced

from tradeloop.journal import actions, promise, proof, verify
from tradeloop.journal.checkpoint import NotProven
from tradeloop.journal.keys import Signer

pytestmark = pytest.mark.usefixtures("database")
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return a_signer(tmp_path)


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return found


def text(paper: dict[str, Any]) -> str:
    return promise.as_text(paper)


def holds(paper: str, signer: Signer) -> bool:
    try:
        verify.verify(paper, signer.public)
    except NotProven:
        return False
    return True


def every_change(paper: Any, at: str = "") -> list[tuple[str, Any]]:  # noqa: ANN401 - it is JSON
    """Return the paper with each of its values changed, one at a time."""
    if isinstance(paper, dict):
        inner = [
            (name, paper | {key: changed})
            for key, value in paper.items()
            for name, changed in every_change(value, f"{at}.{key}")
        ]
        gone = [(f"{at}.{key} gone", {k: v for k, v in paper.items() if k != key}) for key in paper]
        return [*inner, *gone, (f"{at} and more", paper | {"more": 1})]
    if isinstance(paper, list):
        inner = [
            (name, [*paper[:n], changed, *paper[n + 1 :]])
            for n, value in enumerate(paper)
            for name, changed in every_change(value, f"{at}[{n}]")
        ]
        return [*inner, (f"{at} longer", [*paper, "00" * 32])]
    if isinstance(paper, str):
        places = {*range(0, len(paper), 7), *range(max(len(paper) - 3, 0), len(paper))}
        cuts = [paper[:n] + _other(paper[n]) + paper[n + 1 :] for n in sorted(places)]
        cuts += [paper[:-1], paper + "0"]
        return [
            (f"{at} text {n}", one)
            for n, one in enumerate((*cuts, None, 5, [], "\ud800"))
            if one != paper
        ]
    if isinstance(paper, int):
        return [(f"{at} number", one) for one in (paper + 1, paper - 1, str(paper), True, None)]
    return [(f"{at} there", "00")]


def _other(letter: str) -> str:
    return "1" if letter != "1" else "2"


@pytest.mark.parametrize("size", [1, 2, 5, 256, 300])
def test_every_fact_has_a_proof_that_holds(signer: Signer, size: int) -> None:
    facts = record(size)
    sequenced(signer)

    for fact in facts if size < 10 else facts[:: size // 20]:
        paper = proof.proof(fact.entry_id, keys=signer.public)
        said = verify.verify(text(paper), signer.public)
        assert said.entry == paper["entry"]
        assert said.size == size
        jsonschema.validate(paper, schema("proof"))


def test_any_change_of_a_proof_is_found(signer: Signer) -> None:
    facts = record(5)
    sequenced(signer)
    paper = proof.proof(facts[3].entry_id, keys=signer.public)
    changes = every_change(paper)
    assert len(changes) > 100

    for name, changed in changes:
        assert not holds(json.dumps(changed), signer), name


def test_a_paper_that_says_something_twice_proves_nothing(signer: Signer) -> None:
    (fact,) = record(1)
    sequenced(signer)
    paper = text(proof.proof(fact.entry_id, keys=signer.public))

    with pytest.raises(verify.NotProven, match="twice"):
        verify.verify(paper.replace('"kind":', '"kind":"test.sold","kind":', 1), signer.public)


def test_after_erasure_the_proof_holds_without_the_body(signer: Signer) -> None:
    facts = record(3)
    sequenced(signer)
    before = proof.proof(facts[1].entry_id, keys=signer.public)

    erased = actions.erase(entry_id=facts[1].entry_id, because="the buyer asked", at=NOON)
    again = actions.erase(entry_id=facts[1].entry_id, because="the buyer asked", at=NOON)
    after = proof.proof(facts[1].entry_id, keys=signer.public)

    assert erased is not None
    assert again is None
    assert after["entry"] == before["entry"] | {"salt": None, "body": None}
    assert "erased" in verify.verify(text(after), signer.public).says
    # Who kept the body before can still prove it.
    assert "was recorded" in verify.verify(text(before), signer.public).says
    assert rows("select kind, body from journal_entry where id = %s", erased.entry_id) == [
        ("journal.erased", f'{{"because":"the buyer asked","entry":{facts[1].entry_id}}}')
    ]


def test_what_is_not_there_or_must_stay_is_not_erased() -> None:
    (fact,) = record(1)
    erased = actions.erase(entry_id=fact.entry_id, because="law", at=NOON)
    assert erased is not None
    before = rows("select * from journal_entry order by id")

    with pytest.raises(actions.EntryUnknown, match="no entry 99"):
        actions.erase(entry_id=99, because="law", at=NOON)
    with pytest.raises(actions.ErasureStays):
        actions.erase(entry_id=erased.entry_id, because="law", at=NOON)

    assert rows("select * from journal_entry order by id") == before


def test_a_fact_without_a_place_has_no_proof_yet(signer: Signer) -> None:
    record(1)
    sequenced(signer)
    (fact,) = record(1)

    with pytest.raises(proof.NotInTheLog, match="ask again"):
        proof.proof(fact.entry_id, keys=signer.public)
    with pytest.raises(proof.NotInTheLog, match="no entry 99"):
        proof.proof(99, keys=signer.public)


def test_a_promise_is_kept_by_the_proof_of_the_same_fact(signer: Signer) -> None:
    first, other = record(2)
    given = promise.promise(first, signer=signer)
    sequenced(signer)
    kept = proof.proof(first.entry_id, keys=signer.public)
    wrong = proof.proof(other.entry_id, keys=signer.public)

    jsonschema.validate(given, schema("promise"))
    assert verify.verify(text(given), signer.public).entry == given["entry"]
    assert verify.keeps(text(given), text(kept), signer.public).size == 2
    with pytest.raises(NotProven, match="not the same fact"):
        verify.keeps(text(given), text(wrong), signer.public)
    for name, changed in every_change(given):
        assert not holds(json.dumps(changed), signer), name


@pytest.mark.parametrize("sizes", [(1, 1), (3, 4), (4, 300), (255, 2), (256, 1)])
def test_a_longer_log_only_adds_to_the_one_before(signer: Signer, sizes: tuple[int, int]) -> None:
    record(sizes[0])
    old = sequenced(signer)
    record(sizes[1])
    new = sequenced(signer)

    paper = proof.consistency(old=old.note, keys=signer.public)

    jsonschema.validate(paper, schema("consistency"))
    assert verify.verify(text(paper), signer.public).size == new.size
    same = proof.consistency(old=old.note, new=old, keys=signer.public)
    assert verify.verify(text(same), signer.public).size == old.size
    for name, changed in every_change(paper):
        assert not holds(json.dumps(changed), signer), name


def test_a_log_written_anew_is_found_by_whoever_kept_a_checkpoint(signer: Signer) -> None:
    record(4)
    old = sequenced(signer)
    for table in ("entry", "leaf", "tile", "checkpoint"):
        execute(f"alter table journal_{table} disable trigger all")
    execute("truncate journal_entry, journal_leaf, journal_tile, journal_checkpoint")
    execute("update journal_progress set size = 0")
    for table in ("entry", "leaf", "tile", "checkpoint"):
        execute(f"alter table journal_{table} enable trigger all")
    record(3, kind="test.other")
    short = sequenced(signer)
    record(3, kind="test.other")
    sequenced(signer)

    with pytest.raises(proof.LogsDiffer, match="the log was changed"):
        proof.consistency(old=old.note, keys=signer.public)
    with pytest.raises(proof.LogsDiffer, match="facts are gone"):
        proof.consistency(old=old.note, new=short, keys=signer.public)


def test_a_paper_of_another_log_is_refused(signer: Signer, tmp_path: Path) -> None:
    facts = record(1)
    sequenced(signer)
    paper = proof.proof(facts[0].entry_id, keys=signer.public)
    other = a_signer(tmp_path / "other").public

    with pytest.raises(NotProven, match="is of log"):
        verify.verify(text(paper), other)
    # Even if it takes the other log's name, the signature is not that log's.
    renamed = json.loads(text(paper).replace(signer.log, other.log))
    with pytest.raises(NotProven):
        verify.verify(json.dumps(renamed), other)


@pytest.mark.parametrize("bad", ["", "[]", "{}", '{"format":"tradeloop.proof.v9"}', "[" * 100_000])
def test_what_is_no_paper_is_refused_with_a_reason(signer: Signer, bad: str) -> None:
    with pytest.raises(NotProven, match=r"JSON|format"):
        verify.verify(bad, signer.public)


def test_the_verifier_runs_without_django_and_without_a_driver() -> None:
    program = (
        "import sys; import tradeloop.journal.verify, tradeloop.journal.audit; "
        "sys.exit(bool({'django', 'psycopg'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
