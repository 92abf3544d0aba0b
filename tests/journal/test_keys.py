"""Keys are made once, for the owner only; checkpoints are signed notes that others can read."""

from __future__ import annotations

import base64
import json
import stat
import string
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest

from tradeloop.journal import checkpoint, keys
from tradeloop.journal.checkpoint import KeysUnreadable, NotProven, PublicKey, PublicKeys

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/reference/json/keys.schema.json").read_text()
)
WRITTEN = set(string.ascii_letters + string.digits + "+/.=")
ROOT = bytes(range(32))
# The example of the C2SP specification (c2sp.org/tlog-checkpoint).
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501 - as it is written


def test_keys_are_made_once_and_are_the_owners(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "keys"
    first, again = keys.signer(folder), keys.signer(folder)

    assert again.public == first.public == keys.public_keys(folder)
    jsonschema.validate(json.loads((folder / "journal.json").read_text()), SCHEMA)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (secret,) = folder.glob("*.pem")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == [secret.name, "journal.json"]


def test_no_key_is_made_for_a_log_that_has_keys_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(keys.OtherLog, match="Bring the keys folder back"):
        keys.signer(tmp_path, log="tradeloop.local/0123456789abcdef")

    assert list(tmp_path.iterdir()) == []


def test_many_that_come_first_at_once_end_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(keys.signer, [tmp_path / "keys"] * 8))

    assert len({one.public for one in made}) == 1
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 1
    assert made[0].checkpoint(size=1, root=ROOT) == made[7].checkpoint(size=1, root=ROOT)


def test_a_checkpoint_reads_as_c2sp_has_it(tmp_path: Path) -> None:
    signer = keys.signer(tmp_path)
    note = signer.checkpoint(size=7, root=ROOT)
    text, _, signature = note.partition("\n\n")

    assert text == f"{signer.log}\n7\n{base64.b64encode(ROOT).decode()}"
    dash, name, raw = signature.split(" ")
    assert (dash, name) == ("—", signer.log)
    assert base64.b64decode(raw)[:4] == signer.key.key_id
    assert checkpoint.checked(note, signer.public) == checkpoint.Head(signer.log, 7, ROOT)
    assert checkpoint.read(EXAMPLE).size == 20_852_163


def test_signatures_of_others_may_stand_beside_ours(tmp_path: Path) -> None:
    signer, witness = keys.signer(tmp_path / "a"), keys.signer(tmp_path / "b")
    note = signer.checkpoint(size=7, root=ROOT)
    _, _, seen = witness.checkpoint(size=7, root=ROOT).partition("\n\n")

    assert checkpoint.checked(note + seen, signer.public).size == 7
    only_witness = note.partition("\n\n")[0] + "\n\n" + seen
    with pytest.raises(NotProven, match="has not signed"):
        checkpoint.checked(only_witness, signer.public)


@pytest.mark.parametrize(
    ("seen", "instead"),
    [("\n7\n", "\n8\n"), ("\n7\n", "\n07\n"), ("\n7\n", "\n-7\n"), ("\n\n", "\n"), ("— ", "- "),
     ("AAEC", "AAED"), ("=\n\n", "\n\n")],
)  # fmt: skip
def test_a_changed_checkpoint_is_refused(tmp_path: Path, seen: str, instead: str) -> None:
    signer = keys.signer(tmp_path)
    note = signer.checkpoint(size=7, root=ROOT)
    assert seen in note

    with pytest.raises(NotProven):
        checkpoint.checked(note.replace(seen, instead, 1), signer.public)


def test_after_a_rotation_old_and_new_checkpoints_hold_each_with_its_own_key(
    tmp_path: Path,
) -> None:
    first = keys.signer(tmp_path)
    old = first.checkpoint(size=10, root=ROOT)
    second = keys.rotate(tmp_path, from_size=11)
    new = second.checkpoint(size=11, root=ROOT)

    assert second.log == first.log
    assert checkpoint.checked(old, second.public).size == 10
    assert checkpoint.checked(new, second.public).size == 11
    # The old key, even if stolen, signs no later checkpoint.
    with pytest.raises(NotProven, match="has not signed"):
        checkpoint.checked(first.checkpoint(size=12, root=ROOT), second.public)
    with pytest.raises(ValueError, match="not above"):
        keys.rotate(tmp_path, from_size=11)
    assert keys.public_keys(tmp_path) == second.public


def test_the_old_secret_may_be_destroyed_after_a_rotation(tmp_path: Path) -> None:
    first = keys.signer(tmp_path)
    keys.rotate(tmp_path, from_size=11)
    (tmp_path / f"journal-{first.key.key_id.hex()}.pem").unlink()
    later = keys.signer(tmp_path)

    assert checkpoint.checked(later.checkpoint(size=11, root=ROOT), later.public).size == 11
    with pytest.raises(keys.SecretKeyMissing, match="backup"):
        later.checkpoint(size=10, root=ROOT)


KEYS_OF = '{"format":"tradeloop.keys.v1","log":"x","keys":[%s]}'


@pytest.mark.parametrize(
    "bad",
    [
        "", "{}", "[]", '{"format":"x"}', "null", "[" * 100_000,
        KEYS_OF % '{"key":5,"from_size":0}', KEYS_OF % "7",
    ],
)  # fmt: skip
def test_a_file_that_is_no_key_file_is_refused(bad: str) -> None:
    with pytest.raises(KeysUnreadable):
        PublicKeys.read(bad)


@pytest.mark.parametrize("letter", [0x00, 0xFB, 0xFF])  # A, + and / in base64
def test_a_key_file_whose_key_was_changed_is_refused(letter: int) -> None:
    log = "tradeloop.local/0123"
    written = PublicKeys(log, (PublicKey(log, bytes([letter] * 32), 0),)).written()
    assert PublicKeys.read(written).log == log
    for n in range(written.index('"key"') + 8, written.index('"from_size"') - 4):
        for other in ("A", "B", "+"):
            changed = written[:n] + other + written[n + 1 :]
            if changed == written or written[n] not in WRITTEN:
                continue
            with pytest.raises(KeysUnreadable):
                PublicKeys.read(changed)
