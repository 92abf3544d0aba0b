-- gives:  trade_terms: on what credit each trade was sold: the due date, and from which paper and day it follows
-- source: judging.md §2, §5: a due date that is written counts; else the terms run from the confirmation of a trade
--         record, the departure of a sale, the last receipt of a purchase; N days from X is X + N (ours)
-- reads:  market_records, trade_contracts, trade_declarations, trade_receipts, list_departures

with
    left_the_country as (
        select trade_id, cast(max(left_at) as date) as left_on
        from (
            select trade_id, left_at from trade_declarations where stands
            union all
            select trade_id, leave_time from list_departures
        ) as departures
        group by trade_id
    ),
    received as (
        select trade_id, max(received_on) as received_on from trade_receipts group by trade_id
    ),
    papers as (
        select
            r.trade_id, r.file, r.message, r.record, r.due_on, r.terms_days, r.payment_method,
            cast(r.confirmed_at as date) as from_on, 'confirmation' as from_event
        from market_records as r
        union all
        select
            c.trade_id, c.file, c.message, c.record, c.due_on, c.terms_days, c.payment_method,
            case when c.kind = 'purchase' then g.received_on else l.left_on end,
            case when c.kind = 'purchase' then 'receipt' else 'departure' end
        from trade_contracts as c
        left join left_the_country as l on l.trade_id = c.trade_id
        left join received as g on g.trade_id = c.trade_id
        left join market_records as r on r.trade_id = c.trade_id
        where r.trade_id is null
    )

select
    trade_id, file, message, record, terms_days, payment_method, from_on,
    coalesce(due_on, cast(cast(from_on as timestamp) + terms_days * interval '1' day as date)) as due_on,
    case
        when due_on is not null then 'written'
        when terms_days is not null then cast(terms_days as string) || ' days from ' || from_event
    end as rule
from papers
