"""A value is amended, frozen and folded without losing or doubling any of it."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from registry.shop import DECLARATION, LATER, LIST, NOON, ORDER, ask, do, line, said, stands, worth
from tradeloop.registry import actions
from tradeloop.registry.asked import CallUnreadable
from tradeloop.registry.facts import MINOR_MAX, Change, Value
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")
OTHER_LIST = "list:CN.customs:29242026I000000002"


def amend(amount: int, paper: str = ORDER, *, id: UUID | None = None, unit: str = "USD") -> Change:
    """Amend a value by hand."""
    return actions.adjust(
        id=id or uuid4(), paper=paper, purpose="finance", unit=unit, amount_minor=amount, now=NOON,
        because="the declaration was amended",
    )  # fmt: skip


def over_used(paper: str = ORDER) -> bool:
    """Say whether a value is over-used."""
    with cursor() as cur:
        cur.execute(
            "select over_used_since is not null from registry_book join registry_paper "
            "using (capacity_id) where key = %s and purpose = 'finance'",
            (paper,),
        )
        return cur.fetchall() == [(True,)]


def facts(kind: str) -> int:
    """Count the journal's facts of a kind."""
    with cursor() as cur:
        cur.execute("select count(*) from journal_entry where kind = %s", (kind,))
        ((count,),) = cur.fetchall()
    return int(count)


def test_taking_in_again_changes_nothing() -> None:
    assert worth(100, names=(LIST,)) == "opened"
    assert worth(100, names=(LIST,)) == "unchanged"
    assert facts("registry.taken-in") == 1


def test_an_amended_paper_amends_the_value() -> None:
    worth(100)
    ask(line(60))

    assert worth(80) == "adjusted"
    assert stands() == (80, 60, 0, 0)
    assert not over_used()


def test_an_amendment_below_what_is_used_is_told_and_stops_new_holds() -> None:
    """Worked example 3-D: 100,000 with 60,000 out; to 80,000 leaves 20,000, to 50,000 is over."""
    worth(100_000)
    (loan,) = ask(line(60_000))
    do(loan.id, "commit")

    assert amend(80_000).free_minor == 20_000
    told = amend(50_000)
    assert (told.free_minor, told.over_minor) == (0, 10_000)
    assert over_used()
    (refused,) = ask(line(1))
    assert (refused.refusal, refused.free_minor) == ("not-enough", 0)

    do(loan.id, "release", 10_000)
    assert not over_used()


def test_an_amendment_is_made_once_under_its_id() -> None:
    worth(100)
    id = uuid4()
    first = amend(80, id=id)
    amend(90)

    assert amend(80, id=id) == first
    assert stands()[0] == 90
    assert amend(70, id=id).refusal == "id-reused"


@pytest.mark.parametrize(
    ("amount", "paper", "unit", "refusal"),
    [
        (-1, ORDER, "USD", "amount-negative"), (5, "order:CN.1:none", "USD", "unknown-capacity"),
        (5, ORDER, "EUR", "unit-differs"), (5, LIST, "USD", "several-values"),
    ],
)  # fmt: skip
def test_an_amendment_that_does_not_fit_is_refused_and_changes_nothing(
    amount: int, paper: str, unit: str, refusal: str
) -> None:
    worth(100, names=(LIST,))
    worth(50, "order:CN.2:2", names=(LIST,))

    assert amend(amount, paper, unit=unit).refusal == refusal
    assert stands()[0] == 100
    assert facts("registry.adjusted") == 0


def test_what_does_not_fit_is_refused_and_the_rest_taken_in() -> None:
    worth(100, names=(LIST,))
    values = [
        Value(paper=ORDER, unit="EUR", purpose="finance", amount_minor=1),
        Value(paper=LIST, unit="USD", purpose="finance", amount_minor=1),
        Value(paper="order:CN.2:2", unit="USD", purpose="finance", amount_minor=-1),
        Value(paper="order:CN.2:3", unit="USD", purpose="finance", amount_minor=MINOR_MAX),
        Value(paper="order:CN.2:4", unit="USD", purpose="finance", amount_minor=1),
        Value(paper="order:CN.2:4", unit="USD", purpose="finance", amount_minor=2),
    ]

    taken = actions.take_in(values=values, now=NOON, because="a test")

    assert [one.outcome for one in taken] == [
        "unit-differs", "name-taken", "amount-negative", "opened", "given-twice", "given-twice",
    ]  # fmt: skip
    assert stands() == (100, 0, 0, 0)


