"""Where the white list has a limit of its own, what others took of theirs leaves it alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from claims.town import CLERK, OVER, SELLER, approve, at, bring, reworded, sold, tell
from claims.town import file as claim_it
from tradeloop.claims import actions
from tradeloop.claims.replays import replays
from tradeloop.claims.rows import do, named
from tradeloop.claims.unfit import OtherLimit

pytestmark = pytest.mark.usefixtures("own_limit")
SCHEME = "own-limit"
LISTED, LISTED_TOO, PLAIN, PLAIN_TOO = "91330782MA1", "91330782MA2", "91330782MA3", "91330782MA4"
# Everybody: 150,000 at 45 %. On the white list: 200,000 of their own at 80 %.
OWN_LIMIT = 20_000_000
WORDS = {
    'white_list = "common-limit"          # absent | common-limit | own-limit\n'
    "white_listed_share_bp = 8_000\n"
    'white_listed_limit = "none"': 'white_list = "own-limit"\n'
    "white_listed_share_bp = 8_000\n"
    'white_listed_limit = "200,000.00 USD"'
}


@pytest.fixture
def own_limit(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert database
    reworded(tmp_path, "common", {})
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", reworded(tmp_path, SCHEME, WORDS))


def shipped(number: str, minor: int, seller: str, *, listed: bool, scheme: str = SCHEME) -> str:
    """Sell under cover, as of a firm on the white list or not."""
    share, limit = (8_000, OWN_LIMIT) if listed else (4_500, 15_000_000)
    trade = sold(number, minor, seller=seller, share_bp=share, limit=limit, scheme=scheme)
    do(
        "update cover_certificate set is_white_listed = %s where number = %s",
        listed, f"C-{trade}",
    )  # fmt: skip
    return trade


def fixed(claim: str, minor: int, seller: str, *, listed: bool, scheme: str = SCHEME) -> int:
    """Claim, and let it be approved; return what is paid."""
    trade = shipped(f"T-{claim}", minor, seller, listed=listed, scheme=scheme)
    tell(claim, trade, policyholder=seller, scheme=scheme)
    claim_it(claim)
    bring(claim)
    actions.assess(claims=[claim], at=at(OVER), by=CLERK)
    pay = approve(claim).pay
    assert pay is not None
    return pay.minor


def test_two_limits_on_one_buyer_are_used_up_each_for_itself() -> None:
    assert fixed("K-1", 15_000_000, PLAIN, listed=False) == 6_750_000  # 150,000 at 45 %
    assert fixed("K-2", 18_000_000, LISTED, listed=True) == 14_400_000  # 180,000 at 80 %
    assert fixed("K-3", 5_000_000, LISTED_TOO, listed=True) == 1_600_000  # 20,000 left, at 80 %
    with pytest.raises(
        actions.NothingToPay, match=r"comes to 0\.00 USD"
    ):  # nothing left of everybody's
        fixed("K-4", 1_000_000, PLAIN_TOO, listed=False)

    used = named(
        "select is_white_listed, sum(amount_minor)::bigint as minor from claims_used "
        "group by 1 order by 1"
    )
    assert used == [
        {"is_white_listed": False, "minor": 15_000_000},
        {"is_white_listed": True, "minor": OWN_LIMIT},
    ]
    assert all(one.is_same for one in replays())


def test_a_notice_over_both_limits_is_refused() -> None:
    one = shipped("T-1", 1_000_000, SELLER, listed=True)
    other = shipped("T-2", 1_000_000, SELLER, listed=False)

    with pytest.raises(OtherLimit, match="Make a notice for each"):
        tell("K-1", one, other, scheme=SCHEME)
    assert named("select from claims_claim") == []
    tell("K-1", one, scheme=SCHEME)
    tell("K-2", other, scheme=SCHEME)


def test_in_a_common_limit_the_white_list_shares_with_all() -> None:
    assert fixed("K-1", 15_000_000, LISTED, listed=True, scheme="common") == 12_000_000
    with pytest.raises(actions.NothingToPay):
        fixed("K-2", 1_000_000, PLAIN, listed=False, scheme="common")
