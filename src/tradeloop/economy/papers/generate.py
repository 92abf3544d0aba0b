"""A town's papers, from a seed: files or tables, and the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tradeloop.economy.papers import truth
from tradeloop.economy.papers.applications import summaries
from tradeloop.economy.papers.batches import flights
from tradeloop.economy.papers.credit.generate import TOWNS as CREDIT_TOWNS
from tradeloop.economy.papers.credit.generate import generate_credit
from tradeloop.economy.papers.dice import dice
from tradeloop.economy.papers.faults import spoil
from tradeloop.economy.papers.folders import Folders
from tradeloop.economy.papers.messages import Message, Post
from tradeloop.economy.papers.negatives import make_odd
from tradeloop.economy.papers.outcome import (
    Generated,
    GenerationRefused,
    refuse_nonsense,
)
from tradeloop.economy.papers.parquet import Tables
from tradeloop.economy.papers.plan import plan
from tradeloop.economy.papers.town import Firm, Town, load
from tradeloop.economy.papers.trade import Trade, clean
from tradeloop.economy.papers.world import World
from tradeloop.kit.cycles import without_cycles

ROUNDS_PER_CHUNK = 4  # how many rounds of bills are held in memory together


class Sink(Protocol):
    """Where messages go."""

    @property
    def files(self) -> int:
        """How many files were written."""

    def write(self, message: Message) -> None:
        """Write one message."""

    def close(self, firms: tuple[Firm, ...]) -> None:
        """Write the firm table and finish."""


SINKS: Mapping[str, Callable[[Path, Firm], Sink]] = {"papers": Folders, "parquet": Tables}


def generate(  # noqa: PLR0913 - the wishes of one command, all by name
    *,
    town: str,
    trades: int,
    seed: int,
    faults: float,
    form: str,
    into: Path,
    progress: Callable[[int], None] | None = None,
    lines_min: int = 1,
    lines_max: int | None = None,
) -> Generated:
    """Write the papers of `trades` trades below `into`, and the truth about them.

    The same arguments give the same papers, and a trade is the same however many there are.

    Args:
        town: The name of a file of figures: `hangzhou`, `yiwu` or `shenzhen`.
        trades: How many trades; their numbers begin at 0.
        seed: Any whole number.
        faults: The share of trades that are faulty, from 0 to 1.
        form: `papers` for files as people have them: XML messages in Hangzhou, a mixture of
            workbooks, CSV and JSON lines in the others, which also know each of these alone as
            `xlsx`, `csv` and `jsonl`. `parquet` for tables of facts.
        into: A folder that is empty or absent.
        progress: Told now and then how many more trades are done.
        lines_min: The fewest lines of an order.
        lines_max: The most; the town's habit if not given. Faults and gifts may add one.

    Raises:
        TownUnknown: There is no such town.
        GenerationRefused: A number makes no sense, or the folder holds something.
    """
    if town in CREDIT_TOWNS:
        return generate_credit(
            town=town,
            trades=trades,
            seed=seed,
            faults=faults,
            form=form,
            into=into,
            progress=progress,
            lines_min=lines_min,
            lines_max=lines_max,
        )
    place = load(town)
    most = lines_max or len(place.habits["lines"])
    refuse_nonsense(
        town=town,
        trades=trades,
        faults=faults,
        lines=(lines_min, most),
        form=form,
        forms=tuple(SINKS),
        into=into,
    )
    world = World(place, seed, faults, lines_min, most)
    run = _Run(world, SINKS[form](into, place.firms["senders"][0]), Post(seed))
    size = world.round_size * ROUNDS_PER_CHUNK
    with without_cycles():
        for chunk, start in enumerate(range(0, trades, size)):
            end = min(start + size, trades)
            run.chunk(chunk, [trade_of(world, number) for number in range(start, end)])
            if progress is not None:
                progress(end - start)
        run.send(run.post.rest())
        run.sink.close(listed(place))
    wrong = {row[0] for row in run.wrong}
    odd = [row for row in run.odd if row[0] not in wrong]  # a partner's fault makes a trade faulty
    path = truth.write(into, run.wrong, odd)
    return Generated(
        trades=trades,
        papers=dict(sorted(run.papers.items())),
        files=run.sink.files,
        faulty=run.faulty,
        odd=len({trade for trade, _ in odd}),
        into=into,
        truth=path,
        hard_negatives=into / truth.ODD_FILE,
    )


@dataclass(slots=True)
class _Run:
    """What a run has written so far."""

    world: World
    sink: Sink
    post: Post
    papers: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)
    faulty: int = 0

    def chunk(self, number: int, trades: list[Trade]) -> None:
        """Write some trades and the papers over many of their parcels."""
        for trade in trades:
            self.send(self.post.take(trade.papers()))
            self.wrong += truth.truths(trade)
            self.odd += truth.odd(trade)
            self.faulty += bool(trade.plan.faults)
        parcels = [parcel for trade in trades for parcel in trade.parcels]
        self.send(self.post.take(flights(self.world, parcels)))
        self.send(self.post.take(summaries(self.world, number, parcels)))
        self.send(self.post.take(paper for trade in trades for paper in trade.repeated))
        self.world.flights.clear()

    def send(self, messages: Iterator[Message]) -> None:
        """Write messages and count their records."""
        for message in messages:
            self.papers[message.kind] = self.papers.get(message.kind, 0) + len(message.papers)
            self.sink.write(message)


def trade_of(world: World, number: int) -> Trade:
    """Return the trade of that number with all that chance does to it."""
    r = dice(world.seed, number)
    drawn = plan(world, number, r)
    partner = trade_of(world, number - 1) if drawn.paired else None
    trade = clean(world, number, r, drawn, partner)
    make_odd(trade)
    spoil(trade)
    return trade


def listed(town: Town) -> tuple[Firm, ...]:
    """Return the firms that the firm table knows: all but the unlisted sellers."""
    return tuple(firm for kind, firms in town.firms.items() if kind != "unlisted" for firm in firms)


__all__ = ["Generated", "GenerationRefused", "generate", "listed", "trade_of"]