def test_no_number_is_too_large_to_be_refused_cleanly() -> None:
    worth(MINOR_MAX)

    assert said(line(MINOR_MAX), line(MINOR_MAX)) == [MINOR_MAX, "not-enough"]
    with pytest.raises(CallUnreadable, match="at most"):
        ask(line(1), line(MINOR_MAX + 1))


def test_a_frozen_value_grants_and_commits_nothing_until_it_is_thawed() -> None:
    worth(100)
    (loan,) = ask(line(10))

    actions.freeze(id=uuid4(), paper=ORDER, now=NOON, because="twin papers")
    assert said(line(10)) == ["frozen"]
    assert do(loan.id, "commit").refusal == "frozen"
    assert do(loan.id, "release", 4).refusal is None

    actions.thaw(id=uuid4(), paper=ORDER, now=NOON)
    assert do(loan.id, "commit").refusal is None
    assert said(line(94)) == [94]


def fold(*parts: str, id: UUID | None = None) -> Change:
    """Fold lists into the declaration."""
    return actions.fold(id=id or uuid4(), into=DECLARATION, parts=parts, now=NOON)


def test_folding_moves_what_is_free_and_what_is_held_and_conserves_the_sum() -> None:
    worth(100, names=(LIST,))
    worth(70, "order:CN.2:2", names=(OTHER_LIST,))
    (one, other) = ask(line(60, LIST), line(50, OTHER_LIST))
    do(other.id, "commit")
    do(other.id, "spend", 20)
    id = uuid4()

    assert fold(LIST, OTHER_LIST, id=id).parts == 2
    assert stands(DECLARATION) == stands(ORDER) == stands(OTHER_LIST) == (170, 60, 30, 20)
    assert fold(LIST, OTHER_LIST, id=id).parts == 2
    assert said(line(61, ORDER), line(60, LIST)) == ["not-enough", 60]
    do(one.id, "release")
    assert stands(DECLARATION) == (170, 60, 30, 20)


def test_a_list_amended_after_folding_amends_the_declaration() -> None:
    worth(100, names=(LIST,))
    worth(70, "order:CN.2:2", names=(OTHER_LIST,))
    fold(LIST, OTHER_LIST)

    assert worth(90, names=(LIST,)) == "adjusted"
    assert stands(DECLARATION)[0] == 160
    assert worth(90, names=(LIST,)) == "unchanged"

    amend(150, DECLARATION)
    assert worth(95, names=(LIST,)) == "adjusted"
    assert stands(DECLARATION)[0] == 150, "customs' own figure stands"


def test_more_lists_may_be_folded_into_a_declaration_later() -> None:
    worth(100, names=(LIST,))
    worth(70, "order:CN.2:2", names=(OTHER_LIST,))
    fold(LIST)

    assert fold(LIST, OTHER_LIST).parts == 1
    assert stands(DECLARATION)[0] == 170
    assert fold(LIST, OTHER_LIST).parts == 0


def test_a_fold_is_whole_or_not_at_all() -> None:
    worth(100, names=(LIST,))
    worth(70, "order:CN.2:2", unit="EUR", names=(OTHER_LIST,))

    assert fold(LIST, "list:CN.customs:none").refusal == "unknown-capacity"
    assert fold(LIST, OTHER_LIST).refusal == "unit-differs"
    actions.freeze(id=uuid4(), paper=ORDER, now=NOON, because="twin papers")
    refused = fold(LIST)
    assert (refused.refusal, refused.paper) == ("frozen", ORDER)
    assert stands(LIST) == (100, 0, 0, 0)


def test_a_value_of_its_own_takes_no_lists() -> None:
    worth(100, names=(LIST,))
    worth(30, DECLARATION)

    assert fold(LIST).refusal == "has-its-own-value"


