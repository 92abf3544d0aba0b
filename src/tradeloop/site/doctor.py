"""Which checks a doctor makes, in their order, with a database or without one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tradeloop.forms import fonts
from tradeloop.forms.fonts import FontMissing
from tradeloop.site.opened import served
from tradeloop.site.start import wake
from tradeloop.store import health_home, schema
from tradeloop.store.health import Look, Scene, Seen, State, line, look
from tradeloop.store.home import HomeClosed, HomeUnusable
from tradeloop.store.server import ServerEnded, passing_server


def paper_font(_: Scene) -> Iterable[Seen]:
    """Look for a font with Chinese letters, which papers for people need."""
    try:
        seen, remedy = fonts.chosen(), ""
    except FontMissing as error:
        seen, remedy = "none", str(error)
    yield line(
        "Chinese font", seen=seen, expected=f"one of {', '.join(fonts.FAMILIES[:3])} …",
        good=not remedy, bad=State.WARNING, otherwise=remedy,
    )  # fmt: skip


HOME_LOOKS: Sequence[Look] = (
    health_home.python,
    health_home.home_folder,
    health_home.disk,
    health_home.keys,
    health_home.lake,
    paper_font,
    health_home.last_stop,
)


def database_looks() -> Sequence[Look]:
    """Return the checks that ask the database; Django must be awake."""
    from tradeloop.store import health_database  # noqa: PLC0415 - Django is set up now

    return (
        health_database.server,
        health_database.clock,
        health_database.tables,
        health_database.journal_lag,
        ledger_sums,
        registry_books,
    )


def ledger_sums(_: Scene) -> Iterable[Seen]:
    """Look whether every sum of the ledger is that of its postings."""
    from tradeloop.ledger.queries import different_sums  # noqa: PLC0415 - Django is set up now

    found = len(different_sums()) if schema.is_ready() else 0
    yield line(
        "ledger", seen=f"{found:,} sums differ from their postings", expected="none",
        good=not found,
        otherwise="Somebody changed its tables by hand: restore the backup, compare the journal",
    )  # fmt: skip


def registry_books(_: Scene) -> Iterable[Seen]:
    """Look whether every book is what its history adds up to, and none is over-used."""
    from tradeloop.registry.queries import disagreements, over_used  # noqa: PLC0415 - the same

    ready = schema.is_ready()
    wrong, over = (len(disagreements()), len(over_used())) if ready else (0, 0)
    yield line(
        "registry", seen=f"{wrong:,} books differ from the journal", expected="none",
        good=not wrong, otherwise="See tradeloop registry check; restore the backup",
    )  # fmt: skip
    yield line(
        "over-used values", seen=f"{over:,}", expected="none", good=not over, bad=State.WARNING,
        otherwise="See tradeloop registry over-used; their holders were told",
    )  # fmt: skip


def examine(scene: Scene) -> tuple[Seen, ...]:
    """Look at everything there is; nothing is changed, and no home is made."""
    try:
        scene.home.refuse_half_restored()
    except HomeClosed as error:
        return (Seen(
            what="home", state=State.WRONG, seen=str(error), expected="open to this user",
            remedy="Do what the sentence says",
        ),)  # fmt: skip
    except HomeUnusable:
        pass  # told with the rest
    first = look(scene, HOME_LOOKS)
    if scene.home.database_url or (scene.home.postgres / "PG_VERSION").exists():
        return (*first, *_with_database(scene))
    return (*first, _without_home())


def _with_database(scene: Scene) -> tuple[Seen, ...]:
    wake()
    from tradeloop.store import database  # noqa: PLC0415 - Django is set up now

    try:
        with served(scene.home) as address:
            database.use(address)
            try:
                return (_reached("answers"), *look(scene, database_looks()))
            finally:
                database.close_pool()
    except HomeUnusable as error:
        return (_reached(str(error), State.WRONG, "Do what the sentence says"),)


def _without_home() -> Seen:
    try:
        with passing_server():
            return _reached("no home yet; a server for calculations starts")
    except (HomeUnusable, ServerEnded, OSError) as error:
        return _reached(str(error), State.WRONG, "Do what the sentence says")


def _reached(seen: str, state: State = State.FINE, remedy: str = "") -> Seen:
    return Seen(what="database", state=state, seen=seen, expected="answers", remedy=remedy)
