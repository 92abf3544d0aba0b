"""The database itself refuses sums that cannot be, by whatever program they are written."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from registry.shop import DECLARATION, LIST, NOON, ORDER, ask, do, line, stands, worth
from tradeloop.journal.actions import erase
from tradeloop.registry import actions, queries
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")


def refuses(statement: str, constraint: str) -> None:
    """Write past the functions; the constraint says no."""
    with cursor() as cur, pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        cur.execute(statement.encode())


def test_a_book_cannot_be_used_beyond_its_amount() -> None:
    worth(100)

    refuses("update registry_book set held_minor = 101", "value_is_used_at_most_once")
    refuses("update registry_book set committed_minor = 101", "value_is_used_at_most_once")
    refuses("update registry_book set spent_minor = 101", "value_is_used_at_most_once")
    refuses("update registry_book set held_minor = -1", "used_less_than_not_at_all")
    refuses("update registry_book set committed_minor = -1", "used_less_than_not_at_all")
    refuses("update registry_book set spent_minor = -1", "used_less_than_not_at_all")
    assert stands() == (100, 0, 0, 0)


def test_a_book_that_is_used_cannot_shrink_unless_it_is_said_to_be_over_used() -> None:
    worth(100)
    ask(line(60))

    refuses("update registry_book set amount_minor = 59", "value_is_used_at_most_once")
    refuses("update registry_book set amount_minor = -1", "used_less_than_not_at_all")
    assert stands() == (100, 60, 0, 0)


def test_a_hold_grants_and_uses_what_it_may_at_most() -> None:
    worth(100)
    (loan,) = ask(line(60, least=10))
    do(loan.id, "commit")

    refuses("update registry_hold set granted_minor = 61", "hold_grants_what_was_asked_at_most")
    refuses("update registry_hold set granted_minor = 9", "hold_(grants|is_used)")
    refuses("update registry_hold set granted_minor = 0", "hold_is_refused_or_grants_something")
    refuses("update registry_hold set spent_minor = 1", "hold_is_used_as_far_as_granted")
    refuses("update registry_hold set freed_minor = -1", "hold_is_used_as_far_as_granted")
    refuses("update registry_hold set refusal = 'frozen'", "hold_is_refused_or_grants_something")


@pytest.mark.parametrize("kind", ["hold", "move", "taken-in", "adjusted", "folded"])
def test_books_whose_facts_were_erased_are_still_compared_with_their_holds(kind: str) -> None:
    worth(100, names=(LIST,))
    worth(100, DECLARATION)
    (held, _) = ask(line(60), line(10, DECLARATION))
    do(held.id, "commit", 50)
    actions.adjust(
        id=uuid4(), paper=LIST, purpose="finance", unit="USD", amount_minor=90, now=NOON,
        because="a wish of Mr Li",
    )  # fmt: skip
    actions.fold(id=uuid4(), into="declaration:CN.customs:1", parts=[ORDER], now=NOON)
    with cursor() as cur:
        cur.execute("select id from journal_entry where kind = %s", (f"registry.{kind}",))
        erased = [id for (id,) in cur.fetchall()]

    for id in erased:
        erase(entry_id=id, because="PIPL 47", at=NOON)

    assert erased
    assert queries.disagreements() == ()
    with cursor() as cur:
        cur.execute("update registry_book set committed_minor = 1 where committed_minor = 50")
    assert [one.paper for one in queries.disagreements()] == ["declaration:CN.customs:1"]


def test_what_was_erased_of_one_book_hides_no_other() -> None:
    worth(100)
    worth(100, purpose="insurance")
    (held,) = ask(line(60))
    assert held.entry_id is not None
    erase(entry_id=held.entry_id, because="PIPL 47", at=NOON)

    with cursor() as cur:
        cur.execute("update registry_book set amount_minor = 101")

    assert [(one.paper, one.purpose) for one in queries.disagreements()] == [(ORDER, "insurance")]
