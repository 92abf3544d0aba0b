-- gives:  links_refused: each trade's links that a check refuses, with the first of its two values
-- source: judging.md §3: any mismatch contradicts
-- reads:  weighed, trade

select trade_id, link, seen, expected
from (
    select
        trade_id, link, seen, expected,
        row_number() over (
            partition by trade_id, link
            order by code, field nulls first, seen nulls first, expected nulls first
        ) as place
    from (
        select
            w.trade_id, w.code, w.field, w.seen, w.expected,
            -- what a collection is to parcels, a payment is to the other trades
            case when w.link = 'collection' and t.family = 'goods' then 'payment' else w.link end as link
        from weighed as w
        join trade as t on t.trade_id = w.trade_id
        where w.weight = 'refuse' and w.link is not null
    ) as refused
) as ranked
where place = 1
