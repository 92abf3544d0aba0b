"""What a claim must show, and what is there of it: papers in the system, and papers brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, DecimalException

from tradeloop.claims.case import Case, CaseLine, Item, Paper
from tradeloop.claims.kinds import Kind, Required, kinds
from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.parties.alike import compare_names
from tradeloop.parties.names import name_of
from tradeloop.parties.terms import terms_on

NAMES_SHOWN = 3
FOUND, MISSING, MISMATCH, KEPT = "found", "missing", "mismatch", "kept"


def checklist(case: Case) -> tuple[Item, ...]:
    """Return every line of a claim's checklist, in the order of the table of kinds.

    A paper counts once its key fields agree with what is claimed; one that could not be read is
    kept, and does not count.
    """
    found: list[Item] = []
    for kind in kinds().values():
        required = _is_required(kind, case)
        lines: Sequence[CaseLine | None] = case.lines if kind.each == "trade" else [None]
        for line in lines:
            brought = [
                one for one in case.papers
                if one.kind == kind.code and (line is None or one.trade in {None, line.trade})
            ]  # fmt: skip
            if required or brought:
                found.append(_item(kind, case, line, brought, required=required))
    return tuple(found)


def missing(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return what somebody has to bring."""
    return tuple(one for one in items if one.is_missing)


def _is_required(kind: Kind, case: Case) -> bool:
    return {
        Required.ALWAYS: True,
        Required.IF_INSOLVENT: case.insolvent_on is not None,
        Required.IF_HELD: any(one.is_open for one in case.signals),
        Required.NEVER: False,
    }[kind.required]


def _item(
    kind: Kind, case: Case, line: CaseLine | None, brought: Sequence[Paper], *, required: bool
) -> Item:
    expected = _expected(kind, case, line)
    answers = [*_from_system(kind, line), *(_from_paper(kind, one, case, line) for one in brought)]
    order = (FOUND, MISMATCH, KEPT, MISSING)
    status, seen = min(answers, key=lambda one: order.index(one[0]), default=(MISSING, "nothing"))
    return Item(
        kind=kind.code, trade=line.trade if line else None, is_required=required, status=status,
        seen=seen, expected=expected,
    )  # fmt: skip


def _from_system(kind: Kind, line: CaseLine | None) -> Iterator[tuple[str, str]]:
    """Give what the trade's own papers, judged and registered before, say to it."""
    if line is None:
        return
    if "proven" in kind.filled_by and line.grade == "proven":
        if "amount" in kind.key_fields and not _proves(line):
            yield MISMATCH, f"papers prove {line.verified}"
        else:
            yield FOUND, "the trade is proven by its papers"
    for name in sorted(line.names & set(kind.filled_by)):
        if "amount" not in kind.key_fields:
            yield FOUND, f"registered by its {name}"


def _proves(line: CaseLine) -> bool:
    verified = line.verified
    return (
        verified is not None and verified.currency == line.owed.currency
        and verified >= (line.claimed or line.owed)
    )  # fmt: skip


def _from_paper(kind: Kind, paper: Paper, case: Case, line: CaseLine | None) -> tuple[str, str]:
    if not paper.is_read:
        return KEPT, f"{paper.name}: {paper.because}"
    wrong = [
        said
        for field in kind.key_fields
        if (said := _differs(field, paper, case, line)) is not None
    ]
    if wrong:
        return MISMATCH, f"{paper.name}: {'; '.join(wrong)}"
    return FOUND, paper.name


def _differs(field: str, paper: Paper, case: Case, line: CaseLine | None) -> str | None:
    """Return how a key field differs from what is claimed; None if it agrees."""
    said = paper.says.get(field)
    if said is None:
        return f"nobody stated its {field}"
    wanted = _wanted(case, line)
    if field == "buyer":
        return _other_buyer(said, case)
    if field == "currency":
        return None if said == wanted.currency else f"currency {said}"
    try:
        minor = Decimal(said.replace(",", "")) * 10 ** MINOR_DIGITS[wanted.currency]
    except DecimalException:  # also too large to be reckoned with
        return f"amount {said!r} is no number"
    return None if minor.is_finite() and minor >= wanted.minor else f"amount {said}"


def _other_buyer(said: str, case: Case) -> str | None:
    """Return how a buyer differs from the claim's, by key or by any of its names; None if not.

    What is only possibly the same name is for a person to decide.
    """
    if said == case.buyer or said in case.buyer_names:
        return None
    terms = terms_on(case.noticed_on)
    likest = max(
        (compare_names(name_of(said), name_of(one), terms=terms) for one in case.buyer_names),
        key=lambda one: one.score_bp, default=None,
    )  # fmt: skip
    if likest is None or likest.score_bp < terms.possible_at_bp:
        return f"buyer {said}"
    if likest.score_bp >= terms.same_at_bp:
        return None
    return f"buyer {said}, which may be the same ({', '.join(likest.reasons)}): look at the paper"


def _wanted(case: Case, line: CaseLine | None) -> Money:
    if line is not None:
        return line.claimed or line.owed
    owed = sum((one.owed.minor for one in case.lines), 0)
    return case.claimed or Money(owed, case.currency)


def _expected(kind: Kind, case: Case, line: CaseLine | None) -> str:
    if not kind.key_fields:
        return kind.en
    wanted = _wanted(case, line)
    buyer = " or ".join(case.buyer_names[:NAMES_SHOWN]) or case.buyer
    says = {
        "buyer": f"buyer {buyer}",
        "currency": wanted.currency,
        "amount": f"{wanted}",
    }
    return f"{kind.en}, which says {', '.join(says[one] for one in kind.key_fields)}"
