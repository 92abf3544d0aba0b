"""A promise: signed at once, it says that a fact is recorded and will have its place in the log."""

from __future__ import annotations

import base64
from typing import Any

import rfc8785

from tradeloop.journal.facts import Recorded
from tradeloop.journal.keys import Signer
from tradeloop.journal.leaf import written
from tradeloop.journal.verify import PROMISE_FORMAT, promised_bytes


def promise(recorded: Recorded, *, signer: Signer) -> dict[str, Any]:
    """Return the signed promise of a fact, ready to be written as JSON.

    Give it away only after the transaction has committed: what is rolled back gets no place, and
    the promise would be a lie under our own signature.
    """
    said: dict[str, Any] = {
        "format": PROMISE_FORMAT,
        "log": signer.log,
        "key_id": signer.key.key_id.hex(),
        "entry": {
            "id": recorded.entry_id,
            "kind": recorded.kind,
            "at": written(recorded.at),
            "commitment": recorded.commitment.hex(),
        },
    }
    signature = signer.sign(promised_bytes(said))
    return said | {"signature": base64.b64encode(signature).decode()}


def as_text(paper: dict[str, Any]) -> str:
    """Return a promise or a proof as the RFC 8785 text that is handed over."""
    return rfc8785.dumps(paper).decode() + "\n"
