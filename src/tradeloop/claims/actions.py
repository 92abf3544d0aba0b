"""The verbs of a claim, in the order in which they happen; each file below tells its own."""

from __future__ import annotations

from tradeloop.claims.agree import offer, sign, sign_in_ink
from tradeloop.claims.assess import assess
from tradeloop.claims.decide import approve, recalculate, refuse, reopen, withdraw
from tradeloop.claims.filing import claim
from tradeloop.claims.notice import complete_notice, insolvent, notice
from tradeloop.claims.papers import add_evidence, answer
from tradeloop.claims.pay import confirm_paid, order_payout
from tradeloop.claims.people import enrol, forget
from tradeloop.claims.rights import close, subrogate
from tradeloop.claims.stop import clear_signal, raise_signal, resume, stay

__all__ = [
    "add_evidence", "answer", "approve", "assess", "claim", "clear_signal", "close",
    "complete_notice", "confirm_paid", "enrol", "forget", "insolvent", "notice", "offer",
    "order_payout", "raise_signal", "recalculate", "refuse", "reopen", "resume", "sign",
    "sign_in_ink", "stay", "subrogate", "withdraw",
]  # fmt: skip
