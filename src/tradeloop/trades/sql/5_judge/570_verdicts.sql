-- gives:  verdicts: each trade's grade for the purpose, and its verified value in minor units
-- source: judging.md §3 (grades), §4; judging.md §6: each trade rounded half up once to the minor unit
-- reads:  trade, trades_outside, links_open, requirements, weighed, amounts, currencies, judging
-- blind to: amounts in a currency that our table lacks; they count nothing and are a finding

with
    refused as (select distinct trade_id from weighed where weight = 'refuse' and trade_id is not null),
    open as (select distinct trade_id from links_open),
    modes as (
        select r.mode, cast(min(r.from_date) as timestamp) as from_time
        from requirements as r
        join judging as j on j.purpose = r.purpose
        group by r.mode
    ),
    scales as (select distinct iso, scale from currencies),
    graded as (
        select
            t.trade_id, t.trade,
            case
                -- a link is a mismatch only where a check refuses
                when r.trade_id is not null then 'contradicted'
                -- a mode without requirements on its day cannot be proven
                when o.trade_id is not null or m.mode is null then 'incomplete'
                else 'proven'
            end as grade
        from trade as t
        left join refused as r on r.trade_id = t.trade_id
        left join open as o on o.trade_id = t.trade_id
        cross join judging as d
        left join modes as m
            on m.mode = t.mode and m.from_time <= coalesce(t.dated_at, cast(d.on_date as timestamp))
        left join trades_outside as x on x.trade_id = t.trade_id
        where x.trade_id is null
    ),
    rounded as (
        select
            g.trade, g.grade, coalesce(s.iso, a.currency) as currency,
            case
                when g.grade = 'proven' and s.iso is not null and a.amount is not null
                    then floor(cast(a.amount as decimal(28, 5)) * s.scale + cast(0.5 as decimal(2, 1)))
                else 0
            end as minor
        from graded as g
        left join amounts as a on a.trade_id = g.trade_id
        left join scales as s on s.iso = a.currency
    )

select
    r.trade, j.purpose, r.grade, r.currency,
    -- more than 64 bits hold is no trade's value
    case when r.minor <= 9223372036854775807 then cast(r.minor as bigint) else cast(0 as bigint) end as verified_minor
from rounded as r
cross join judging as j
