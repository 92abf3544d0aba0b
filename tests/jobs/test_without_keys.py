"""Without the log's secret key only proofs wait; what recurs and what is due goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from tradeloop.jobs.turn import turn
from tradeloop.journal.actions import record
from tradeloop.journal.keys import PUBLIC_FILE, SecretKeyMissing, signer
from tradeloop.journal.sequence import sequence_once

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.mark.usefixtures("database")
def test_a_home_without_the_secret_key_goes_on_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = tmp_path / "keys"
    record(kind="test.seen", at=NOON, fact={"n": 1})
    sequence_once(now=NOON, signer=signer(keys))
    for path in keys.rglob("*"):
        if path.is_file() and path.name != PUBLIC_FILE:
            path.unlink()
    record(kind="test.seen", at=NOON, fact={"n": 2})
    monkeypatch.setattr(settings, "TRADELOOP_KEYS", str(keys), raising=False)
    with pytest.raises(SecretKeyMissing):
        sequence_once(now=NOON, signer=signer(keys))

    first, again = turn(now=NOON), turn(now=NOON)

    assert first.recurring.done > 0
    assert first.failed == again.failed == ()
    told = [one for one in caplog.messages if "Until then no proof is made" in one]
    assert len(told) == 1
    assert "Bring it back from the backup" in told[0]
