"""Signs of fraud: pure rules over a claim and what the registers say; each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tradeloop.claims.case import Case

CASH = "cash"
BY_RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One claim, and what lies outside it."""

    case: Case
    is_related: bool = False  # seller and buyer belong together
    circle: str | None = None  # how the buyer's money or goods lead back to the seller


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One sign: the code is public, and never renamed."""

    code: str
    because: str


def signals(scene: Scene) -> tuple[Seen, ...]:
    """Return every sign there is; none of them decides anything, a person does."""
    return tuple(one for rule in RULES for one in rule(scene))


def unseen(scene: Scene) -> tuple[Seen, ...]:
    """Return every sign that was not raised on the claim before, cleared or not."""
    raised = {(one.code, one.because) for one in scene.case.signals}
    return tuple(one for one in signals(scene) if (one.code, one.because) not in raised)


def no_export(scene: Scene) -> Iterator[Seen]:
    """Goods that never left: the trade is proven no more, or its declaration was withdrawn."""
    for line in scene.case.lines:
        if line.certificate is not None and line.grade != "proven":
            yield Seen(
                code="no-export",
                because=f"Trade {line.trade} is {line.grade or 'not judged'}; it was proven when "
                "it was covered.",
            )
        if line.is_over_used:
            yield Seen(
                code="declaration-withdrawn",
                because=f"The value of trade {line.trade} was amended below what is insured of it.",
            )


def cash(scene: Scene) -> Iterator[Seen]:
    """Cash is not covered, and leaves no trace of who paid."""
    for paper in scene.case.papers:
        if paper.says.get("paid_by") == CASH:
            yield Seen(code="cash", because=f"{paper.name} speaks of payment in cash.")


def related_party(scene: Scene) -> Iterator[Seen]:
    """A seller that claims against its own affiliate."""
    if scene.is_related:
        seller, buyer = scene.case.pair
        yield Seen(code="related-party", because=f"{seller} and {buyer} belong together.")


def twin_papers(scene: Scene) -> Iterator[Seen]:
    """The same goods may stand under another number."""
    for line in scene.case.lines:
        if line.twins:
            yield Seen(
                code="twin-papers",
                because=f"{line.twins} other values may be the goods of trade {line.trade}.",
            )


def circular_trade(scene: Scene) -> Iterator[Seen]:
    """Goods or money that go round in a circle."""
    if scene.circle:
        yield Seen(code="circular-trade", because=scene.circle)


RULES: Sequence[Callable[[Scene], Iterator[Seen]]] = (
    no_export, cash, related_party, twin_papers, circular_trade
)  # fmt: skip
