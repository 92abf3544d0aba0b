"""The commands of `tradeloop parties` on buyers: who is known, who may be one, who is on a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, day_of, now

if TYPE_CHECKING:
    from rich.table import Table

    from tradeloop.parties.facts import KnownBuyer, PossiblePair, ScreenHit

ByOption = Annotated[str, typer.Option(help="Who decides.")]
BecauseOption = Annotated[str, typer.Option(help="Why; it is kept for ever.")]


def buyers(
    possible: Annotated[
        bool, typer.Option("--possible", help="Only pairs that may be one, for you to decide.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the buyers that papers told of, or the pairs on which a person has to decide."""
    from tradeloop.site.opened import opened  # noqa: PLC0415 - keeps --help fast

    with opened(home):
        from tradeloop.parties import known  # noqa: PLC0415 - Django is set up now

        if possible:
            pairs = known.possible_pairs()
            told = known.buyers({key for pair in pairs for key in (pair.first, pair.second)})
            _show_pairs(pairs, told, as_json=as_json)
        else:
            _show_buyers(known.buyers(), as_json=as_json)


def decide(
    buyer: Annotated[str, typer.Argument(help="The key of a buyer …")],
    other: Annotated[str, typer.Argument(help="… and of another.")],
    same: Annotated[bool, typer.Option("--same/--different", help="Are they one?")],
    by: ByOption,
    because: BecauseOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two buyers are one, or two; it is remembered, and a later word corrects it.

    One: the elder's key stands for both, and the other still leads to it.
    """
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.parties import actions, queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.parties.groups import DecisionContradicts  # noqa: PLC0415 - the same

        try:
            is_new = actions.decide(
                buyer=buyer, other=other, same=same, by=by, because=because, at=now()
            )
        except (actions.BuyerUnknown, actions.ReasonMissing, DecisionContradicts) as error:
            raise fail(str(error)) from None
        keys = queries.canonical([buyer, other])
    if as_json:
        answer = {"same": same, "new": is_new, "buyer": keys[buyer], "other": keys[other]}
        typer.echo(json.dumps(answer))
        return
    says = f"one, by the key {keys[buyer]}" if same else "two"
    typer.echo(f"{buyer} and {other} are {says}" + ("." if is_new else ", as was known."))


def hits(
    on: Annotated[
        datetime | None, typer.Option("--on", **DAY, help="As of this day; default today.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List buyers that are, or may be, on a list for screening and that nobody has cleared."""
    from tradeloop.site.opened import opened  # noqa: PLC0415 - keeps --help fast

    with opened(home):
        from tradeloop.parties import actions, queries  # noqa: PLC0415 - Django is set up now

        actions.screen(now=now())
        found = queries.screened(None, on=day_of(on))
    _show_hits([hit for its in found.values() for hit in its], as_json=as_json)


def clear(
    hit: Annotated[int, typer.Argument(help="The number of the hit.")],
    by: ByOption,
    because: BecauseOption,
    upheld: Annotated[
        bool, typer.Option("--upheld", help="The buyer is whom the list means, after all.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a buyer is not whom a list means; it holds until a name is more like it."""
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.parties import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.parties.hits import HitUnknown  # noqa: PLC0415 - the same

        action = actions.uphold_hit if upheld else actions.clear_hit
        try:
            is_new = action(hit=hit, by=by, because=because, at=now())
        except (actions.ReasonMissing, HitUnknown) as error:
            raise fail(str(error)) from None
    if as_json:
        typer.echo(json.dumps({"hit": hit, "cleared": not upheld, "new": is_new}))
        return
    says = "upheld" if upheld else "cleared"
    typer.echo(f"Hit {hit} is {says}" + ("." if is_new else ", as was known."))


def _show_buyers(found: Sequence[KnownBuyer], *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.markup import escape  # noqa: PLC0415 - the same

    if as_json:
        lines = [asdict(one) for one in found]
        typer.echo(json.dumps({"buyers": lines}, ensure_ascii=False, default=str))
        return
    table = _table(f"{len(found):,} buyers", "buyer", "names", "country", "number", "since", "also")
    for one in found:
        numbers = {
            f"{told.number_kind} {told.number_masked}": None
            for told in one.aliases
            if told.number_masked
        }
        table.add_row(
            one.key, escape(_names(one)),
            ", ".join(dict.fromkeys(told.country or "?" for told in one.aliases)),
            escape(", ".join(numbers)), str(min(told.first_on for told in one.aliases)),
            ", ".join(one.joined),
        )  # fmt: skip
    _print(table)


def _show_pairs(
    pairs: Sequence[PossiblePair], told: Sequence[KnownBuyer], *, as_json: bool
) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.markup import escape  # noqa: PLC0415 - the same

    names = {one.key: _names(one) for one in told}
    if as_json:
        lines = [
            {**asdict(pair), "first_names": names[pair.first], "second_names": names[pair.second]}
            for pair in pairs
        ]
        typer.echo(json.dumps({"pairs": lines}, ensure_ascii=False))
        return
    table = _table(
        f"{len(pairs):,} pairs that may be one", "buyer", "other", "score", "because"
    )  # fmt: skip
    for pair in pairs:
        table.add_row(
            f"{pair.first}\n{escape(names[pair.first])}",
            f"{pair.second}\n{escape(names[pair.second])}",
            f"{pair.score_bp / 100:.1f}", escape("; ".join(pair.reasons)),
        )  # fmt: skip
    _print(table)
    if pairs:
        typer.echo("Decide: tradeloop parties decide BUYER OTHER --same|--different --by … "
                   "--because …")  # fmt: skip


def _show_hits(found: Sequence[ScreenHit], *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.markup import escape  # noqa: PLC0415 - the same

    from tradeloop.parties.tokens import shown  # noqa: PLC0415 - the same

    if as_json:
        typer.echo(json.dumps({"hits": [asdict(one) for one in found]}, ensure_ascii=False))
        return
    table = _table(
        f"{len(found):,} hits that nobody has cleared",
        "hit", "buyer", "told as", "list", "listed as", "score", "verdict", "because",
    )  # fmt: skip
    for one in found:
        table.add_row(
            str(one.id), one.buyer, escape(one.told), escape(one.list_code),
            escape(shown(one.listed)), f"{one.score_bp / 100:.1f}", one.verdict.value,
            escape("; ".join(one.reasons)),
        )  # fmt: skip
    _print(table)


def _names(one: KnownBuyer) -> str:
    return " / ".join(dict.fromkeys(told.name for told in one.aliases))


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table as Rich  # noqa: PLC0415 - keeps --help fast

    table = Rich(title=title, title_justify="left")
    for name in columns:
        table.add_column(name, justify="right" if name in {"hit", "score"} else "left",
                         overflow="fold")  # fmt: skip
    return table


def _print(table: Table) -> None:
    from tradeloop.cli.screen import console  # noqa: PLC0415 - keeps --help fast

    console().print(table)
