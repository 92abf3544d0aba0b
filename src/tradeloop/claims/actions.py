"""The verbs of a claim, in the order in which they happen; each file below tells its own."""

from __future__ import annotations

from tradeloop.claims.accounts import PayoutRefused, state_account
from tradeloop.claims.agree import AgreementRefused, offer, sign, sign_in_ink
from tradeloop.claims.assess import assess
from tradeloop.claims.debts import FigureImpossible
from tradeloop.claims.decide import (
    NothingToPay,
    RefusalIncomplete,
    RefusalUnfit,
    approve,
    recalculate,
    refuse,
    reopen,
    withdraw,
)
from tradeloop.claims.filing import claim
from tradeloop.claims.fixing import MaximumUsedUp
from tradeloop.claims.kinds import EvidenceKindUnknown
from tradeloop.claims.legible import EvidenceRefused
from tradeloop.claims.moves import ClaimMoved, ClaimUnknown
from tradeloop.claims.notice import complete_notice, insolvent, notice
from tradeloop.claims.papers import add_evidence, answer
from tradeloop.claims.pay import confirm_order, confirm_paid, order_payout
from tradeloop.claims.pay_again import order_again, returned
from tradeloop.claims.people import PersonUnknown, ReasonMissing, SecretUnfit, enrol, forget
from tradeloop.claims.rights import close, subrogate
from tradeloop.claims.stop import (
    SignalUnfit,
    SignalUnknown,
    clear_signal,
    raise_signal,
    resume,
    stay,
)
from tradeloop.claims.unfit import ClaimRefused
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.terms import NoTermsYet
from tradeloop.schemes.load import SchemeUnknown

REFUSED = (
    AgreementRefused, ClaimMoved, ClaimRefused, ClaimUnknown, EvidenceKindUnknown, EvidenceRefused,
    MaximumUsedUp, MoveNotAllowed, NoTermsYet, FigureImpossible, NothingToPay, PayoutRefused,
    PermissionError, PersonUnknown, ReasonMissing, SchemeUnknown, SecretUnfit, SignalUnfit,
    SignalUnknown, RefusalIncomplete, RefusalUnfit,
)  # fmt: skip
"""What the verbs refuse, by name; each says what to do."""

__all__ = [
    "REFUSED",
    "add_evidence",
    "answer",
    "approve",
    "assess",
    "claim",
    "clear_signal",
    "close",
    "complete_notice",
    "confirm_order",
    "confirm_paid",
    "enrol",
    "forget",
    "insolvent",
    "notice",
    "offer",
    "order_again",
    "order_payout",
    "raise_signal",
    "recalculate",
    "refuse",
    "reopen",
    "resume",
    "returned",
    "sign",
    "sign_in_ink",
    "state_account",
    "stay",
    "subrogate",
    "withdraw",
]  # fmt: skip