def test_what_expired_in_a_list_is_free_in_the_declaration() -> None:
    worth(100, names=(LIST,))
    ask(line(100, LIST))
    fold(LIST)

    assert actions.expire(now=LATER) == 1
    assert stands(DECLARATION) == (100, 0, 0, 0)


def test_a_declaration_brought_with_its_lists_is_worth_what_it_says_itself() -> None:
    worth(100, names=(LIST,))
    worth(70, "order:CN.2:2", names=(OTHER_LIST,))
    fold(LIST, OTHER_LIST)
    values = [
        Value(paper=ORDER, unit="USD", purpose="finance", amount_minor=90),
        Value(paper=DECLARATION, unit="USD", purpose="finance", amount_minor=150),
    ]

    actions.take_in(values=values, now=NOON, because="a test")

    assert stands(DECLARATION)[0] == 150


def test_a_list_folded_into_an_amended_declaration_counts_until_it_is_amended_again() -> None:
    worth(100, names=(LIST,))
    worth(70, "order:CN.2:2", names=(OTHER_LIST,))
    fold(LIST)
    amend(90, DECLARATION)

    fold(OTHER_LIST)

    assert stands(DECLARATION)[0] == 160
    assert worth(90, DECLARATION) == "adjusted"
    assert stands(DECLARATION)[0] == 90


def test_a_fold_beyond_what_can_be_counted_is_refused_and_folds_nothing() -> None:
    worth(MINOR_MAX, names=(LIST,))
    worth(1, "order:CN.2:2", names=(OTHER_LIST,))

    assert fold(LIST, OTHER_LIST).refusal == "too-large"
    assert stands() == (MINOR_MAX, 0, 0, 0)
    assert facts("registry.folded") == 0


def test_a_list_beyond_what_its_declaration_can_count_is_refused_and_the_rest_taken_in() -> None:
    worth(MINOR_MAX - 10, names=(LIST,))
    worth(1, "order:CN.2:2", names=(OTHER_LIST,))
    fold(LIST, OTHER_LIST)
    values = [
        Value(paper="order:CN.2:2", unit="USD", purpose="finance", amount_minor=12),
        Value(paper="order:CN.2:2", unit="USD", purpose="insurance", amount_minor=12),
    ]

    taken = actions.take_in(values=values, now=NOON, because="a test")

    assert [one.outcome for one in taken] == ["too-large", "opened"]
    assert stands(DECLARATION)[0] == MINOR_MAX - 9
    assert worth(10, "order:CN.2:2") == "adjusted"


def test_a_name_of_another_value_cannot_become_a_declaration() -> None:
    worth(100, names=(DECLARATION,))
    worth(70, "order:CN.2:2", names=(OTHER_LIST,))

    assert fold(OTHER_LIST).refusal == "name-taken"
    assert stands(DECLARATION)[0] == 100
    assert fold(OTHER_LIST, ORDER).refusal is None
    assert stands(DECLARATION)[0] == 170


def test_to_freeze_for_no_reason_is_not_to_thaw() -> None:
    worth(100)
    actions.freeze(id=uuid4(), paper=ORDER, now=NOON, because="twin papers")

    with pytest.raises(CallUnreadable, match="because"):
        actions.freeze(id=uuid4(), paper=ORDER, now=NOON, because=None)  # type: ignore[arg-type]

    assert said(line(10)) == ["frozen"]


@pytest.mark.parametrize(
    "wrong",
    [
        "update registry_book set held_minor = 101",
        "update registry_book set held_minor = -1",
        "update registry_book set committed_minor = -1",
        "update registry_book set spent_minor = 41",
        "update registry_book set amount_minor = 59",
        "update registry_book set live_holds = -1",
        "update registry_hold set granted_minor = 0",
        "update registry_hold set granted_minor = 61",
        "update registry_hold set committed_minor = 61",
        "update registry_hold set freed_minor = 61",
        "update registry_hold set spent_minor = -1",
        "update registry_hold set refusal = 'not-enough'",
    ],
)
def test_the_tables_themselves_refuse_what_no_action_may_do(wrong: str) -> None:
    worth(100)
    ask(line(60))

    with cursor() as cur, pytest.raises(psycopg.errors.CheckViolation):
        cur.execute(wrong.encode())

    assert stands() == (100, 60, 0, 0)
