"""Ten thousand claims through the first pass: papers, signs of fraud, figures, fast approvals.

No peer is measured: the open programs of the field keep no such pass. The bound is 30 s on two
cores, for one call, in one transaction.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime

import psycopg

from tradeloop.kit.calendar import SHANGHAI
from tradeloop.site.start import start
from tradeloop.store.server import passing_server

CLAIMS = 10_000
BOUND_S = 30
LOOKED_AT = datetime(2026, 7, 6, 12, tzinfo=SHANGHAI)


def main() -> None:
    """Fill a database, make the pass, print the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--claims", type=int, default=CLAIMS)
    given = parser.parse_args()
    with passing_server() as address:
        start(address, clock_skew_s_max=None)
        fill(address, given.claims)
        from tradeloop.claims import actions  # noqa: PLC0415 - Django is set up now

        began = time.perf_counter()
        found = actions.assess(at=LOOKED_AT, by="a clerk", limit=given.claims)
        took_s = time.perf_counter() - began
        states = {str(one.state) for one in found}
    result = {"claims": len(found), "seconds": round(took_s, 2), "states": sorted(states)}
    assert len(found) == given.claims
    print(
        json.dumps(result) if given.json else f"{len(found):,} claims in {took_s:.1f} s: {states}"
    )
    if given.claims == CLAIMS:
        assert took_s < BOUND_S


def fill(address: str, count: int) -> None:
    """Put filed claims of one trade each into the tables, three in four with all their papers."""
    with psycopg.connect(address) as con:
        con.execute(FILL.replace(b"COUNT", str(count).encode()))
        con.execute("analyze")


FILL = b"""
create temp table n as select g as n, 's' || g % 500 as seller, 'buyer:' || g % 2000 as buyer,
    's' || g % 500 || '/T-' || g as trade, 50000 + 7919 * g % 3000000 as minor
from generate_series(1, COUNT) as g;
insert into receivables_receivable (trade, seller, buyer, currency, amount_minor, credited_minor,
    paid_minor, shipped_on, due_on, arrival, opened_at, made_by)
select trade, seller, buyer, 'USD', minor, 0, 0, '2026-01-05', '2026-03-06', n, now(), 1 from n;
insert into trades_trade (name, mode, registered_at) select trade, '1039', now() from n;
insert into trades_verdict (trade_id, purpose, grade, currency, verified_minor, judged_on,
    registered_at)
select trade, 'insurance', case when n % 50 = 0 then 'contradicted' else 'proven' end, 'USD',
    case when n % 50 = 0 then 0 else minor end, '2026-01-05', now() from n;
insert into cover_policy (id, scheme, policyholder, insured_from, insured_to, state, currency,
    made_by)
select distinct 'P-' || seller, 'yiwu-market-procurement', seller, '2026-01-01'::date,
    '2026-12-31'::date, 'in-force', 'USD', 1 from n;
insert into cover_decision (trade, scheme, at, declared_on, outcome, codes, given, said, terms,
    made_by)
select trade, 'yiwu-market-procurement', now(), '2026-01-05', 'certified', '', '{}', '{}', '', 1
from n;
insert into cover_certificate (number, receivable_id, policy_id, scheme, policyholder, buyer,
    currency, amount_minor, limit_minor, insured_share_bp, covered_minor, state, shipped_on,
    certified_at, terms, hold, decision_id)
select 'C-' || n, r.id, 'P-' || n.seller, 'yiwu-market-procurement', n.seller, n.buyer, 'USD',
    minor, 15000000, 4500, minor, 'certified', '2026-01-05', now(), '',
    md5(n.trade)::uuid, d.id
from n join receivables_receivable as r on r.trade = n.trade
join cover_decision as d on d.trade = n.trade;
insert into cover_grant (certificate_id, counts_on, amount_minor, because, made_by)
select 'C-' || n, '2026-01-05', minor, 'shipped within the limit', 1 from n;
insert into receivables_loss (seller, buyer, loss_on, because, made_by)
select distinct seller, buyer, '2026-07-06'::date, 'default', 1 from n;
set session_replication_role = replica;
insert into claims_claim (id, scheme, policyholder, buyer, currency, state, because, terms_on,
    known_on, noticed_on, notice_complete_on, loss_on, claimed_on, claimed_minor, noticed_by,
    filed_by, content, filed, made_by)
select 'K-' || n, 'yiwu-market-procurement', seller, buyer, 'USD', 'claimed', 'default',
    '2026-01-05', '2026-03-20', '2026-03-20', '2026-03-20', '2026-07-06', '2026-07-06', minor,
    'm', 'm', '{}', '{}', 1 from n;
set session_replication_role = origin;
insert into claims_line (claim_id, trade, certificate, due_on, claimed_minor, is_live)
select 'K-' || n, trade, 'C-' || n, '2026-03-06', minor, true from n;
insert into claims_content values ('d', 'x');
insert into claims_evidence (id, claim_id, kind, content_id, name, size, reading, because, says,
    brought_by, brought_on, made_by)
select gen_random_uuid(), 'K-' || n, kind, 'd', kind || '.pdf', 1, 'read', '',
    json_build_object('buyer', buyer, 'currency', 'USD', 'amount', '999999.00')::text, 'm',
    '2026-07-06', 1
from n, unnest(array['proof-of-debt', 'communication', 'collection', 'merchant-account']) as kind
where n % 4 <> 0 or kind <> 'collection';
"""


if __name__ == "__main__":
    main()
