-- gives:  verdicts: each trade's grade for the purpose, and its verified value in minor units
-- source: judging.md §3 (grades), §4; judging.md §6: each trade rounded half up once to the minor unit
-- reads:  trade, trade_links, weighed, amounts, currencies, judging
-- blind to: amounts in a currency that our table lacks; they count nothing and are a finding

with
    refused as (select distinct trade_id from weighed where weight = 'refuse' and trade_id is not null),
    linked as (
        select
            trade_id,
            max(case when status = 'mismatch' then 1 else 0 end) as mismatches,
            max(case when need = 'R' and status in ('missing', 'stale', 'unavailable') then 1 else 0 end) as gaps
        from trade_links
        group by trade_id
    ),
    scales as (select distinct iso, scale from currencies),
    graded as (
        select
            t.trade_id, t.trade,
            case
                when r.trade_id is not null or coalesce(l.mismatches, 0) = 1 then 'contradicted'
                when coalesce(l.gaps, 1) = 1 then 'incomplete'
                else 'proven'
            end as grade
        from trade as t
        left join refused as r on r.trade_id = t.trade_id
        left join linked as l on l.trade_id = t.trade_id
    )

select
    g.trade, j.purpose, g.grade, coalesce(s.iso, a.currency) as currency,
    case
        when g.grade = 'proven' and s.iso is not null
            then cast(floor(cast(a.amount as decimal(28, 5)) * s.scale + cast(0.5 as decimal(2, 1))) as bigint)
        else cast(0 as bigint)
    end as verified_minor
from graded as g
cross join judging as j
left join amounts as a on a.trade_id = g.trade_id
left join scales as s on s.iso = a.currency
